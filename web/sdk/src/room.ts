// A room, as one member sees it: who is here, the newest view, what was said,
// and the ways to act. It stays the same object across reconnects.

import { Clock } from './clock.ts'
import { Signal, type Undo } from './events.ts'
import * as limits from './limits.ts'
import { Link, LocalCode, type State } from './link.ts'
import * as protocol from './protocol.ts'
import type { ChatLine, Member, Notice, Over, ServerMessage, Welcome } from './protocol.ts'
import type { World } from './world.ts'

/** What the server told about the room when it let us in. */
export type RoomInfo = Omit<Welcome, 'seat' | 'tick' | 'schema' | 'members'>

/** An act that was not done: a code for programs, a sentence for people. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}

/** Something the match said once, whatever it is. */
export type RoomEvent<E extends object> = {
  [K in keyof E & string]: { readonly name: K; readonly data: E[K]; readonly tick: number }
}[keyof E & string]

interface Pending {
  resolve(): void
  reject(error: Refusal): void
}

/** C is the game's command, V its view, E its events by name. */
export class Room<C = unknown, V = unknown, E extends object = Record<string, unknown>> {
  readonly #link: Link
  readonly #world: World
  readonly clock = new Clock()

  #welcome: Welcome | undefined
  #members = new Map<number, Member>()
  #view: V | undefined
  #tick = 0
  #chat: readonly ChatLine[] = []
  #over: Over | undefined

  #n = 0 // of the newest request
  #pending = new Map<number, Pending>()
  #input: Uint8Array<ArrayBuffer> | undefined // not sent yet

  readonly #onState: Signal<State>
  readonly #onWelcome: Signal<RoomInfo>
  readonly #onView: Signal<{ view: V; tick: number }>
  readonly #onMember: Signal<{ member: Member; before: Member | undefined }>
  readonly #onChat: Signal<ChatLine>
  readonly #onNotice: Signal<Notice>
  readonly #onOver: Signal<Over>
  readonly #onEvent: Signal<{ name: string; data: unknown; tick: number }>

  constructor(world: World, url: string, ticket: string, client: string) {
    this.#world = world
    const signal = <T>(): Signal<T> => new Signal<T>((error) => world.report(error))
    this.#onState = signal()
    this.#onWelcome = signal()
    this.#onView = signal()
    this.#onMember = signal()
    this.#onChat = signal()
    this.#onNotice = signal()
    this.#onOver = signal()
    this.#onEvent = signal()
    this.#link = new Link(world, url, protocol.hello(ticket, client), {
      received: (frame) => this.#received(frame),
      changed: (state) => this.#changed(state),
    })
    this.#link.start()
  }

  /** Where the connection stands. */
  get state(): State {
    return this.#link.state
  }

  /** Our seat; -1 watches, and before the welcome too. */
  get seat(): number {
    return this.#welcome?.seat ?? protocol.watcher
  }

  /** What the room is. Undefined before the first welcome. */
  get info(): RoomInfo | undefined {
    return this.#welcome
  }

  /** Every seat that is not open, in order. */
  get members(): readonly Member[] {
    return [...this.#members.values()].sort((a, b) => a.seat - b.seat)
  }

  /** The newest view, and the tick it is of. */
  get view(): V | undefined {
    return this.#view
  }

  get tick(): number {
    return this.#tick
  }

  /** What was said, the oldest first. A welcome begins it anew and the past follows it. */
  get chat(): readonly ChatLine[] {
    return this.#chat
  }

  /** How the match ended, once it has. */
  get over(): Over | undefined {
    return this.#over
  }

  /** The round trip and the unevenness of what arrives, in milliseconds. */
  get rtt(): number {
    return this.clock.rtt
  }

  get jitter(): number {
    return this.clock.jitter
  }

  /** The time that clock.tickAt and State speak of. */
  now(): number {
    return this.#world.now()
  }

  /** Hears a game's event by its name, or all with '*'. */
  on(name: '*', listener: (event: RoomEvent<E>) => void): Undo
  on<K extends keyof E & string>(name: K, listener: (data: E[K], tick: number) => void): Undo
  on(name: string, listener: (...args: never[]) => void): Undo {
    const hear = listener as (a: unknown, tick?: number) => void
    if (name === '*') return this.#onEvent.add((e) => hear(e))
    return this.#onEvent.add((e) => {
      if (e.name === name) hear(e.data, e.tick)
    })
  }

  /** Hears each new view; the newest at once, if there is one. */
  onView(listener: (view: V, tick: number) => void): Undo {
    if (this.#view !== undefined) listener(this.#view, this.#tick)
    return this.#onView.add((e) => listener(e.view, e.tick))
  }

  /** Hears a seat change: who came, dropped, came back or left. */
  onMember(listener: (member: Member, before: Member | undefined) => void): Undo {
    return this.#onMember.add((e) => listener(e.member, e.before))
  }

  /** Hears each welcome: the first, and after every reconnect. Members are as it says, chat is empty. */
  onWelcome(listener: (info: RoomInfo) => void): Undo {
    return this.#onWelcome.add(listener)
  }

  onChat(listener: (line: ChatLine) => void): Undo {
    return this.#onChat.add(listener)
  }

  onNotice(listener: (notice: Notice) => void): Undo {
    return this.#onNotice.add(listener)
  }

  onOver(listener: (over: Over) => void): Undo {
    return this.#onOver.add(listener)
  }

  onState(listener: (state: State) => void): Undo {
    return this.#onState.add(listener)
  }

  /**
   * Does a command. Rejects with a Refusal: of the game, or "dropped" when the
   * connection was lost before the answer, so that it may or may not have been done.
   */
  request(command: C): Promise<void> {
    return this.#ask((n, welcome) => protocol.command(n, command, welcome.schema))
  }

  /** Says a line of chat. Rejects like request. */
  say(text: string): Promise<void> {
    return this.#ask((n) => protocol.say(n, text))
  }

  /** Sets the controls from a tick on. Only the newest counts; without a connection it is dropped. */
  input(tick: number, command: C): void {
    if (this.state.phase !== 'connected' || !this.#welcome) return
    this.#input = protocol.input(tick, command, this.#welcome.schema)
    this.#sendInput()
  }

  /** Tries now instead of waiting for the next try. */
  retry(): void {
    this.#link.wake()
  }

  /** Gives the seat up for good. The state becomes closed when the server knows, or soon after. */
  leave(): void {
    this.#link.leave()
  }

  /** Ends the connection and keeps the seat for the grace. */
  close(): void {
    this.#link.close(LocalCode.Closed, 'The connection was closed here.')
  }

  async #ask(frame: (n: number, welcome: Welcome) => Uint8Array<ArrayBuffer>): Promise<void> {
    const welcome = this.#welcome
    if (this.state.phase !== 'connected' || !welcome) throw new Refusal('dropped', 'There is no connection at the moment.')
    if (this.#pending.size >= limits.maxPending) throw new Refusal('busy', 'Too many requests wait for an answer.')
    const n = (this.#n = (this.#n + 1) >>> 0)
    const bytes = frame(n, welcome)
    return new Promise((resolve, reject) => {
      this.#pending.set(n, { resolve, reject })
      this.#link.send(bytes)
    })
  }

  #sendInput(): void {
    if (!this.#input || this.#link.backlog > limits.inputBacklog) return
    this.#link.send(this.#input)
    this.#input = undefined
  }

  #received(frame: Uint8Array): void {
    let message: ServerMessage
    try {
      message = protocol.decode(frame, this.#welcome?.schema)
    } catch (error) {
      this.#world.report(error)
      return this.#link.close(LocalCode.Garbled, 'The server said something this page does not understand.')
    }
    this.#take(message)
    this.#sendInput()
  }

  #take(m: ServerMessage): void {
    switch (m.kind) {
      case 'welcome': return this.#welcomed(m.welcome)
      case 'snapshot': return this.#snapshot(m.tick, m.view as V)
      case 'event': return this.#onEvent.send(m)
      case 'reply': return this.#reply(m.n, m.code, m.text)
      case 'chat': return this.#said(m.line)
      case 'member': return this.#member(m.member)
      case 'pong': return this.clock.pong(m.t / 1000, this.now(), m.tick, m.micros)
      case 'notice': return this.#onNotice.send(m.notice)
      case 'over': return this.#ended(m.over)
      case 'bye': return this.#link.bye(m.code, m.text)
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome
    this.#members = new Map(welcome.members.map((m) => [m.seat, m]))
    this.#chat = []
    this.clock.begin(welcome.tickRate, welcome.tick, this.now())
    this.#onWelcome.send(welcome)
    this.#link.welcomed(welcome.grace)
  }

  #snapshot(tick: number, view: V): void {
    this.#view = view
    this.#tick = tick
    this.clock.arrived(tick, this.now())
    this.#onView.send({ view, tick })
  }

  #reply(n: number, code: string, text: string): void {
    const pending = this.#pending.get(n)
    this.#pending.delete(n)
    if (code === '') pending?.resolve()
    else pending?.reject(new Refusal(code, text))
  }

  #said(line: ChatLine): void {
    this.#chat = [...this.#chat, line].slice(-limits.maxChat)
    this.#onChat.send(line)
  }

  #member(member: Member): void {
    const before = this.#members.get(member.seat)
    if (member.state === 'open') this.#members.delete(member.seat)
    else this.#members.set(member.seat, member)
    this.#onMember.send({ member, before })
  }

  #ended(over: Over): void {
    this.#over = over
    this.#onOver.send(over)
  }

  #changed(state: State): void {
    if (state.phase !== 'connected') this.#drop(state.phase === 'closed' ? state.reason : 'The connection was lost.')
    this.#onState.send(state)
  }

  #drop(reason: string): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    this.#input = undefined
    for (const p of pending) p.reject(new Refusal('dropped', reason))
  }
}
