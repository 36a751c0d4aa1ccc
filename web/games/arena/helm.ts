// The helm joins the player's hands, their pilot and the room: each tick the
// controls are read, flown here at once, and sent if they are new.

import type { Hands } from './hands.ts'
import type { Chart } from './maps.ts'
import type { Controls } from './move.ts'
import { Pilot, still, type Flown } from './pilot.ts'
import type { Point } from './pointers.ts'
import type { ArenaRoom } from './view.ts'

const repeat = 8 // ticks after which the same controls are sent again, should they have been lost

export class Helm {
  readonly pilot: Pilot
  /** The controls as they are now. */
  controls: Controls = still
  #room: ArenaRoom
  #hands: Hands
  #sent: { tick: number; controls: Controls } | undefined

  constructor(room: ArenaRoom, hands: Hands) {
    this.#room = room
    this.#hands = hands
    this.pilot = new Pilot(room.seat)
  }

  /** Flies up to a tick. The ship is seen at this place of the screen. */
  fly(to: number, ship: Point, on: Chart): Flown[] {
    this.controls = this.#hands.controls(ship)
    const flown = this.pilot.fly(to, () => this.controls, on)
    if (flown.length > 0) this.#hands.sampled()
    for (const f of flown) this.#send(f.tick, f.controls)
    return flown
  }

  /** Lets go of the controls, here and on the server: the page is not looked at. */
  letGo(): void {
    this.#hands.release()
    this.controls = { ...still, aim: this.controls.aim }
    this.#send(this.pilot.tick + 1, this.controls)
  }

  #send(tick: number, controls: Controls): void {
    const { tick: last, controls: held } = this.#sent ?? { tick: -repeat, controls: undefined }
    if (held && same(held, controls) && tick - last < repeat && tick >= last) return
    this.#room.input(tick, controls)
    this.#sent = { tick, controls }
  }
}

const same = (a: Controls, b: Controls): boolean =>
  a.moveX === b.moveX && a.moveY === b.moveY && a.aim === b.aim && a.fire === b.fire && a.dash === b.dash
