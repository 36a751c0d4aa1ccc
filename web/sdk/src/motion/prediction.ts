// The own things, ahead of the server. Each tick is played here at once, by the
// game's own step; each view starts them again from what the server says, and
// plays the ticks since with the controls that were given then. What that changes
// is not shown as a jump: the picture keeps the difference and lets it die away.
//
// The state is the game's: it is copied, stepped and compared by the game's own
// functions and never touched otherwise. The shown error is beside it and never
// in it, so a state of whole numbers stays the server's, number for number.
//
// Controls hold until the next come, as they do in the server: a tick that was
// slept through is played with those of before it.

import { Glide } from './glide.ts'
import { maxReplay } from './limits.ts'
import { order } from './order.ts'

/** The game's own functions. They are pure, but for step, which changes the state it is given. */
export interface Rules<State, Controls, Effect> {
  copy(state: State): State
  /** Plays a tick, as the server does. What it returns is kept with the tick: a shot, say. */
  step(state: State, controls: Controls, tick: number): Effect
  /** What the first has more than the second in each number that should glide: [a.x - b.x, a.y - b.y]. */
  apart(a: State, b: State): readonly number[]
}

export interface PredictionOptions {
  /** Milliseconds in which a shown error falls to a third. 60 unless told. */
  readonly settle?: number
  /** The length of what is apart from which on it is another place and no error. Endless unless told. */
  readonly snap?: number
  /** Ticks to catch up at once; beyond, the page was asleep. 15 unless told. */
  readonly catchUp?: number
}

/** A tick as it was played. */
export interface Played<Controls, Effect> {
  readonly tick: number
  readonly controls: Controls
  /** What the step returned; undefined while there is no state. */
  readonly effect: Effect | undefined
}

/**
 * Plays the own things ahead of the server.
 *
 *     room.onView((view, tick) => prediction.reconcile(mine(view), tick))
 *     room.onWelcome(() => prediction.clear())
 *     // each frame:
 *     for (const p of prediction.play(lead.follow(now, room), controls)) room.input(p.tick, p.controls)
 *     prediction.rest(milliseconds)
 */
export class Prediction<State, Controls, Effect = void> {
  // Set once.
  readonly #rules: Rules<State, Controls, Effect>
  readonly #idle: Controls
  readonly #catchUp: number
  readonly #glide: Glide

  #state: State | undefined
  #tick = 0
  #newest: number | undefined // the tick of the newest view
  #held: Controls // as of that tick
  #played: Played<Controls, Effect>[] = [] // the ticks since, rising, at most maxReplay
  #corrections = 0
  #lastError = 0

  /** `idle` are the controls before any were given. */
  constructor(rules: Rules<State, Controls, Effect>, idle: Controls, options: PredictionOptions = {}) {
    this.#rules = rules
    this.#idle = idle
    this.#held = idle
    this.#catchUp = options.catchUp ?? 15
    this.#glide = new Glide(options.settle ?? 60, options.snap ?? Infinity)
  }

  /** As of the last tick played; to be looked at only. Undefined while the server says that there is none. */
  get state(): State | undefined {
    return this.#state
  }

  /** The last tick played. */
  get tick(): number {
    return this.#tick
  }

  /** The ticks played since the newest view, the oldest first, as they are by what is known now. */
  get played(): readonly Played<Controls, Effect>[] {
    return this.#played
  }

  /** What to add to the state to show it, as `apart` names the numbers. Empty before the first view. */
  get offset(): readonly number[] {
    return this.#glide.offset
  }

  /** Views that disagreed with what was played here for their tick, told by where it led. */
  get corrections(): number {
    return this.#corrections
  }

  /** By how much the last of them moved what is shown, in the game's own measure. */
  get lastError(): number {
    return this.#lastError
  }

  /**
   * Plays the ticks up to one (of a fraction, the whole part) with the controls as they are now, and
   * returns them. They are kept: give others next time, do not change them. Ticks that are too many
   * to catch up with are left out, until the next view plays them.
   */
  play(to: number, controls: Controls): readonly Played<Controls, Effect>[] {
    const last = Math.floor(to)
    if (Math.abs(last - this.#tick) > this.#catchUp) this.#skip(last - 1)
    const played: Played<Controls, Effect>[] = []
    while (this.#tick < last) played.push(this.#step(this.#tick + 1, controls))
    this.#played = [...this.#played, ...played].slice(-maxReplay)
    return played
  }

  /**
   * Takes what the server says as of a tick; undefined when there is nothing to play. A view that is
   * known, or overtaken by a newer one, changes nothing.
   */
  reconcile(state: State | undefined, tick: number): void {
    if (order(tick, this.#newest, maxReplay) === 'old') return
    const shown = this.#state
    const foreseen = this.#tick >= tick && this.#tick - tick <= maxReplay
    this.#replay(state && this.#rules.copy(state), tick, foreseen ? this.#tick : tick)
    if (!shown || !this.#state) return this.#glide.clear()
    const apart = this.#rules.apart(shown, this.#state)
    if (foreseen) this.#count(Math.hypot(...apart))
    this.#glide.add(apart)
  }

  /** The state a tick on, with the controls as they are now: to show a part of that tick. Nothing is played. */
  peek(controls: Controls): State | undefined {
    if (!this.#state) return undefined
    const next = this.#rules.copy(this.#state)
    this.#rules.step(next, controls, this.#tick + 1)
    return next
  }

  /** Lets the shown error die away, for so many milliseconds. */
  rest(ms: number): void {
    this.#glide.rest(ms)
  }

  /** Forgets all but its counts: a welcome began the match anew. */
  clear(): void {
    this.#state = undefined
    this.#tick = 0
    this.#newest = undefined
    this.#held = this.#idle
    this.#played = []
  }

  /** Starts from the state of a tick and plays again up to another. */
  #replay(state: State | undefined, from: number, to: number): void {
    const given = new Map(this.#played.map((p) => [p.tick, p.controls]))
    let held = this.#played.findLast((p) => p.tick <= from)?.controls ?? this.#held
    this.#state = state
    this.#tick = from
    this.#newest = from
    this.#held = held
    this.#played = []
    while (this.#tick < to) {
      held = given.get(this.#tick + 1) ?? held
      this.#played.push(this.#step(this.#tick + 1, held))
    }
  }

  #step(tick: number, controls: Controls): Played<Controls, Effect> {
    this.#tick = tick
    const effect = this.#state === undefined ? undefined : this.#rules.step(this.#state, controls, tick)
    return { tick, controls, effect }
  }

  /** Goes on from another tick. What was played after it is not of this time any more. */
  #skip(tick: number): void {
    this.#tick = tick
    this.#played = this.#played.filter((p) => p.tick <= tick)
  }

  #count(error: number): void {
    if (error === 0) return
    this.#corrections++
    this.#lastError = error
  }
}
