// All that the client takes from its surroundings, so that tests can be them:
// the socket, time, chance, and the news that the page is back.

import type { Undo } from './events.ts'
import type { Via } from './via.ts'

/** One connection. Its callbacks are never called after close(). */
export interface Socket {
  send(frame: Uint8Array<ArrayBuffer>): void
  /** Bytes given to send that have not left yet; Infinity if whatever is sent now has to wait. */
  readonly backlog: number
  close(): void
}

/** What a connection tells its owner, never before connect has returned it. */
export interface SocketHandler {
  /** Frames may be sent. */
  open(): void
  /** What is no frame, such as text, is given as an empty one, which is none either. */
  message(frame: Uint8Array): void
  closed(code: number, reason: string): void
}

export interface World {
  connect(url: string, handler: SocketHandler, via: Via): Socket
  /** What carried a link last, in this place: the next connection begins with it. */
  via?: Via | undefined
  /** A name that nobody else has and nobody can guess: 16 random bytes, as text. */
  name(): string
  /** Milliseconds from any beginning; never runs backwards. */
  now(): number
  /** From 0 up to 1. */
  random(): number
  after(ms: number, run: () => void): Undo
  /** Calls when the page is seen again, or the network returned, and so may be another. */
  onWake(run: (network: boolean) => void): Undo
  /** Where errors of listeners go. */
  report(error: unknown): void
}
