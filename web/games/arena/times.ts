// The two times a player lives in. Their own ship is ahead of the server, by
// half a round trip and a margin, so that controls arrive just before the tick
// they are for. All else is behind it, so that between two snapshots there is
// always the later one too. Both glide, so nothing jumps when the network does.

import { tickRate } from './view.ts'

const margin = 25 // ms by which controls should be early
const buffer = 90 // ms of snapshots kept in hand
const perMs = tickRate / 1000
const glide = 1.5 // of the way to a better distance, a second

export interface Network {
  readonly tick: number // the server's, as far as is known
  readonly rtt: number // ms
  readonly jitter: number // ms
}

export class Times {
  ahead = 0
  behind = 0
  #lead: number | undefined // ticks
  #lag = 0

  /** Moves both times to now. */
  update(n: Network, seconds: number): void {
    const lead = (n.rtt / 2 + margin + Math.min(50, 2 * n.jitter)) * perMs
    const lag = (n.rtt / 2 + buffer + Math.min(120, 3 * n.jitter)) * perMs
    const share = this.#lead === undefined ? 1 : Math.min(1, glide * seconds)
    this.#lead = (this.#lead ?? lead) + (lead - (this.#lead ?? lead)) * share
    this.#lag += (lag - this.#lag) * share
    this.ahead = n.tick + this.#lead
    this.behind = n.tick - this.#lag
  }
}
