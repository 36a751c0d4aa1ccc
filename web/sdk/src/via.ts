// Which transport carries the link: a WebSocket if that can be had, else what
// is nearest to one. All of them carry the same frames.
//
//	websocket --no pong--> stream --no frame--> poll --nothing--> (wait, and try again)
//	    ^                     |                   |
//	    +---a pong, beside it-+-------------------+
//
// Decisions that look like mistakes and are not:
//
//   - Nothing is learned from what fails, only from what works. When the whole
//     network is down everything fails, and says nothing about WebSockets.
//   - A WebSocket that worked before and now cannot even be opened is tried
//     again before anything else is: it is the network that went, most likely.
//   - Where nothing is known, a WebSocket is asked for a pong before hello.
//     Where one worked, hello is said at once: coming back takes one round trip.
//
// WebTransport will be a way above "websocket": a stream for what must arrive,
// datagrams for what is newest. Its Socket takes frames like the others and may
// send inputs as datagrams, since of them only the newest counts; and it may
// hand over snapshots out of order, since the room drops those that are older
// than what it has. UDP that is swallowed takes seconds to fail, so it is to be
// climbed to from a WebSocket, as one is from "stream", never dialed first.

import * as limits from './limits.ts'

/** The ways, the best first. */
const ways = ['websocket', 'stream', 'poll'] as const

/** A transport: a WebSocket, an HTTP answer that does not end, or one HTTP answer after the other. */
export type Via = (typeof ways)[number]

/** What to dial first, if `known` is what carried the link last. */
export const firstVia = (known: Via | undefined): Via => known ?? 'websocket'

/** What to dial after `via`, over which nothing came. None: it is time to wait. */
export const nextVia = (via: Via, known: Via | undefined, opened: boolean): Via | undefined =>
  via === 'websocket' && known === via && !opened ? undefined : ways[ways.indexOf(via) + 1]

/** Milliseconds until a WebSocket is tried beside what carries the link, after so many that failed. */
export const climbAfter = (failed: number): number => Math.min(limits.lastClimb, limits.firstClimb * 2 ** failed)
