// The helm joins the player's hands, their pilot and the room: each tick the
// controls are read, flown here at once, and sent if they are new. That tick is
// ahead of the server, so that they are there in time.

import { Lead, Repeat } from '../../sdk/src/motion/index.ts'
import type { Hands } from './hands.ts'
import type { Chart } from './maps.ts'
import type { Controls } from './move.ts'
import { Pilot, still } from './pilot.ts'
import type { Point } from './pointers.ts'
import { tickRate, type ArenaRoom } from './view.ts'

const repeat = 8 // ticks after which the same controls are sent again, should they have been lost

export class Helm {
  readonly pilot: Pilot
  /** The tick of the own ship, with its fraction. */
  ahead = 0
  /** The controls as they are now. */
  controls: Controls = still
  readonly #room: ArenaRoom
  readonly #hands: Hands
  readonly #lead = new Lead(tickRate)
  readonly #repeat = new Repeat(repeat, same)

  constructor(room: ArenaRoom, hands: Hands, on: Chart) {
    this.#room = room
    this.#hands = hands
    this.pilot = new Pilot(room.seat, on)
  }

  /** The server is at `now`, and some milliseconds went by. */
  follow(now: number, ms: number): void {
    this.ahead = this.#lead.follow(now, this.#room)
    this.pilot.rest(ms)
  }

  /** Flies up to the tick that is due. The ship is seen at this place of the screen. */
  fly(ship: Point): void {
    this.controls = this.#hands.controls(ship)
    const flown = this.pilot.fly(this.ahead, this.controls)
    if (flown.length > 0) this.#hands.sampled()
    for (const f of flown) this.#send(f.tick, f.controls)
  }

  /** Where to show the ship now; undefined while there is none. */
  show(): { x: number; y: number } | undefined {
    return this.pilot.show(Math.min(1, Math.max(0, this.ahead - this.pilot.tick)), this.controls)
  }

  /** Lets go of the controls, here and on the server: the page is not looked at. */
  letGo(): void {
    this.#hands.release()
    this.controls = { ...still, aim: this.controls.aim }
    this.#send(this.pilot.tick + 1, this.controls)
  }

  #send(tick: number, controls: Controls): void {
    if (this.#repeat.due(tick, controls)) this.#room.input(tick, controls)
  }
}

const same = (a: Controls, b: Controls): boolean =>
  a.moveX === b.moveX && a.moveY === b.moveY && a.aim === b.aim && a.fire === b.fire && a.dash === b.dash
