// How far behind the server's clock to draw, so that there is nearly always a
// later view to draw towards.
//
// What is needed is measured and not computed from a round trip and its jitter:
// when a view arrives, the one before has been the newest until now, and to be
// drawn at or before that one, one would have had to be this far behind. That
// one number holds all there is: the way here, how unevenly it is gone, how often
// the server sends, what was lost and what the server left out.
//
// Of the last arrivals a few may come too late (lateShare); the delay is what the
// others needed. So a single stall moves nothing, a worse network is answered at
// its third late view, and a better one when the bad arrivals are forgotten.

import { Distance } from './distance.ts'
import { maxNeeds } from './limits.ts'

const lateShare = 0.02 // of arrivals that the delay does not wait for
const margin = 8 // ms kept in hand: half a frame
const grow = 0.2 // of a second a second
const shrink = 0.03 // slowly: nobody sees the others run three percent faster

export interface DelayOptions {
  /** Milliseconds before anything was measured. 100 unless told. */
  readonly first?: number
  /** Milliseconds, at least. 30 unless told. */
  readonly min?: number
  /** Milliseconds, at most: views that come later are drawn late. 500 unless told. */
  readonly max?: number
}

export class Delay {
  #perMs: number // ticks
  #min: number // ticks
  #max: number // ticks
  readonly #distance = new Distance(grow, shrink)
  #needs: number[] = [] // ticks, the oldest first
  #wanted: number // ticks

  constructor(tickRate: number, { first = 100, min = 30, max = 500 }: DelayOptions) {
    this.#perMs = tickRate / 1000
    this.#min = min * this.#perMs
    this.#max = max * this.#perMs
    this.#wanted = this.#within(first * this.#perMs)
  }

  /** Milliseconds behind the clock, as of the last frame. */
  get ms(): number {
    return this.#distance.ticks / this.#perMs
  }

  /** A newer view arrived when the one before was so many ticks behind the clock. */
  measure(need: number): void {
    this.#needs = [...this.#needs.slice(1 - maxNeeds), need]
    const worst = [...this.#needs].sort((a, b) => b - a)
    const enough = worst[Math.floor(worst.length * lateShare)] ?? need
    this.#wanted = this.#within(enough + margin * this.#perMs)
  }

  /** Ticks pass so many times as fast from now on: what was measured, it was in milliseconds. */
  scale(by: number): void {
    this.#perMs *= by
    this.#min *= by
    this.#max *= by
    this.#wanted *= by
    this.#needs = this.#needs.map((need) => need * by)
    this.#distance.scale(by)
  }

  /** The tick to draw when the clock says `now`. */
  follow(now: number): number {
    return now - this.#distance.move(this.#wanted, now)
  }

  #within(ticks: number): number {
    return Math.min(this.#max, Math.max(this.#min, ticks))
  }
}
