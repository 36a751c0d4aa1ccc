// The difference between what was shown and what is right, that the picture
// keeps for a moment: it dies away, so nothing jumps. What is farther off than
// an error can be is another place, and is shown at once.

export class Glide {
  readonly #settle: number
  readonly #snap: number
  #offset: number[] = []

  /** `settle` is in milliseconds, in which it falls to a third; `snap` in the game's own measure. */
  constructor(settle: number, snap: number) {
    this.#settle = settle
    this.#snap = snap
  }

  /** What to add to what is right, number by number. */
  get offset(): readonly number[] {
    return this.#offset
  }

  /** What is right changed, and what is shown is to stay: so much more is between them. */
  add(by: readonly number[]): void {
    this.#offset = by.map((n, i) => n + (this.#offset[i] ?? 0))
    if (Math.hypot(...this.#offset) > this.#snap) this.clear()
  }

  rest(ms: number): void {
    const left = Math.exp(-ms / this.#settle)
    this.#offset = this.#offset.map((n) => n * left)
  }

  clear(): void {
    this.#offset = this.#offset.map(() => 0)
  }
}
