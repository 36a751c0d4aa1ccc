// Which tick to play and to give inputs now: so far ahead of the server's clock
// that they are there just before their tick. Half a round trip, and a margin
// that is larger where the network is uneven. Too early costs a moment's delay
// of everything done; too late costs a correction: so it grows faster than it
// shrinks. It knows nothing of the way up but the round trip, and takes the
// unevenness of what arrives for that of what is sent.

import { Distance } from './distance.ts'

const uneven = 2 // jitters to be early by
const grow = 0.2 // of a second a second
const shrink = 0.1

/** What a room's clock measured, in milliseconds: a Room is one, and so is its clock. */
export interface Network {
  readonly rtt: number
  readonly jitter: number
}

export interface LeadOptions {
  /** Milliseconds by which inputs should be early on an even network. 25 unless told. */
  readonly margin?: number
  /** Milliseconds that jitter may add. 50 unless told. */
  readonly maxUneven?: number
  /** Milliseconds ahead of the clock at most: whoever is farther away is late. 1000 unless told. */
  readonly max?: number
}

export class Lead {
  readonly #perMs: number // ticks
  readonly #margin: number // ms
  readonly #maxUneven: number // ms
  readonly #max: number // ms
  readonly #distance = new Distance(grow, shrink)

  /** The tick rate is the room's, in ticks a second. */
  constructor(tickRate: number, { margin = 25, maxUneven = 50, max = 1000 }: LeadOptions = {}) {
    this.#perMs = tickRate / 1000
    this.#margin = margin
    this.#maxUneven = maxUneven
    this.#max = max
  }

  /** Milliseconds ahead of the clock, as of the last frame. */
  get ms(): number {
    return this.#distance.ticks / this.#perMs
  }

  /** The tick of the own things when the clock says `now`, both with their fractions. To be asked once a frame. */
  follow(now: number, { rtt, jitter }: Network): number {
    const ms = Math.min(this.#max, rtt / 2 + this.#margin + Math.min(this.#maxUneven, uneven * jitter))
    return now + this.#distance.move(ms * this.#perMs, now)
  }
}
