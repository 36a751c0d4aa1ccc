// The player's own ship, ahead of the server: a prediction by the rules of
// move.ts. The shots it fires are shown at once, until a snapshot has them.

import { mix, Prediction, type Played } from '../../sdk/src/motion/index.ts'
import { one } from './fixed.ts'
import type { Chart } from './maps.ts'
import { shotAims, step, type Body, type Controls } from './move.ts'
import type { ShipView, ShotView } from './view.ts'

const snap = 8 * one // a farther correction is a new place, not an error

export const still: Controls = { moveX: 0, moveY: 0, aim: 0, fire: false, dash: false }

/** One tick as it was flown. */
export type Flown = Played<Controls, readonly ShotView[]>

export class Pilot {
  readonly #prediction: Prediction<Body, Controls, readonly ShotView[]>

  constructor(seat: number, on: Chart) {
    const fly = (b: Body, controls: Controls, born: number): readonly ShotView[] =>
      step(b, controls, on) ? shotAims(b.gun, controls.aim).map((aim) => ({ seat, born, x: b.x, y: b.y, aim })) : []
    const apart = (a: Body, b: Body): readonly number[] => [a.x - b.x, a.y - b.y]
    this.#prediction = new Prediction({ copy: (b) => ({ ...b }), step: fly, apart }, still, { snap })
  }

  /** Undefined while there is no ship to fly. */
  get body(): Body | undefined {
    return this.#prediction.state
  }

  /** The last tick flown. */
  get tick(): number {
    return this.#prediction.tick
  }

  /** Shots fired in ticks that no snapshot has shown yet. */
  get shots(): ShotView[] {
    return this.#prediction.played.flatMap((p) => p.effect ?? [])
  }

  /** Snapshots that disagreed with what was flown here. */
  get corrections(): number {
    return this.#prediction.corrections
  }

  /** Flies the ticks up to one, with the controls as they are now. */
  fly(to: number, controls: Controls): readonly Flown[] {
    return this.#prediction.play(to, controls)
  }

  /** Takes what the server says of the ship as of a tick. */
  correct(ship: ShipView | undefined, tick: number): void {
    this.#prediction.reconcile(ship?.down === 0 ? ship.body : undefined, tick)
  }

  /** Where to show the ship, part of a tick after the last, steered as it is now. */
  show(part: number, controls: Controls): { x: number; y: number } | undefined {
    const { state, offset } = this.#prediction
    const next = this.#prediction.peek({ ...controls, dash: false })
    if (!state || !next) return undefined
    return { x: mix(state.x, next.x, part) + (offset[0] ?? 0), y: mix(state.y, next.y, part) + (offset[1] ?? 0) }
  }

  /** Lets the shown error die away. */
  rest(ms: number): void {
    this.#prediction.rest(ms)
  }

  clear(): void {
    this.#prediction.clear()
  }
}
