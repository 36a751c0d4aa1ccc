// The player's own ship, ahead of the server. Each tick is played here at once;
// each snapshot starts it again from what the server says and plays the ticks
// since with the controls that were given then. What that changes is not shown
// as a jump: the picture keeps the difference and lets it die away.

import type { Chart } from './maps.ts'
import { shotAims, step, type Body, type Controls } from './move.ts'
import type { ShipView, ShotView } from './view.ts'
import { one } from './fixed.ts'

const maxAhead = 15 // ticks to catch up at once; beyond, the page was asleep
const maxGlide = 8 * one // a farther correction is a new place, not an error
const settle = 60 // ms in which a shown error falls to a third

export const still: Controls = { moveX: 0, moveY: 0, aim: 0, fire: false, dash: false }

/** One tick as it was flown. */
export interface Flown {
  readonly tick: number
  readonly controls: Controls
  readonly fired: boolean
}

export class Pilot {
  readonly seat: number
  /** Undefined while there is no ship to fly. */
  body: Body | undefined
  /** The last tick played. */
  tick = 0
  /** Shots fired in ticks that no snapshot has shown yet. */
  shots: ShotView[] = []
  /** Snapshots that disagreed with what was played here. */
  corrections = 0
  #controls = new Map<number, Controls>() // by tick, from the newest snapshot on
  #errorX = 0
  #errorY = 0

  constructor(seat: number) {
    this.seat = seat
  }

  /** Plays the ticks up to one, with the controls as they are now. */
  fly(to: number, controls: () => Controls, on: Chart): Flown[] {
    if (to - this.tick > maxAhead) this.tick = to - 1
    const flown: Flown[] = []
    while (this.tick < to) {
      const tick = this.tick + 1
      const given = controls()
      this.#controls.set(tick, given)
      flown.push({ tick, controls: given, fired: this.#play(tick, on) })
    }
    return flown
  }

  /** Takes what the server says of the ship as of a tick. */
  correct(ship: ShipView | undefined, tick: number, on: Chart): void {
    const shown = this.body
    const until = Math.max(this.tick, tick)
    this.body = ship && ship.down === 0 ? { ...ship.body } : undefined
    this.shots = []
    this.tick = tick
    while (this.tick < until) this.#play(this.tick + 1, on)
    for (const t of this.#controls.keys()) if (t < tick) this.#controls.delete(t)
    this.#glide(shown)
  }

  /** Where to show the ship, part of a tick after the last, steered as it is now. */
  show(part: number, controls: Controls, on: Chart): { x: number; y: number; vx: number; vy: number } | undefined {
    if (!this.body) return undefined
    const next = { ...this.body }
    step(next, { ...controls, dash: false }, on)
    const { x, y, vx, vy } = this.body
    return { x: x + (next.x - x) * part + this.#errorX, y: y + (next.y - y) * part + this.#errorY, vx, vy }
  }

  /** Lets the shown error die away. */
  rest(ms: number): void {
    const left = Math.exp(-ms / settle)
    this.#errorX *= left
    this.#errorY *= left
  }

  #play(tick: number, on: Chart): boolean {
    this.tick = tick
    const controls = this.#given(tick)
    if (!this.body || !step(this.body, controls, on)) return false
    const { x, y, gun } = this.body
    for (const aim of shotAims(gun, controls.aim)) this.shots.push({ seat: this.seat, born: tick, x, y, aim })
    return true
  }

  /** The controls of a tick: those given in it, else those the server still holds. */
  #given(tick: number): Controls {
    for (let t = tick; t >= tick - maxAhead; t--) {
      const controls = this.#controls.get(t)
      if (controls) return controls
    }
    return still
  }

  #glide(shown: Body | undefined): void {
    if (!shown || !this.body) return this.#snap()
    if (shown.x !== this.body.x || shown.y !== this.body.y) this.corrections++
    this.#errorX += shown.x - this.body.x
    this.#errorY += shown.y - this.body.y
    if (Math.hypot(this.#errorX, this.#errorY) > maxGlide) this.#snap()
  }

  #snap(): void {
    this.#errorX = 0
    this.#errorY = 0
  }
}
