// The link is the conversation with a room, over any number of connections:
// what must arrive does, once and in order, both ways. It counts what the server
// said and keeps what we asked (inbox.ts, outbox.ts); the dialer brings the
// connections, and what the messages mean is the room's matter.
//
//	hello --linked, resumed---------------------------> up --hello over a better connection--> ...
//	      --linked, not resumed--> all anew --welcome--> up
//
// Decisions that look like mistakes and are not:
//
//   - A resumed link may still have to hear its welcome: when the connection
//     was lost between linked and welcome. It is up when the welcome is there.
//   - Pongs may come before linked, and tell nothing yet: the clock has no rate.
//   - Nothing is sent before the link is up, though the server would take some
//     of it: until it has said welcome, it may not be listening yet.
//   - A link that was told anew and lost that before the welcome has seen nothing:
//     a server that has restarted takes it for a new one. Here it is not.
//   - What we have of a view is said when the next frame is there and before it is
//     read, whatever it is: who was to spoil the view had the time to.
//   - What is asked before the first welcome waits like what is asked while
//     away: what a command looks like is known only then.

import { Dialer, LocalCode, type State } from './dialer.ts'
import { Inbox } from './inbox.ts'
import { checkEvery } from './limits.ts'
import { MsgpackError } from './msgpack.ts'
import { Outbox, type Message } from './outbox.ts'
import * as protocol from './protocol.ts'
import type { Frame, Linked, ServerMessage, Snapshot, Welcome } from './protocol.ts'
import type { Schema } from './schema.ts'
import { Unanswered } from './unanswered.ts'
import type { World } from './world.ts'

/** Who is told what the link hears: in order, and what must arrive exactly once. */
export interface LinkOwner {
  received(message: ServerMessage): void
  changed(state: State): void
}

export class Link {
  readonly #world: World
  readonly #ticket: string
  readonly #client: string
  readonly #owner: LinkOwner
  readonly #dialer: Dialer
  readonly #inbox: Inbox
  readonly #outbox: Outbox
  /** What the server calls the conversation, for as long as we live. */
  readonly #name: string

  #began: Linked['began'] = 'new'
  #connections = 0
  #linked = false // the hello of this connection was answered
  #schema: Schema | undefined
  #shown: Snapshot | undefined // the newest view over this connection
  #checked = 0 // when we last said what we have of one
  #leaving = false

  constructor(world: World, url: string, ticket: string, client: string, owner: LinkOwner) {
    this.#world = world
    this.#ticket = ticket
    this.#client = client
    this.#owner = owner
    this.#name = world.name()
    this.#inbox = new Inbox(world, (seen) => this.send(protocol.ack(seen)))
    this.#outbox = new Outbox(world)
    this.#dialer = new Dialer(world, url, {
      hello: () => this.#hello(),
      received: (frame) => this.#received(frame),
      changed: (state) => this.#changed(state),
    })
  }

  get state(): State {
    return this.#dialer.state
  }

  /** Bytes that wait in the socket. */
  get backlog(): number {
    return this.#dialer.backlog
  }

  /** Makes the first connection. */
  start(): void {
    this.#dialer.start()
  }

  /** Sends what need not arrive, if connected. */
  send(frame: Frame): void {
    this.#dialer.send(frame)
  }

  /** Has a message arrive, once and in order, and settles with its answer. */
  ask(message: Message, timeout: number): Promise<void> {
    if (this.#leaving || this.state.phase === 'closed') return Promise.reject(new Unanswered('closed'))
    const answer = this.#outbox.ask(message, timeout)
    this.#flush()
    return answer
  }

  /** Gives the seat up, after what was asked. The server ends the link then. */
  leave(): void {
    if (this.#leaving || this.state.phase === 'closed') return
    this.#leaving = true
    this.#outbox.leave(protocol.leave)
    this.#flush()
  }

  /** Tries to connect now. */
  wake(): void {
    this.#dialer.wake()
  }

  /** Ends here; the seat stays as it is. */
  close(code: number, reason: string): void {
    this.#dialer.close(code, reason)
  }

  #hello(): Frame {
    this.#linked = false
    this.#shown = undefined
    this.#inbox.rest()
    this.#connections++
    return protocol.hello(this.#ticket, this.#client, this.#name, this.#inbox.seen, this.#connections)
  }

  #received(frame: Uint8Array): void {
    try {
      this.#check()
      this.#take(protocol.decode(frame, this.#schema), frame.length)
    } catch (error) {
      this.#world.report(error)
      this.#dialer.close(LocalCode.Garbled, 'The server said what nobody understands.')
    }
  }

  #take(m: ServerMessage, bytes: number): void {
    if (m.kind === 'bye') return this.#dialer.bye(m.code, m.text)
    if (m.kind === 'moved') return this.#dialer.moved(m.url)
    if (m.kind === 'linked') return this.#link(m.linked)
    if (m.kind === 'pong' && !this.#linked) return
    const awaited = !this.#linked ? 'linked' : this.#inbox.seen === 0 ? 'welcome' : m.kind
    if (m.kind !== awaited) throw new MsgpackError(`the server said ${m.kind} before ${awaited}`)
    this.#hear(m)
    if (protocol.mustArrive(m) && this.state.phase !== 'closed') this.#inbox.took(bytes)
  }

  #hear(m: ServerMessage): void {
    if (m.kind === 'welcome') return this.#welcomed(m.welcome)
    if (m.kind === 'reply') return this.#outbox.answered(m.n, m.code, m.text)
    if (m.kind === 'desync') return this.#world.report(new Error(`The view of tick ${m.tick} was not as it was sent.`))
    if (m.kind === 'pong') this.#dialer.pulse.pong(m.t / 1000)
    if (m.kind === 'snapshot') this.#shown = m
    this.#owner.received(m)
  }

  /** The answer to hello: where the conversation goes on. */
  #link(linked: Linked): void {
    const resumed = linked.began === 'resumed'
    if (this.#linked) throw new MsgpackError('the server said linked twice')
    this.#linked = true
    this.#outbox.linked(linked)
    if (!resumed) {
      this.#inbox.restart()
      this.#began = linked.began === 'new' && this.#schema ? 'unknown' : linked.began
    } else if (this.#inbox.seen > 0) {
      this.#up('resumed')
    }
  }

  /** Says now and then what we have of the view that was shown, before anything newer is read. */
  #check(): void {
    const now = this.#world.now()
    if (!this.#shown || !this.#schema || now - this.#checked < checkEvery) return
    this.#checked = now
    this.send(protocol.check(this.#shown.tick, this.#shown.view, this.#schema))
  }

  #welcomed(welcome: Welcome): void {
    this.#schema = welcome.schema
    this.#dialer.keptFor(welcome.grace * 1000)
    this.#dialer.pulse.expect(welcome.snapshotRate)
    this.#owner.received({ kind: 'welcome', welcome })
    this.#up(this.#began)
  }

  #up(began: Linked['began']): void {
    this.#dialer.up(began)
    this.#flush()
  }

  #flush(): void {
    if (this.#dialer.carried && this.#schema) this.#outbox.flush(this.#schema, (frame) => this.send(frame))
  }

  #changed(state: State): void {
    if (state.phase !== 'connected') this.#inbox.rest()
    if (state.phase === 'closed') this.#outbox.end()
    this.#owner.changed(state)
  }
}
