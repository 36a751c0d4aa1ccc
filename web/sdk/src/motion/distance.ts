// A distance to the clock that goes where it is wanted and never jumps: in a
// second it changes by a share of a second. What is `distance` behind the clock
// runs at (1 - grow) to (1 + shrink) of its speed, what is ahead of it at
// (1 - shrink) to (1 + grow). With shares below 1 neither ever runs backwards,
// unless the clock does.

export class Distance {
  readonly #grow: number
  readonly #shrink: number
  /** As it is now, in ticks. */
  ticks = 0
  #at: number | undefined // the clock, when it last moved

  constructor(grow: number, shrink: number) {
    this.#grow = grow
    this.#shrink = shrink
  }

  /** A tick is another time from now on: less far at once, and no farther but by moving. */
  scale(by: number): void {
    if (by < 1) this.ticks *= by
  }

  /** Moves towards what is wanted, for as long as the clock went on. The first time it is there at once. All in ticks. */
  move(wanted: number, now: number): number {
    const passed = Math.max(0, now - (this.#at ?? now))
    const way = wanted - this.ticks
    this.ticks += this.#at === undefined ? way : Math.min(this.#grow * passed, Math.max(-this.#shrink * passed, way))
    this.#at = now
    return this.ticks
  }
}
