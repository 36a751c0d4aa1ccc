// The pulse of a connection: pings, and notices silence long before the server
// would. What is found dead too early costs a round trip, since coming back is
// exact; what is found too late costs seconds of the match.
//
// Decisions that look like mistakes and are not:
//
//   - Silence alone is never death: it is asked first, by a ping. A deadline
//     may fire late because the page itself was asleep.
//   - A round trip is believed at its longest for a while. Calling a slow
//     connection dead would only make it slower.
//   - Pings follow what is heard as well as the clock: the timers of a page
//     that nobody sees may fire once a minute.

import type { Undo } from './events.ts'
import * as limits from './limits.ts'
import type { World } from './world.ts'

export interface PulseOwner {
  ping(): void
  dead(): void
}

export class Pulse {
  readonly #world: World
  readonly #owner: PulseOwner

  #up = false
  #heard = 0 // when the newest sign of life came
  #pinged = 0
  #pings = 0 // since it was last up
  #quiet = 0 // how long nothing may be heard while up
  #rtt = 0
  #look: Undo = () => {} // takes back looking for what was heard
  #next: Undo = () => {} // and the next ping

  constructor(world: World, owner: PulseOwner) {
    this.#world = world
    this.#owner = owner
  }

  /** So many snapshots come in a second. */
  expect(rate: number): void {
    this.#quiet = Math.max(limits.quietFor, (limits.quietSnapshots * 1000) / (rate || 1))
  }

  /** Hello is said, and something must come of it. */
  start(): void {
    this.stop()
    this.#heard = this.#world.now()
    this.#watch()
  }

  /** The conversation goes on: its pings are answered. */
  up(): void {
    this.#up = true
    this.#pings = 0
    this.#beat()
    this.#watch()
  }

  stop(): void {
    this.#up = false
    this.#look()
    this.#next()
  }

  /** Something was heard. */
  heard(): void {
    const now = this.#world.now()
    this.#heard = now
    if (this.#up && now - this.#pinged > limits.pingEvery) this.#beat()
  }

  /** The answer to the ping of that time. */
  pong(sent: number): void {
    const rtt = this.#world.now() - sent
    this.#rtt = Math.max(rtt, (this.#rtt * 7 + rtt) / 8)
  }

  /** Asks whether it is alive, and does not wait for long; but for so long at least. */
  probe(least = 0): void {
    const asked = this.#world.now()
    this.#ping()
    const wait = this.#rtt === 0 ? limits.probeAfter : Math.max(least, 2 * this.#rtt + limits.probeMore)
    this.#after(Math.min(limits.probeAfter, wait), () => {
      if (this.#heard < asked) this.#owner.dead()
      else this.#watch()
    })
  }

  /** Looks whether anything was heard lately, and again when it should have been. */
  #watch(): void {
    const quiet = this.#up ? this.#quiet : limits.deadAfter
    this.#after(this.#heard + quiet - this.#world.now(), () => {
      if (this.#world.now() - this.#heard < quiet) this.#watch()
      else if (this.#up) this.probe(limits.probeQuiet)
      else this.#owner.dead()
    })
  }

  #beat(): void {
    this.#ping()
    this.#pings++
    this.#next()
    this.#next = this.#world.after(this.#pings < limits.firstPings ? limits.firstPingEvery : limits.pingEvery, () => this.#beat())
  }

  #ping(): void {
    this.#pinged = this.#world.now()
    this.#owner.ping()
  }

  #after(ms: number, run: () => void): void {
    this.#look()
    this.#look = this.#world.after(ms, run)
  }
}
