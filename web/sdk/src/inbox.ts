// Counts what must arrive and has, and says when to tell the server, which
// keeps all of it until then. The numbers are in no frame: both sides count.

import type { Undo } from './events.ts'
import * as limits from './limits.ts'
import type { World } from './world.ts'

export class Inbox {
  readonly #world: World
  readonly #tell: (seen: number) => void

  #seen = 0
  #told = 0
  #bytes = 0 // of those not told
  #timer: Undo | undefined

  constructor(world: World, tell: (seen: number) => void) {
    this.#world = world
    this.#tell = tell
  }

  /** How many have arrived. */
  get seen(): number {
    return this.#seen
  }

  /** One more has, in a frame of so many bytes. */
  took(bytes: number): void {
    this.#seen++
    this.#bytes += bytes
    if (this.#seen - this.#told >= limits.ackMessages || this.#bytes >= limits.ackBytes) return this.#ack()
    this.#timer ??= this.#world.after(limits.ackAfter, () => this.#ack())
  }

  /** Whether or not it was told: the next hello says it. */
  rest(): void {
    this.#told = this.#seen
    this.#bytes = 0
    this.#timer?.()
    this.#timer = undefined
  }

  /** All is told anew, and counted from 1. */
  restart(): void {
    this.#seen = 0
    this.rest()
  }

  #ack(): void {
    this.rest()
    this.#tell(this.#seen)
  }
}
