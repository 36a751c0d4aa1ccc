// A screening: a match that has ended, or is still played, shown as a room is, by
// the same welcome, views and events. What is asked to be shown is said here, and
// what that makes of the ticks that come and of the clock.
//
// A room's ticks only rise, and a view of an earlier one was overtaken. Here one
// may have been asked for. So while a way to a tick is not done, views of any
// tick are taken; it is done with the first that can be of there: not before it,
// and no further than the match went since. From then on ticks rise again.
//
// The clock stands where it was told to go until it is there, and at the end,
// and while there is no connection: so does the server.

import type { Clock } from './clock.ts'
import { fastest } from './limits.ts'
import * as protocol from './protocol.ts'

/** What of a replay to show. */
export interface Showing {
  /** Goes there, forth or back; Infinity is the end, or where the match is that is still played. Where it stands unless told. */
  readonly tick?: number | undefined
  /** How many times the speed of play, up to 8; 0 pauses. */
  readonly speed: number
  /** As which seat saw it; -1 watches. */
  readonly seat: number
}

export class Screening {
  readonly #clock: Clock
  #showing: Showing
  #at = 0 // the time it was asked for
  #end = Infinity // the last tick, once it is known

  constructor(clock: Clock) {
    this.#clock = clock
    this.#showing = { speed: 1, seat: protocol.watcher }
  }

  /** What was asked for last. Its tick is there until it is reached. */
  get showing(): Showing {
    return this.#showing
  }

  /** Wishes for something else. A way that is not done is gone on unless it says another. */
  ask({ tick = this.#showing.tick, speed, seat }: Showing, now: number): void {
    if (!(speed >= 0 && speed <= fastest)) throw new RangeError(`a replay goes at 0 to ${fastest} times the speed of play, not ${speed}`)
    this.#showing = { tick: tick === undefined ? undefined : Math.max(0, Math.floor(tick)), speed, seat }
    this.back(now)
  }

  /** What says it to the server. */
  frame(): protocol.Frame {
    const { tick = protocol.here, speed, seat } = this.#showing
    return protocol.show(tick === Infinity ? protocol.here - 1 : tick, Math.round(speed * 100), seat)
  }

  /** Whether a view of an earlier tick than the newest may be one that was asked for. */
  get goes(): boolean {
    return this.#showing.tick !== undefined
  }

  /** A view of this tick is taken. */
  shown(tick: number, now: number): void {
    const { tick: to, ...rest } = this.#showing
    if (to !== undefined) {
      const there = to === Infinity || (tick >= to && tick - to <= this.#clock.ticks(now - this.#at, rest.speed))
      if (!there) return
      this.#showing = rest
    }
    this.#set(tick, now)
  }

  /** It ended at this tick: it goes no further, until it is told to go back. */
  ended(tick: number, now: number): void {
    const { tick: to, ...rest } = this.#showing
    this.#end = tick
    if (to !== undefined && to < tick) return // said before we asked
    this.#showing = rest
    this.#set(tick, now)
  }

  /** There is no connection: it stands still. */
  away(now: number): void {
    this.#clock.show(this.#clock.tickAt(now), 0, now)
  }

  /** It goes on: at once, or from where it is to go. */
  back(now: number): void {
    this.#at = now
    const { tick = Infinity } = this.#showing
    this.#set(tick === Infinity ? this.#clock.tickAt(now) : tick, now)
  }

  #set(tick: number, now: number): void {
    this.#clock.show(tick, this.goes || tick >= this.#end ? 0 : this.#showing.speed, now)
  }
}
