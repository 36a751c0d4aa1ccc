// A small server that speaks the link's protocol to FakeSockets, one step at a
// time, so that a test can cut between any two. It does nothing by itself, and
// throws where a client breaks the protocol.

import { decode } from '@msgpack/msgpack'
import { crc32 } from '../src/hash.ts'
import { frame, linked, welcomeOf, type FakeSocket, type FakeWorld } from './world.ts'

/** How much a link keeps before it falls behind. */
const mostKept = 30

class Link {
  /** What must arrive and is not acknowledged: those of the numbers acked+1, acked+2 ... */
  kept: Uint8Array[] = []
  acked = 0
  received = 0
  /** All is to be told anew. A link begins so, and without a member to hear anything. */
  anew = true
  joined = false
  /** Why it was not resumed, where the client may not have read that: its counts may be of before. */
  unread: '' | 'new' | 'unknown' | 'behind'
  replies: Uint8Array[] = []
  connection: Connection | undefined

  constructor(seen: number) {
    this.unread = seen > 0 ? 'unknown' : 'new'
  }
}

/** One connection: what the client sent is read a frame at a time, and what was written reaches it so. */
class Connection {
  readonly socket: FakeSocket
  readonly written: Uint8Array[] = []
  link: Link | undefined
  read = 0

  constructor(socket: FakeSocket) {
    this.socket = socket
  }
}

/** What the network does to WebSockets, or to streams: they pass, are refused, or open and stay silent. */
export const fates = ['passes', 'refused', 'silent'] as const

export class FakeServer {
  readonly #world: FakeWorld
  readonly #met = new Set<FakeSocket>()
  #connections: readonly Connection[] = []
  #link: Link | undefined
  #nth = 0
  /** Hashes of every view. */
  readonly #shown = new Set<number>()
  websockets: (typeof fates)[number] = 'passes'
  streams: (typeof fates)[number] = 'passes'
  /** Of the newest thing that all members are told. */
  told = 0
  /** The steps of the commands that were done, in order. */
  readonly done: number[] = []
  /** How often a client was told all anew, but for the first time. */
  begunAnew = 0
  /** How often a link was taken over from a connection that was still there. */
  moved = 0
  /** How many views the client said it has. */
  checked = 0

  constructor(world: FakeWorld) {
    this.#world = world
  }

  /** The connections that the client has made reach us, or do not. */
  accept(): void {
    for (const socket of this.#world.sockets) {
      if (socket.shut || this.#met.has(socket)) continue
      this.#met.add(socket)
      const fate = socket.via === 'websocket' ? this.websockets : socket.via === 'stream' ? this.streams : 'passes'
      if (fate === 'passes') this.#connections = [...this.#connections, new Connection(socket)]
      if (fate === 'refused') socket.end(1006)
      else socket.openSilent()
    }
  }

  /** Reads the next frame that the client sent over one of its connections. */
  read(which: number): void {
    const c = this.#pick(which)
    const sent = c?.socket.sent[c.read]
    if (!c) return
    if (!sent) return c.socket.shut ? this.#gone(c) : undefined
    c.read++
    const [kind, ...parts] = decode(sent) as [number, ...unknown[]]
    if (kind === 5) c.written.push(frame([22, parts[0] as number, 100, 0]))
    else if ((kind === 1) !== (c.link === undefined)) throw new Error(`kind ${kind} before or after hello`)
    if (kind === 1) return this.#hello(c, parts as [string, string, string, number, number])
    const l = c.link
    if (!l || l.connection !== c) return // it does not carry the link, any more
    l.unread = ''
    if (kind === 2) return this.#command(l, parts as [number, [number]])
    if (kind === 7) return this.#ack(l, parts[0] as number)
    if (kind === 10) return this.#check(parts[1] as number)
    if (kind !== 5) throw new Error(`the client says kind ${kind}`)
  }

  /** Gives the client the next frame that was written to one of its connections. */
  deliver(which: number): void {
    const c = this.#pick(which)
    const next = c?.written.shift()
    if (next) c?.socket.say(next)
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#connections.length
  }

  /** The room's step: who came is welcome, and what was asked is answered. */
  tick(): void {
    const l = this.#link
    if (!l) return
    if (l.anew && l.connection) {
      l.anew = false
      l.joined = true
      this.#send(l, welcomeOf(this.told))
    }
    for (const reply of l.replies.splice(0)) this.#send(l, reply)
    const view = [this.told, 'view'] as const
    this.#shown.add(crc32(frame(view)))
    l.connection?.written.push(frame([17, 100, view]))
  }

  /** Something happens that every member must hear. */
  tell(chat: boolean): void {
    this.told++
    if (this.#link) this.#send(this.#link, chat ? frame([20, 1, 'Bo', String(this.told)]) : frame([18, 100, 'hop', [this.told]]))
  }

  /** All connections break, and what is on its way is lost. The client may not notice. */
  cut(noticed: boolean): void {
    for (const c of this.#connections) {
      this.#gone(c)
      if (noticed) c.socket.end(1006)
    }
  }

  /** More was to be told than is kept. */
  fallBehind(): void {
    const l = this.#link
    if (!l) return
    l.anew = true
    l.kept = []
    const c = l.connection
    if (!c) return
    this.#gone(c)
    c.socket.say(frame([25, 4001, 'You read too slowly.']))
  }

  /** The server forgets every conversation, and remembers the match. */
  restart(): void {
    this.#link = undefined
    this.cut(true)
  }

  #pick(which: number): Connection | undefined {
    return this.#connections[which % this.#connections.length]
  }

  #gone(c: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== c)
    const l = c.link
    if (l?.connection !== c) return
    l.connection = undefined
    if (!l.joined && this.#link === l) this.#link = undefined // nobody knew of it yet
  }

  #hello(c: Connection, [, , , seen, nth]: [string, string, string, number, number]): void {
    if (nth <= this.#nth) return this.#turnAway(c) // it was late
    this.#nth = nth
    const known = this.#link
    const l = known ?? (this.#link = new Link(seen))
    if (l.connection) {
      this.moved++
      this.#turnAway(l.connection)
    }
    c.link = l
    l.connection = c
    if (known && l.unread === 'new' && seen > 0) l.unread = '' // who has seen welcome has read it
    if (known && !l.anew && l.unread === '') {
      this.#ack(l, seen)
      c.written.push(linked('resumed', l.received), ...l.kept)
      return
    }
    l.unread ||= 'behind'
    if (l.unread !== 'new') this.begunAnew++
    l.anew = true
    l.kept = []
    l.acked = 0
    c.written.push(linked(l.unread, l.received))
  }

  /** The link goes over another connection. */
  #turnAway(c: Connection): void {
    c.written.push(frame([25, 4006, 'You came over another connection.']))
    c.link = new Link(0) // one that nobody has
  }

  #command(l: Link, [n, [step]]: [number, [number]]): void {
    if (l.anew) throw new Error('a command before the welcome')
    if (n > l.received + 1) throw new Error(`message ${n} after ${l.received}`)
    if (n <= l.received) return
    l.received = n
    const refused = step % 7 === 0
    if (!refused) this.done.push(step)
    l.replies.push(frame([19, n, refused ? 'no' : '', '']))
  }

  /** A client has a view that was shown at some time: all are of one tick. */
  #check(hash: number): void {
    if (!this.#shown.has(hash)) throw new Error('the client has a view that it was not shown')
    this.checked++
  }

  #ack(l: Link, seen: number): void {
    if (l.anew || seen < l.acked) return
    if (seen > l.acked + l.kept.length) throw new Error(`${seen} acknowledged of ${l.acked + l.kept.length}`)
    l.kept.splice(0, seen - l.acked)
    l.acked = seen
  }

  #send(l: Link, f: Uint8Array): void {
    if (l.anew) return
    if (l.kept.length >= mostKept) return this.fallBehind()
    l.kept.push(f)
    l.connection?.written.push(f)
  }
}
