// A connection where there is no WebSocket to be had: frames come in the
// answers to POSTs, one that does not end ("stream") or one after the other
// ("poll"), and go up in others, one at a time.

import { pack, Splitter } from './frames.ts'
import { maxSay } from './limits.ts'
import { MsgpackError } from './msgpack.ts'
import { CloseCode, opened, post, type Frame } from './protocol.ts'
import type { Via } from './via.ts'
import type { Socket, SocketHandler } from './world.ts'

/** Posts to a place below the channel's url. Rejects if there is no answer. */
export type Post = (place: string, body: Frame, signal: AbortSignal) => Promise<Response>

/** What the server means by a status. Any other is the network's, or of a connection that is no more. */
const meaning: Readonly<Record<number, number>> = {
  400: CloseCode.Protocol,
  403: CloseCode.Protocol,
  413: CloseCode.TooLarge,
  503: CloseCode.Busy,
}

export class HttpSocket implements Socket {
  readonly #post: Post
  readonly #via: Via
  readonly #handler: SocketHandler
  readonly #end = new AbortController()
  #conn = '' // the name that the server gives
  #greeted = false
  #said = 0 // requests to say
  #saying = false // one is on its way
  #waiting: Frame[] = []

  constructor(post: Post, via: Via, handler: SocketHandler) {
    this.#post = post
    this.#via = via
    this.#handler = handler
    queueMicrotask(() => this.#ended || handler.open())
  }

  /** While anything is on its way everything waits for it. */
  get backlog(): number {
    return this.#saying || this.#conn === '' ? Infinity : 0
  }

  send(frame: Frame): void {
    if (this.#greeted) {
      this.#waiting.push(frame)
      if (!this.#saying) this.#say().catch((e: unknown) => statusOf(e) === 410 || this.#lost(e))
    } else {
      this.#greeted = true
      const lost = (e?: unknown): void => this.#lost(e)
      this.#listen(frame).then(lost, lost)
    }
  }

  close(): void {
    this.#end.abort()
  }

  get #ended(): boolean {
    return this.#end.signal.aborted
  }

  async #listen(hello: Frame): Promise<void> {
    await this.#hear(await this.#ask(this.#via, [hello]))
    for (let n = 1; this.#via === 'poll' && this.#conn !== ''; n++) await this.#hear(await this.#ask('poll', [post(this.#conn, n)]))
  }

  async #hear(answer: Response): Promise<void> {
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const frames = new Splitter()
    for (let { value, done } = await reader.read(); !done && value; { value, done } = await reader.read()) {
      for (const frame of frames.push(value)) this.#take(frame)
    }
    if (frames.within) throw answer
  }

  #take(frame: Uint8Array): void {
    if (this.#ended) return
    if (this.#conn !== '') return this.#handler.message(frame)
    this.#conn = opened(frame)
  }

  /** Says what waits. That the connection is no more (410) we hear from the answer, which also says why. */
  async #say(): Promise<void> {
    this.#saying = true
    await undefined // what else is said at once goes along
    while (this.#waiting.length > 0) await this.#ask('say', [post(this.#conn, ++this.#said), ...this.#batch()])
    this.#saying = false
  }

  /** As many frames as one request may have. */
  #batch(): Frame[] {
    let bytes = 0
    const most = this.#waiting.findIndex((frame) => (bytes += frame.length + 3) > maxSay)
    return this.#waiting.splice(0, most < 0 ? this.#waiting.length : most)
  }

  async #ask(place: string, frames: readonly Frame[]): Promise<Response> {
    const answer = await this.#post(place, pack(frames), this.#end.signal)
    if (!answer.ok) throw answer
    return answer
  }

  /** `why` is an answer that was none, or what went wrong. */
  #lost(why: unknown): void {
    if (this.#ended) return
    this.close()
    // What is no frame of ours is the network's, until the server has said who it is.
    if (why instanceof MsgpackError && this.#conn !== '') this.#handler.message(new Uint8Array(0))
    else this.#handler.closed(meaning[statusOf(why)] ?? 1006, '')
  }
}

/** The status of an answer; 0 if it is none. */
const statusOf = (answer: unknown): number => (answer as Response | undefined)?.status ?? 0
