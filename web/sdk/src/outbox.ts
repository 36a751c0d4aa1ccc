// What we asked of the server, kept in order until it is answered, over any
// number of connections.
//
// The server takes message n once, and only after n-1. So a number is given
// when a message is sent, and taken back when the server turns out not to have
// it: what has no number was certainly not done, may expire, and gets the next
// number when it is sent. What has one may have been done.
//
//	  letters:  |  3  4  5  |  0  0  0  |
//	            sent, in doubt   not sent

import type { Undo } from './events.ts'
import { maxKept } from './limits.ts'
import { MsgpackError } from './msgpack.ts'
import type { Frame, Linked } from './protocol.ts'
import type { Schema } from './schema.ts'
import { Refusal, Unanswered } from './unanswered.ts'
import type { World } from './world.ts'

/** Writes a message with the number it gets. */
export type Message = (n: number, schema: Schema) => Frame

interface Letter {
  readonly message: Message
  /** When it is too late to send it. */
  readonly due: number
  readonly settle: (error?: unknown) => void
  /** Whether it gives the seat up, which is said on any link until it is done. */
  readonly last: boolean
  n: number
}

export class Outbox {
  readonly #world: World
  #letters: readonly Letter[] = []
  #n = 0 // of the last message sent on this link

  constructor(world: World) {
    this.#world = world
  }

  /** Keeps a message, to be sent by the next flush. Settles with its answer. */
  async ask(message: Message, timeout: number): Promise<void> {
    if (this.#letters.length >= maxKept) throw new Unanswered('full')
    return new Promise((resolve, reject) => {
      const stop = this.#expireAfter(timeout)
      const settle = (error?: unknown): void => {
        stop()
        if (error === undefined) resolve()
        else reject(error)
      }
      this.#letters = [...this.#letters, { message, due: this.#world.now() + timeout, settle, last: false, n: 0 }]
    })
  }

  /** Keeps the message that ends the link, however much is kept already. Nothing may be asked after it. */
  leave(message: Message): void {
    this.#letters = [...this.#letters, { message, due: Infinity, settle: () => {}, last: true, n: 0 }]
  }

  /** Sends every message without a number, with the next one. */
  flush(schema: Schema, send: (frame: Frame) => void): void {
    for (const letter of this.#letters) {
      if (letter.n > 0) continue
      const frame = this.#write(letter, schema)
      if (!frame) continue
      letter.n = ++this.#n
      send(frame)
    }
  }

  /** The server's answer to message n. One that is not known any more was given up as lost. */
  answered(n: number, code: string, text: string): void {
    this.#drop((l) => l.n === n, code === '' ? undefined : new Refusal(code, text))
  }

  /** A new connection carries the link: what the server has is known now. */
  linked({ began, received }: Linked): void {
    const same = began === 'resumed' || began === 'behind'
    if (received > (same ? this.#n : 0)) throw new MsgpackError(`the server has message ${received}`)
    if (began === 'behind') this.#drop((l) => l.n > 0 && l.n <= received, new Unanswered('lost'))
    // The server has forgotten us: what was sent is lost, and so is what was to follow it.
    if (!same && this.#letters[0]?.n) this.#drop((l) => !l.last, new Unanswered('lost'))
    for (const letter of this.#letters) if (letter.n > received) letter.n = 0
    this.#n = received
    this.#expire()
  }

  /** The link has ended for good. */
  end(): void {
    this.#drop((l) => l.n > 0, new Unanswered('lost'))
    this.#drop(() => true, new Unanswered('closed'))
  }

  /** The letter's frame; none if it is no message of the game, which is its answer. */
  #write(letter: Letter, schema: Schema): Frame | undefined {
    try {
      return letter.message(this.#n + 1, schema)
    } catch (error) {
      this.#drop((l) => l === letter, error)
      return undefined
    }
  }

  #expireAfter(timeout: number): Undo {
    return timeout < Infinity ? this.#world.after(timeout, () => this.#expire()) : () => {}
  }

  #expire(): void {
    const now = this.#world.now()
    this.#drop((l) => l.n === 0 && l.due <= now, new Unanswered('expired'))
  }

  #drop(which: (l: Letter) => boolean, error?: unknown): void {
    const dropped = this.#letters.filter(which)
    this.#letters = this.#letters.filter((l) => !which(l))
    for (const letter of dropped) letter.settle(error)
  }
}
