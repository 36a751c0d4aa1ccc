// The messages of a channel and their bytes, as net/wire/PROTOCOL.md has them.
// Pure: a frame in, a message out, and the other way round.

import { crc32 } from './hash.ts'
import { maxFrame, maxSaid, padBytes } from './limits.ts'
import { MsgpackError, Reader, Writer } from './msgpack.ts'
import { expectLength, readSchema, type Schema } from './schema.ts'

/** The WebSocket subprotocol. */
export const subprotocol = 'tickroom.1'

/** Why a connection was closed. 4000-4499: come back with the same ticket; 4500-4999: do not. */
export const CloseCode = {
  GoingAway: 4000,
  Slow: 4001,
  Dead: 4002,
  Busy: 4003,
  Flood: 4004,
  Hello: 4005,
  Replaced: 4006,
  Moved: 4007,
  Protocol: 4500,
  TooLarge: 4501,
  Ticket: 4503,
  TakenOver: 4504,
  Left: 4505,
  Over: 4506,
  Failed: 4507,
} as const

/** Whether the code is one the server gives, and not the network. */
export const fromServer = (code: number): boolean => code >= 4000 && code < 5000

/** WebSocket's own codes that blame what we sent: it would be blamed again. */
const blaming: readonly number[] = [1002, 1003, 1007, 1008, 1009]

/** Whether a client may connect again by itself. Codes of the network say nothing against it. */
export const mayComeBack = (code: number): boolean => !blaming.includes(code) && (code < 4500 || code > 4999)

/** The seat of those who only watch. */
export const watcher = -1

/** The tick at which a replay stands, or was told to go. */
export const here = 0xffff_ffff

/** What a seat can be, in the order of the numbers on the wire. */
export const seatStates = ['open', 'held', 'taken', 'given_up'] as const
export type SeatState = (typeof seatStates)[number]

/** A seat, and whose it is: name is '' when it is open. */
export interface Member {
  readonly seat: number
  readonly state: SeatState
  readonly name: string
}

export interface ChatLine {
  readonly seat: number
  readonly name: string
  readonly text: string
}

export interface Notice {
  readonly code: string
  readonly text: string
}

export interface Standing {
  readonly seat: number
  /** '' for a bot. */
  readonly name: string
  /** 1 is first; equal places are a draw. */
  readonly place: number
  readonly score: number
}

/** How a match ended. It is stored when this arrives. */
export interface Over {
  readonly tick: number
  readonly ending: string
  readonly reason: string
  readonly standings: readonly Standing[]
}

export interface Welcome {
  readonly room: string
  readonly game: string
  readonly seat: number
  readonly tick: number
  readonly tickRate: number
  readonly snapshotRate: number
  /** Seconds that a seat is kept for who dropped. */
  readonly grace: number
  readonly schema: Schema
  readonly options: Readonly<Record<string, number>>
  readonly members: readonly Member[]
}

/** Why a conversation begins anew: the first, one the server does not know, or one it could not keep up with. */
export const reasons = ['new', 'unknown', 'behind'] as const
export type Reason = (typeof reasons)[number]

/** The answer to hello. */
export interface Linked {
  /** How it goes on: where it was, or from a welcome on. */
  readonly began: 'resumed' | Reason
  /** The number of our last message that arrived. */
  readonly received: number
}

/** What one may see, as of a tick. */
export interface Snapshot {
  readonly kind: 'snapshot'
  readonly tick: number
  readonly view: unknown
}

/** What the server says. */
export type ServerMessage =
  | { readonly kind: 'linked'; readonly linked: Linked }
  | { readonly kind: 'welcome'; readonly welcome: Welcome }
  | Snapshot
  | { readonly kind: 'event'; readonly tick: number; readonly name: string; readonly data: unknown }
  | { readonly kind: 'reply'; readonly n: number; readonly code: string; readonly text: string }
  | { readonly kind: 'chat'; readonly line: ChatLine }
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'pong'; readonly t: number; readonly tick: number; readonly micros: number }
  | { readonly kind: 'over'; readonly over: Over }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'bye'; readonly code: number; readonly text: string }
  | { readonly kind: 'moved'; readonly url: string }
  | { readonly kind: 'desync'; readonly tick: number }

/**
 * Whether a message counts: the server keeps it until we say that it arrived,
 * and its number is its place among those. Of the others only the newest
 * matters, or they belong to one connection.
 */
export const mustArrive = (m: ServerMessage): boolean => !passing.includes(m.kind)
const passing: readonly ServerMessage['kind'][] = ['linked', 'snapshot', 'pong', 'notice', 'bye', 'moved', 'desync']

export type Frame = Uint8Array<ArrayBuffer>

/** `seen` messages of the link of that name have arrived; `nth` grows with each connection. */
export const hello = (ticket: string, client: string, link: string, seen: number, nth: number): Frame =>
  begin(6, 1).str(ticket).str(client).str(link).uint(seen).uint(nth).bytes()
export const say = (n: number, text: string): Frame => end(begin(3, 4).uint(n).str(text))
export const ping = (t: number, pad = ''): Frame => begin(3, 5).uint(t).str(pad).bytes()
/** A ping that says when it was sent, by World.now, and is so long that it is answered at once. */
export const pingAt = (now: number): Frame => ping(Math.round(now * 1000), ' '.repeat(padBytes))
export const leave = (n: number): Frame => begin(2, 6).uint(n).bytes()
export const ack = (seen: number): Frame => begin(2, 7).uint(seen).bytes()
/** What of a replay to show: from which tick on, how fast in percent of play, and as which seat saw it. */
export const show = (tick: number, percent: number, seat: number): Frame =>
  begin(4, 9).uint(tick).uint(percent).int(seat).bytes()
/** Over HTTP: request `n` of a connection follows. */
export const post = (conn: string, n: number): Frame => begin(3, 8).str(conn).uint(n).bytes()

export function command(n: number, data: unknown, schema: Schema): Frame {
  const w = begin(3, 2).uint(n)
  schema.command.write(w, data, 'command')
  return end(w)
}

export function input(tick: number, data: unknown, schema: Schema): Frame {
  const w = begin(3, 3).uint(tick)
  schema.command.write(w, data, 'input')
  return end(w)
}

/** What we have of the view of a tick. What does not even encode is wrong, and 0 is as wrong as any other hash. */
export function check(tick: number, view: unknown, schema: Schema): Frame {
  const w = new Writer()
  let hash = 0
  try {
    schema.view.write(w, view, 'view')
    hash = crc32(w.bytes())
  } catch {}
  return begin(3, 10).uint(tick).uint(hash).bytes()
}

const begin = (parts: number, kind: number): Writer => new Writer().array(parts).uint(kind)

/** Ends a frame whose size its caller decides. The server would close the room for a larger one. */
function end(w: Writer): Frame {
  const frame = w.bytes()
  if (frame.length > maxSaid) throw new RangeError(`a message of ${frame.length} bytes is larger than ${maxSaid}`)
  return frame
}

/** Reads one frame. Before the welcome there is no schema, and nothing that needs one may come. */
export function decode(frame: Uint8Array, schema?: Schema): ServerMessage {
  if (frame.length > maxFrame) throw new MsgpackError(`a frame of ${frame.length} bytes is too long`)
  const r = new Reader(frame)
  const parts = r.array()
  const kind = r.uint()
  const [want, read] = readers[kind] ?? []
  if (!read || parts !== want) throw new MsgpackError(`a frame of kind ${kind} has ${parts} parts instead of ${want}`)
  const message = read(r, schema)
  if (!r.done) throw new MsgpackError(`a frame of kind ${kind} is too long`)
  return message
}

/** Whether a frame of the server is a pong. */
export const isPong = (frame: Uint8Array): boolean => frame[1] === 22

/** Reads the first frame of an answer to hello over HTTP: what the connection is called. */
export function opened(frame: Uint8Array): string {
  const r = new Reader(frame)
  if (r.array() !== 2 || r.uint() !== 27) throw new MsgpackError('a frame is not opened')
  return r.str()
}

/** How many parts a frame has, and what they say. */
type FrameReader = readonly [parts: number, body: (r: Reader, schema: Schema | undefined) => ServerMessage]

// Properties are read in the order they are written here, which is the order on the wire.
const readers: Readonly<Record<number, FrameReader>> = {
  16: [11, (r) => ({ kind: 'welcome', welcome: readWelcome(r) })],
  17: [3, (r, schema) => ({ kind: 'snapshot', tick: r.uint(), view: known(schema).view.read(r) })],
  18: [4, readEvent],
  19: [4, (r) => ({ kind: 'reply', n: r.uint(), code: r.str(), text: r.str() })],
  20: [4, (r) => ({ kind: 'chat', line: { seat: r.int(), name: r.str(), text: r.str() } })],
  21: [4, (r) => ({ kind: 'member', member: readMember(r) })],
  22: [4, (r) => ({ kind: 'pong', t: r.uint(), tick: r.uint(), micros: r.uint() })],
  23: [5, (r) => ({ kind: 'over', over: { tick: r.uint(), ending: r.str(), reason: r.str(), standings: readAll(r, readStanding) } })],
  24: [3, (r) => ({ kind: 'notice', notice: { code: r.str(), text: r.str() } })],
  25: [3, (r) => ({ kind: 'bye', code: r.uint(), text: r.str() })],
  26: [4, (r) => ({ kind: 'linked', linked: readLinked(r) })],
  28: [2, (r) => ({ kind: 'moved', url: r.str() })],
  29: [2, (r) => ({ kind: 'desync', tick: r.uint() })],
}

function readLinked(r: Reader): Linked {
  const resumed = r.bool()
  const why = r.str()
  const began = resumed ? 'resumed' : reasons.find((reason) => reason === why)
  if (!began) throw new MsgpackError(`"${why}" is no reason`)
  return { began, received: r.uint() }
}

function readWelcome(r: Reader): Welcome {
  return {
    room: r.str(),
    game: r.str(),
    seat: r.int(),
    tick: r.uint(),
    tickRate: r.uint(),
    snapshotRate: r.uint(),
    grace: r.uint(),
    schema: readSchema(r),
    options: Object.fromEntries(readAll(r, readOption)),
    members: readAll(r, (r) => {
      expectLength(r, 3, 'a member')
      return readMember(r)
    }),
  }
}

function readEvent(r: Reader, schema: Schema | undefined): ServerMessage {
  const tick = r.uint()
  const name = r.str()
  const codec = known(schema).events.get(name)
  if (!codec) throw new MsgpackError(`the event "${name}" is not in the schema`)
  return { kind: 'event', tick, name, data: codec.read(r) }
}

function readMember(r: Reader): Member {
  const seat = r.int()
  const n = r.uint()
  const state = seatStates[n]
  if (!state) throw new MsgpackError(`a seat is ${n}`)
  return { seat, state, name: r.str() }
}

function readOption(r: Reader): [string, number] {
  expectLength(r, 2, 'an option')
  return [r.str(), r.int()]
}

function readStanding(r: Reader): Standing {
  expectLength(r, 4, 'a standing')
  return { seat: r.int(), name: r.str(), place: r.uint(), score: r.int() }
}

function readAll<T>(r: Reader, one: (r: Reader) => T): T[] {
  return Array.from({ length: r.array() }, () => one(r))
}

function known(schema: Schema | undefined): Schema {
  if (!schema) throw new MsgpackError('a frame came before the welcome')
  return schema
}
