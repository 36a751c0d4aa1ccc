// The dialer keeps a connection to one seat: it dials, says hello, waits and
// dials again, until the server says not to or the grace is over; and while the
// link is carried by less than a WebSocket, it tries to have one. What is said
// over the connections is the link's matter, whether they live the pulse's, and
// what is dialed via.ts'.
//
// Decisions that look like mistakes and are not:
//
//   - After the grace is over here, one more try is made. The server's word on
//     the seat counts, and a phone that slept may be wrong about the time.
//   - After a drop the first try is made at once; after the server itself said
//     "come back", only after a random wait, or all would come at once.
//   - Moving up to a WebSocket, the older connection is not heard from hello on,
//     and yet kept until linked: the server gives again what hello had not seen,
//     and never thinks us gone. Meanwhile the link is connected, and not carried.
//   - A room that has moved is looked for where it was said to be and, if nobody
//     answers there, where we began, in turn: that one knows, and may say it again.
//   - Whoever is told of a state may close or retry at once, so telling comes
//     after everything else that a step does.

import { Contact, type ContactOwner } from './contact.ts'
import type { Undo } from './events.ts'
import * as limits from './limits.ts'
import { mayMove } from './place.ts'
import { CloseCode, fromServer, mayComeBack, pingAt, type Frame, type Linked } from './protocol.ts'
import { Pulse } from './pulse.ts'
import { climbAfter, firstVia, nextVia, type Via } from './via.ts'
import type { World } from './world.ts'

/** Codes of this client beside the server's: why it stopped by itself. */
export const LocalCode = {
  GraceOver: 3000,
  Garbled: 3001,
  Closed: 3002,
} as const

/** Where the conversation stands. Times are those of World.now. */
export type State =
  | { readonly phase: 'connecting' }
  | {
      readonly phase: 'connected'
      /**
       * How it began: "new"; "resumed", with nothing missed; or with all told anew, since the server
       * did not know the conversation any more ("unknown") or could not keep all we missed ("behind").
       */
      readonly began: Linked['began']
      /** What carries it. */
      readonly via: Via
    }
  | {
      readonly phase: 'reconnecting'
      /** Tries since the connection was lost, counting the one that comes next. */
      readonly attempt: number
      /** When the next try is made. */
      readonly next: number
      /** How long the seat is kept, as far as is known here. */
      readonly until: number
      readonly code: number
      readonly reason: string
    }
  | {
      readonly phase: 'closed'
      readonly code: number
      readonly reason: string
      /** Whether connecting again with the same ticket may still work. */
      readonly comeBack: boolean
    }

/** Who is told what the dialer hears. */
export interface DialerOwner {
  /** What to say first on a connection that has just opened. */
  hello(): Frame
  received(frame: Uint8Array): void
  changed(state: State): void
}

export class Dialer implements ContactOwner {
  readonly #world: World
  readonly #first: string // where we began
  readonly #owner: DialerOwner
  readonly #unwake: Undo
  /** Whether what is connected lives. */
  readonly pulse: Pulse

  #url: string // where the next dial goes
  #other: string // and the one after it, if that fails
  #moved = false // this connection said where the room is
  #moves = 0 // in a row
  #state: State = { phase: 'connecting' }
  #contact: Contact | undefined
  #carried = false // it carries the conversation
  #older: Contact | undefined // did until hello was said over a better one
  #beside: Contact | undefined // may turn out to be a better one
  #climbs = 0 // how often that failed
  #dialed = 0 // when the newest dial began
  #connected = 0 // when it was last up
  #attempt = 0
  #grace = limits.presumedGrace
  #until: number
  #next: Undo = () => {} // the next dial, or climb

  constructor(world: World, url: string, owner: DialerOwner) {
    this.#world = world
    this.#first = this.#url = this.#other = url
    this.#owner = owner
    this.#until = world.now() + this.#grace
    this.pulse = new Pulse(world, {
      ping: () => this.send(pingAt(world.now())),
      dead: () => this.#lost(CloseCode.Dead, 'Nothing was heard from the server.'),
    })
    this.#unwake = world.onWake((network) => this.wake(network))
  }

  get state(): State {
    return this.#state
  }

  /** Whether what is sent now is part of the conversation: not while it moves to another connection. */
  get carried(): boolean {
    return this.#carried
  }

  /** Bytes that wait in the socket; Infinity if whatever is sent now has to wait. */
  get backlog(): number {
    return this.#carried && this.#contact ? this.#contact.backlog : Infinity
  }

  /** Makes the first connection. */
  start(): void {
    this.#dial()
  }

  /** Sends if the conversation is carried. */
  send(frame: Frame): void {
    if (this.#carried) this.#contact?.send(frame)
  }

  /** The seat will be kept for so long after a drop. */
  keptFor(ms: number): void {
    this.#grace = ms
  }

  /** The conversation goes on over the connection that is open. */
  up(began: Linked['began']): void {
    const c = this.#contact
    if (!c?.greeted) return // who was told of it before us closed or dialed again
    this.#older?.close()
    this.#older = undefined
    this.#carried = true
    this.#connected = this.#world.now()
    this.#world.via = c.via
    this.#state = { phase: 'connected', began, via: c.via }
    this.pulse.up()
    if (c.via === 'websocket') this.#climbs = 0
    else this.#climbLater()
    this.#owner.changed(this.#state)
  }

  /** The room goes on elsewhere, and the server is about to say bye. */
  moved(url: string): void {
    if (!mayMove(this.#first, url)) return
    this.#url = url
    this.#other = this.#first
    this.#moved = true
  }

  /** The server's last word on this connection. */
  bye(code: number, reason: string): void {
    if (this.#state.phase !== 'closed') this.#lost(code, reason)
  }

  /** Ends here; the seat stays as it is. */
  close(code: number, reason: string): void {
    if (this.#state.phase !== 'closed') this.#end(code, reason)
  }

  /** The page is back, or the network, or somebody is impatient: find out at once where we stand. */
  wake(network = false): void {
    if (this.#state.phase === 'closed') return
    if (network) {
      this.#world.via = undefined
      this.#climbs = 0
    }
    if (this.#state.phase === 'connected') {
      this.pulse.probe()
      if (network && this.#contact?.via !== 'websocket') this.#climb()
    } else if (network || !this.#contact || this.#world.now() - this.#dialed > limits.answerWithin) {
      this.#dial()
    }
  }

  // What contacts tell.

  ready(c: Contact): void {
    if (c === this.#beside) {
      this.#older = this.#contact
      this.#contact = c
      this.#beside = undefined
    }
    this.#carried = false
    this.pulse.start()
    c.send(this.#owner.hello())
  }

  received(c: Contact, frame: Uint8Array): void {
    if (c === this.#beside) return this.#stay()
    if (c !== this.#contact) return
    this.pulse.heard()
    this.#owner.received(frame)
  }

  lost(c: Contact, code: number, reason: string): void {
    if (c === this.#beside) return this.#stay()
    if (c !== this.#contact) return
    const next = c.heard || fromServer(code) ? undefined : nextVia(c.via, this.#world.via, c.opened)
    if (next) this.#dial(next)
    else this.#lost(code, reason)
  }

  #dial(via = firstVia(this.#world.via)): void {
    this.#stop()
    this.#moved = false
    this.#dialed = this.#world.now()
    this.#contact = this.#open(via, via === this.#world.via)
  }

  #open(via: Via, sure: boolean): Contact {
    const patience = Math.min(limits.deadAfter, limits.answerWithin + this.#attempt * limits.answerMore)
    return new Contact(this.#world, this.#url, via, sure, patience, this)
  }

  /** Tries for a WebSocket while something else carries the link. */
  #climb(): void {
    this.#beside?.close()
    this.#next()
    this.#beside = this.#open('websocket', false)
  }

  /** There is no WebSocket yet. */
  #stay(): void {
    this.#beside?.close()
    this.#beside = undefined
    this.#climbs++
    this.#climbLater()
  }

  #climbLater(): void {
    this.#after(climbAfter(this.#climbs), () => this.#climb())
  }

  #lost(code: number, reason: string): void {
    this.#stop()
    const now = this.#world.now()
    if (!mayComeBack(code)) return this.#end(code, reason)
    if (this.#state.phase === 'connected') {
      this.#until = now + this.#grace
      if (now - this.#connected > limits.settledAfter) this.#attempt = this.#moves = 0
    } else if (now >= this.#until) {
      return this.#end(LocalCode.GraceOver, 'The server could not be reached while the seat was kept.')
    } else if (!this.#moved && !fromServer(code)) {
      ;[this.#url, this.#other] = [this.#other, this.#url]
    }
    this.#retry(now, code, reason)
  }

  #retry(now: number, code: number, reason: string): void {
    const moves = this.#moved && this.#moves++ < limits.movesAtOnce
    const atOnce = moves || (this.#attempt === 0 && (code === CloseCode.Dead || !fromServer(code)))
    const span = Math.min(limits.lastBackoff, limits.firstBackoff * 2 ** this.#attempt)
    const wait = atOnce ? 0 : this.#world.random() * span
    const next = Math.min(now + wait, Math.max(now, this.#until))
    this.#attempt++
    if (this.#attempt > limits.sureFor) this.#world.via = undefined
    this.#after(next - now, () => this.#dial())
    if (moves && this.#state.phase === 'connecting') return // it still does
    this.#set({ phase: 'reconnecting', attempt: this.#attempt, next, until: this.#until, code, reason })
  }

  #end(code: number, reason: string): void {
    this.#stop()
    this.#unwake()
    this.#set({ phase: 'closed', code, reason, comeBack: mayComeBack(code) })
  }

  /** Lets go of every connection and of every timer. */
  #stop(): void {
    this.#next()
    this.pulse.stop()
    this.#carried = false
    for (const c of [this.#contact, this.#older, this.#beside]) c?.close()
    this.#contact = this.#older = this.#beside = undefined
  }

  #set(state: State): void {
    this.#state = state
    this.#owner.changed(state)
  }

  #after(ms: number, run: () => void): void {
    this.#next()
    this.#next = this.#world.after(ms, run)
  }
}
