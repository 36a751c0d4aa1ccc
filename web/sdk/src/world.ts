// All that the client takes from its surroundings, so that tests can be them:
// the socket, time, chance, and the news that the page is back.

import type { Undo } from './events.ts'

/** One connection. Its callbacks are never called after close(). */
export interface Socket {
  send(frame: Uint8Array<ArrayBuffer>): void
  /** Bytes given to send that have not left yet. */
  readonly backlog: number
  close(): void
}

/** What a connection tells its owner. `text` is a frame that is not binary, which nobody should send. */
export interface SocketHandler {
  open(): void
  message(frame: Uint8Array): void
  text(): void
  closed(code: number, reason: string): void
}

export interface World {
  connect(url: string, handler: SocketHandler): Socket
  /** Milliseconds from any beginning; never runs backwards. */
  now(): number
  /** From 0 up to 1. */
  random(): number
  after(ms: number, run: () => void): Undo
  /** Calls when the page is seen again or the network returned. */
  onWake(run: () => void): Undo
  /** Where errors of listeners go. */
  report(error: unknown): void
}
