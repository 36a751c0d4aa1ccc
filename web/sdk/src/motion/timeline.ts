// The interpolation buffer: the newest views, and what lay between two of them.
// It keeps no more than maxViews, and none that is farther than `far` from the
// next: over such a gap nothing moved, something else began.

import { Delay, type DelayOptions } from './delay.ts'
import { far, maxViews } from './limits.ts'
import { order } from './order.ts'

export interface TimelineOptions extends DelayOptions {
  /** Milliseconds by which to go on beyond the newest view when the next is late. 100 unless told; 0 stands still. */
  readonly reach?: number
}

/** Two views around a tick. What moves is at `a + (b - a) * part`: see mix, turn and blend. */
export interface Between<V> {
  readonly a: V
  /** The later one; the same as `a` when there is only one to draw. */
  readonly b: V
  /** How far from a to b: 0 to 1 between them, more beyond the newest. */
  readonly part: number
  /** Ticks beyond the newest view, up to the reach: a guess, for who can guess better than straight on. 0 between two. */
  readonly beyond: number
}

interface Moment<V> {
  readonly view: V
  readonly tick: number
}

/**
 * The last views of a room, to draw what lay between two of them.
 *
 *     room.onView((view, tick) => timeline.add(view, tick, room.clock.tickAt(room.now())))
 *     room.onWelcome(() => timeline.clear())
 *     // each frame:
 *     const between = timeline.at(timeline.follow(room.clock.tickAt(room.now())))
 */
export class Timeline<V> {
  readonly #delay: Delay
  #far: number // ticks
  #reach: number // ticks
  #speed = 1
  #moments: Moment<V>[] = [] // their ticks rise

  /** The tick rate is the room's, in ticks a second. */
  constructor(tickRate: number, options: TimelineOptions = {}) {
    this.#delay = new Delay(tickRate, options)
    this.#far = (far / 1000) * tickRate
    this.#reach = ((options.reach ?? 100) / 1000) * tickRate
  }

  /** How many views it keeps. */
  get size(): number {
    return this.#moments.length
  }

  /** How far behind the server's clock it is drawn, in milliseconds, as of the last frame. */
  get delay(): number {
    return this.#delay.ms
  }

  /**
   * Takes the view of a tick, which arrived when the clock said `now` (in ticks, with the fraction).
   * One that is known, or overtaken by a newer one, is of no more use. One that is more than a second
   * before or after the newest begins anew.
   */
  add(view: V, tick: number, now: number): void {
    const newest = this.#moments.at(-1)
    const is = order(tick, newest?.tick, this.#far)
    if (is === 'old') return
    if (is === 'anew') this.clear()
    else if (newest) this.#learn(now - newest.tick)
    this.#moments.push({ view, tick })
    if (this.#moments.length > maxViews) this.#moments.shift()
  }

  /**
   * Ticks pass at so many times the tick rate, as room.clock.speed says of a replay: what is late or
   * far apart then is more of them. To be told before a view is added; 0 is a pause, and changes nothing.
   */
  pace(speed: number): void {
    if (speed === 0 || speed === this.#speed) return
    const by = speed / this.#speed
    this.#speed = speed
    this.#far *= by
    this.#reach *= by
    this.#delay.scale(by)
  }

  /** Forgets the views: a welcome began the match anew, or a replay went back. What was learned of the network stays. */
  clear(): void {
    this.#moments = []
  }

  /**
   * The tick to draw when the clock says `now`, in ticks, with fractions. To be asked once a frame.
   * It never runs backwards and never skips, unless the clock does.
   */
  follow(now: number): number {
    return this.#delay.follow(now)
  }

  /** What lay around a tick; undefined while there is no view. Before the oldest view there is that one. */
  at(tick: number): Between<V> | undefined {
    const later = this.#moments.findIndex((m) => m.tick > tick)
    const i = later < 0 ? this.#moments.length - 1 : later
    const b = this.#moments[i]
    if (!b) return undefined
    const a = this.#moments[i - 1] ?? b
    const beyond = Math.min(this.#reach, Math.max(0, tick - b.tick))
    const to = Math.min(tick, b.tick + beyond)
    return { a: a.view, b: b.view, part: a === b ? 0 : (to - a.tick) / (b.tick - a.tick), beyond }
  }

  /** The newest view was so many ticks behind the clock when the next came. Too many, and the match stood still or the clock is wrong. */
  #learn(age: number): void {
    if (age <= this.#far) this.#delay.measure(age)
  }
}
