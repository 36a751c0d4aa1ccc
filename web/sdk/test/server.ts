// A small server that speaks the link's protocol to FakeSockets, one step at a
// time, so that a test can cut between any two. It does nothing by itself, and
// throws where a client breaks the protocol.

import { decode } from '@msgpack/msgpack'
import { frame, linked, welcomeOf, type FakeSocket, type FakeWorld } from './world.ts'

/** How much a link keeps before it falls behind. */
const mostKept = 30

class Link {
  readonly name: string
  /** What must arrive and is not acknowledged: those of the numbers acked+1, acked+2 ... */
  kept: Uint8Array[] = []
  acked = 0
  received = 0
  /** All is to be told anew. A link begins so, and without a member to hear anything. */
  anew = true
  joined = false
  /** The client was heard after it was told so: its counts are of the new beginning, not of the last. */
  confirmed = false
  replies: Uint8Array[] = []
  connection: Connection | undefined

  constructor(name: string) {
    this.name = name
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

export class FakeServer {
  readonly #world: FakeWorld
  #link: Link | undefined
  #links = 0
  #nth = 0
  #connection: Connection | undefined
  #accepted: FakeSocket | undefined
  /** Of the newest thing that all members are told. */
  told = 0
  /** The steps of the commands that were done, in order. */
  readonly done: number[] = []
  /** How often a client was told all anew, but for the first time. */
  begunAnew = 0

  constructor(world: FakeWorld) {
    this.#world = world
  }

  /** The client's newest connection reaches us, if it has made one. */
  accept(): void {
    const socket = this.#world.socket
    if (socket.shut || socket === this.#accepted) return
    this.#gone()
    this.#accepted = socket
    this.#connection = new Connection(socket)
    socket.open()
  }

  /** Reads the next frame that the client sent. */
  read(): void {
    const c = this.#connection
    const sent = c?.socket.sent[c.read]
    if (!c || !sent) return
    c.read++
    const [kind, ...parts] = decode(sent) as [number, ...unknown[]]
    if ((kind === 1) !== (c.link === undefined)) throw new Error(`kind ${kind} before or after hello`)
    if (kind === 1) return this.#hello(c, parts as [string, string, string, number, number])
    const l = c.link as Link
    l.confirmed = true
    if (kind === 2) return this.#command(l, parts as [number, [number]])
    if (kind === 7) return this.#ack(l, parts[0] as number)
    if (kind !== 5) throw new Error(`the client says kind ${kind}`)
  }

  /** Gives the client the next frame that was written. */
  deliver(): void {
    const next = this.#connection?.written.shift()
    if (next) this.#connection?.socket.say(next)
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
    l.connection?.written.push(frame([17, 100, [this.told, 'view']]))
  }

  /** Something happens that every member must hear. */
  tell(chat: boolean): void {
    this.told++
    if (this.#link) this.#send(this.#link, chat ? frame([20, 1, 'Bo', String(this.told)]) : frame([18, 100, 'hop', [this.told]]))
  }

  /** The connection breaks, and what is on its way is lost. The client may not notice. */
  cut(noticed: boolean): void {
    const c = this.#connection
    this.#gone()
    if (noticed) c?.socket.end(1006)
  }

  /** More was to be told than is kept. */
  fallBehind(): void {
    const l = this.#link
    if (!l) return
    l.anew = true
    l.kept = []
    const c = l.connection
    this.#gone()
    c?.socket.say(frame([25, 4001, 'You read too slowly.']))
  }

  /** The server forgets every conversation, and remembers the match. */
  restart(): void {
    this.#link = undefined
    this.cut(true)
  }

  #gone(): void {
    const l = this.#connection?.link
    this.#connection = undefined
    if (!l) return
    l.connection = undefined
    if (!l.joined) this.#link = undefined // nobody knew of it yet
  }

  #hello(c: Connection, [, , name, seen, nth]: [string, string, string, number, number]): void {
    if (nth <= this.#nth) throw new Error(`connection ${nth} after ${this.#nth}`)
    this.#nth = nth
    const known = this.#link?.name === name ? this.#link : undefined
    const l = known ?? (this.#link = new Link(`L${++this.#links}`))
    c.link = l
    l.connection = c
    if (known && !l.anew && l.confirmed) {
      this.#ack(l, seen)
      c.written.push(linked('resumed', l.received, name), ...l.kept)
      return
    }
    if (name !== '') this.begunAnew++
    l.anew = true
    l.confirmed = false
    l.kept = []
    l.acked = 0
    c.written.push(linked(known ? 'behind' : name === '' ? 'new' : 'unknown', l.received, l.name))
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
