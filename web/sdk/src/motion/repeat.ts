// When to send controls that hold until the next come: when they change, and
// again after some ticks, since the last may have been lost on the way.

export class Repeat<Controls> {
  readonly #same: (a: Controls, b: Controls) => boolean
  readonly #every: number
  #sent: { readonly tick: number; readonly controls: Controls } | undefined

  /** `every` is in ticks: the protocol asks for some four times a second. */
  constructor(every: number, same: (a: Controls, b: Controls) => boolean) {
    this.#every = every
    this.#same = same
  }

  /** Whether the controls of a tick are to be sent. They are taken to be sent then. */
  due(tick: number, controls: Controls): boolean {
    const last = this.#sent
    const held = last && tick >= last.tick && tick < last.tick + this.#every && this.#same(last.controls, controls)
    if (held) return false
    this.#sent = { tick, controls }
    return true
  }
}
