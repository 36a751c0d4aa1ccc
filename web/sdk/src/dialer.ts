// The dialer keeps a connection to one seat: it dials, says hello, pings,
// notices silence, waits and dials again, until the server says not to or the
// grace is over. What is said over the connections is the link's matter.
//
// Decisions that look like mistakes and are not:
//
//   - After the grace is over here, one more try is made. The server's word on
//     the seat counts, and a phone that slept may be wrong about the time.
//   - A deadline that fires late does not mean silence: the page itself was
//     asleep. So it asks (a probe) instead of hanging up.
//   - After a drop the first try is made at once; after the server itself said
//     "come back", only after a random wait, or all would come at once.
//   - Whoever is told of a state may close or retry at once, so telling comes
//     after everything else that a step does.

import type { Undo } from './events.ts'
import * as limits from './limits.ts'
import { CloseCode, fromServer, mayComeBack, ping, type Frame, type Linked } from './protocol.ts'
import type { Socket, World } from './world.ts'

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

export class Dialer {
  readonly #world: World
  readonly #url: string
  readonly #owner: DialerOwner
  readonly #unwake: Undo

  #state: State = { phase: 'connecting' }
  #socket: Socket | undefined
  #opened = false
  #dialed = 0 // when the newest dial began
  #heard = 0 // when the newest sign of life came
  #connected = 0 // when it was last up
  #attempt = 0
  #grace = limits.presumedGrace
  #until: number
  #pings = 0 // since it was last up
  #timers = new Map<'dial' | 'watch' | 'beat' | 'probe', Undo>()

  constructor(world: World, url: string, owner: DialerOwner) {
    this.#world = world
    this.#url = url
    this.#owner = owner
    this.#until = world.now() + this.#grace
    this.#unwake = world.onWake(() => this.wake())
  }

  get state(): State {
    return this.#state
  }

  /** Bytes that wait in the socket. */
  get backlog(): number {
    return this.#socket?.backlog ?? 0
  }

  /** Makes the first connection. */
  start(): void {
    this.#dial()
  }

  /** Sends if connected. */
  send(frame: Frame): void {
    if (this.#state.phase === 'connected') this.#socket?.send(frame)
  }

  /** The seat will be kept for so long after a drop. */
  keptFor(ms: number): void {
    this.#grace = ms
  }

  /** The conversation goes on over the connection that is open. */
  up(began: Linked['began']): void {
    if (!this.#opened) return // who was told of it before us closed or dialed again
    this.#connected = this.#world.now()
    this.#pings = 0
    this.#state = { phase: 'connected', began }
    this.#beat()
    this.#owner.changed(this.#state)
  }

  /** The server's last word on this connection. */
  bye(code: number, reason: string): void {
    if (this.#state.phase !== 'closed') this.#lost(code, reason)
  }

  /** Ends here; the seat stays as it is. */
  close(code: number, reason: string): void {
    if (this.#state.phase !== 'closed') this.#end(code, reason)
  }

  #dial(): void {
    this.#stop()
    const now = this.#world.now()
    this.#dialed = this.#heard = now
    this.#socket = this.#world.connect(this.#url, {
      open: () => {
        this.#opened = true
        this.#heard = this.#world.now()
        this.#socket?.send(this.#owner.hello())
      },
      message: (frame) => {
        this.#heard = this.#world.now()
        this.#owner.received(frame)
      },
      text: () => this.close(LocalCode.Garbled, 'The server sent a text frame.'),
      closed: (code, reason) => this.#lost(code, reason),
    })
    this.#watch()
  }

  /** Looks whether anything was heard lately, and again when it should have been. */
  #watch(): void {
    const due = this.#heard + limits.deadAfter
    this.#after('watch', due - this.#world.now(), () => {
      const now = this.#world.now()
      if (now - this.#heard < limits.deadAfter) return this.#watch()
      const asleep = now - due > limits.probeAfter
      if (!asleep || !this.#opened) return this.#lost(CloseCode.Dead, 'Nothing was heard from the server.')
      this.#probe()
    })
  }

  #beat(): void {
    this.#ping()
    this.#pings++
    this.#after('beat', this.#pings < limits.firstPings ? limits.firstPingEvery : limits.pingEvery, () => this.#beat())
  }

  #ping(): void {
    this.send(ping(Math.round(this.#world.now() * 1000)))
  }

  /** The page is back, or the network, or somebody is impatient: find out at once where we stand. */
  wake(): void {
    if (this.#state.phase === 'closed') return
    if (this.#state.phase === 'connected') return this.#probe()
    const dialing = this.#socket !== undefined
    if (!dialing || this.#world.now() - this.#dialed > limits.probeAfter) this.#dial()
  }

  #probe(): void {
    const asked = this.#world.now()
    this.#ping()
    this.#after('probe', limits.probeAfter, () => {
      if (this.#heard < asked) this.#lost(CloseCode.Dead, 'The connection did not survive the pause.')
      else this.#watch()
    })
  }

  #lost(code: number, reason: string): void {
    this.#stop()
    const now = this.#world.now()
    if (!mayComeBack(code)) return this.#end(code, reason)
    if (this.#state.phase === 'connected') {
      this.#until = now + this.#grace
      if (now - this.#connected > limits.settledAfter) this.#attempt = 0
    } else if (now >= this.#until) {
      return this.#end(LocalCode.GraceOver, 'The server could not be reached for as long as the seat is kept.')
    }
    this.#retry(now, code, reason)
  }

  #retry(now: number, code: number, reason: string): void {
    const atOnce = this.#attempt === 0 && (code === CloseCode.Dead || !fromServer(code))
    const span = Math.min(limits.lastBackoff, limits.firstBackoff * 2 ** this.#attempt)
    const wait = atOnce ? 0 : this.#world.random() * span
    const next = Math.min(now + wait, Math.max(now, this.#until))
    this.#attempt++
    this.#after('dial', next - now, () => this.#dial())
    this.#set({ phase: 'reconnecting', attempt: this.#attempt, next, until: this.#until, code, reason })
  }

  #end(code: number, reason: string): void {
    this.#stop()
    this.#unwake()
    this.#set({ phase: 'closed', code, reason, comeBack: mayComeBack(code) })
  }

  /** Lets go of the connection and of every timer. */
  #stop(): void {
    for (const undo of this.#timers.values()) undo()
    this.#timers.clear()
    this.#socket?.close()
    this.#socket = undefined
    this.#opened = false
  }

  #set(state: State): void {
    this.#state = state
    this.#owner.changed(state)
  }

  #after(name: 'dial' | 'watch' | 'beat' | 'probe', ms: number, run: () => void): void {
    this.#timers.get(name)?.()
    this.#timers.set(name, this.#world.after(ms, run))
  }
}
