// Who wants to hear what.

/** Takes back what was asked for. Calling it again does nothing. */
export type Undo = () => void

type Listener<T> = (value: T) => void

/** One kind of thing to hear. A listener that throws is reported and harms no other. */
export class Signal<T> {
  readonly #report: (error: unknown) => void
  #listeners: readonly Listener<T>[] = []

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  add(listener: Listener<T>): Undo {
    const mine: Listener<T> = (value) => listener(value) // the same function may listen twice
    this.#listeners = [...this.#listeners, mine]
    return () => {
      this.#listeners = this.#listeners.filter((l) => l !== mine)
    }
  }

  /** Whether nobody listens. */
  get idle(): boolean {
    return this.#listeners.length === 0
  }

  send(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value)
      } catch (error) {
        this.#report(error)
      }
    }
  }
}
