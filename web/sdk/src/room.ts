// A room, as one member sees it: who is here, the newest view, what was said,
// and the ways to act. It stays the same object over all connections, and
// misses nothing between them: where that cannot be had, the server welcomes
// anew, and the room begins again from what it is told.

import { Clock } from './clock.ts'
import { LocalCode, type State } from './dialer.ts'
import { Signal, type Undo } from './events.ts'
import * as limits from './limits.ts'
import { Link } from './link.ts'
import type { Message } from './outbox.ts'
import * as protocol from './protocol.ts'
import type { ChatLine, Member, Notice, Over, ServerMessage, Welcome } from './protocol.ts'
import { saying } from './schema.ts'
import { Screening, type Showing } from './screening.ts'
import type { World } from './world.ts'

/** What the server told about the room when it let us in. */
export type RoomInfo = Omit<Welcome, 'seat' | 'tick' | 'schema' | 'members'>

/** How an act is asked for. */
export interface Asking {
  /** Milliseconds after which it is given up, if it has not arrived by then. Forever unless told. */
  readonly timeout?: number
}

/** The fields of a command that only say yes. */
export type Yes<C> = { [K in keyof C & string]: C[K] extends boolean ? K : never }[keyof C & string]

/** Something the match said once, whatever it is. */
export type RoomEvent<E extends object> = {
  [K in keyof E & string]: { readonly name: K; readonly data: E[K]; readonly tick: number }
}[keyof E & string]

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
  #notice: Notice | undefined
  #screening: Screening | undefined // once we asked for something to be shown

  #input: protocol.Frame | undefined // not sent yet

  readonly #onState = this.#signal<State>()
  readonly #onWelcome = this.#signal<RoomInfo>()
  readonly #onView = this.#signal<{ view: V; tick: number }>()
  readonly #onMember = this.#signal<{ member: Member; before: Member | undefined }>()
  readonly #onChat = this.#signal<ChatLine>()
  readonly #onNotice = this.#signal<Notice>()
  readonly #onOver = this.#signal<Over>()
  readonly #onEvent = this.#signal<{ name: string; data: unknown; tick: number }>()
  readonly #onFailed = this.#signal<{ error: Error; command: Partial<C> }>()

  constructor(world: World, url: string, ticket: string, client: string) {
    this.#world = world
    this.#link = new Link(world, url, ticket, client, {
      received: (message) => this.#received(message),
      changed: (state) => this.#changed(state),
    })
    this.#link.start()
  }

  /** Where the connection stands. */
  get state(): State {
    return this.#link.state
  }

  /** Our seat; -1 watches, before the welcome and in a screening too. */
  get seat(): number {
    return this.#screening ? protocol.watcher : (this.#welcome?.seat ?? protocol.watcher)
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

  /** How the room is, unless the match just goes on: it stands still (`paused`), or its result waits (`keeping`). */
  get notice(): Notice | undefined {
    return this.#notice
  }

  /** What of a replay was asked to be shown last; its tick is there until it is reached. Undefined in a room that is no replay. */
  get showing(): Showing | undefined {
    return this.#screening?.showing
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

  /**
   * Hears each welcome: the first, and where the conversation could not be resumed, which state says
   * next. Members are as it says; chat, view and over are empty, and what there is of them follows.
   */
  onWelcome(listener: (info: RoomInfo) => void): Undo {
    return this.#onWelcome.add(listener)
  }

  onChat(listener: (line: ChatLine) => void): Undo {
    return this.#onChat.add(listener)
  }

  /** Hears how the room is, whenever that changes: `paused`, `playing`, `keeping`, or what a later server has to say. */
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
   * Does a command, once, however often the connection is lost on the way: a whole one, or one that
   * says a single thing, such as `request('fire', { x, y })`. Such a command's other fields say
   * nothing; where the field is a yes or no, yes is meant. Rejects with a Refusal when the server
   * refused it, and with Unanswered when its answer will not come.
   */
  request(command: C, asking?: Asking): Promise<void>
  request<K extends Yes<C>>(name: K, yes?: true, asking?: Asking): Promise<void>
  request<K extends keyof C & string>(name: K, data: NonNullable<C[K]>, asking?: Asking): Promise<void>
  async request(...said: unknown[]): Promise<void> {
    return this.#ask(actOf(said))
  }

  /** Does a command like request, without waiting: what was not done is told to onFailed. */
  send(command: C, asking?: Asking): void
  send<K extends Yes<C>>(name: K, yes?: true, asking?: Asking): void
  send<K extends keyof C & string>(name: K, data: NonNullable<C[K]>, asking?: Asking): void
  send(...said: unknown[]): void {
    const act = actOf(said)
    this.#ask(act).catch((error: Error) => this.#failed(error, act.said as Partial<C>))
  }

  /**
   * Hears of each command given to send that was refused, or whose answer will not come; the error
   * is what request would have rejected with. Where nobody listens it is reported to the world.
   */
  onFailed(listener: (error: Error, command: Partial<C>) => void): Undo {
    return this.#onFailed.add((e) => listener(e.error, e.command))
  }

  /** Says a line of chat. Settles like request. */
  say(text: string, asking: Asking = {}): Promise<void> {
    return this.#link.ask((n) => protocol.say(n, text), asking.timeout ?? Infinity)
  }

  /** Sets the controls from a tick on. Only the newest counts; without a connection it is dropped. */
  input(tick: number, command: C): void {
    if (this.state.phase !== 'connected' || !this.#welcome) return
    this.#input = protocol.input(tick, command, this.#welcome.schema)
    this.#sendInput()
  }

  /**
   * Makes the room a screening of a replay, and says what it is to show. Only the newest counts; it
   * is said again whenever the connection is back.
   */
  show(showing: Showing): void {
    const screening = this.#screening ?? new Screening(this.clock)
    screening.ask(showing, this.now())
    this.#screening = screening
    this.#sendShow()
  }

  /** Tries now instead of waiting for the next try. */
  retry(): void {
    this.#link.wake()
  }

  /** Gives the seat up for good, after all that was asked. Resolves when the room is closed: the state says how. */
  leave(): Promise<void> {
    this.#link.leave()
    return this.#closed()
  }

  /** Ends the connection and keeps the seat for the grace. */
  close(): void {
    this.#link.close(LocalCode.Closed, 'The connection was closed here.')
  }

  #ask({ said, name, asking }: Act): Promise<void> {
    const write: Message = (n, schema) => {
      const command = name === undefined ? said : saying(schema, name, said[name])
      return protocol.command(n, command, schema)
    }
    return this.#link.ask(write, asking.timeout ?? Infinity)
  }

  #failed(error: Error, command: Partial<C>): void {
    if (this.#onFailed.idle) this.#world.report(error)
    else this.#onFailed.send({ error, command })
  }

  #closed(): Promise<void> {
    if (this.state.phase === 'closed') return Promise.resolve()
    return new Promise((resolve) => {
      this.onState((state) => state.phase === 'closed' && resolve())
    })
  }

  #sendInput(): void {
    if (!this.#input || this.#link.backlog > limits.inputBacklog) return
    this.#link.send(this.#input)
    this.#input = undefined
  }

  #sendShow(): void {
    if (this.#screening && this.state.phase === 'connected') this.#link.send(this.#screening.frame())
  }

  #received(m: ServerMessage): void {
    this.#take(m)
    this.#sendInput()
  }

  #signal<T>(): Signal<T> {
    return new Signal<T>((error) => this.#world.report(error))
  }

  #take(m: ServerMessage): void {
    switch (m.kind) {
      case 'welcome': return this.#welcomed(m.welcome)
      case 'snapshot': return this.#snapshot(m.tick, m.view as V)
      case 'event': return this.#onEvent.send(m)
      case 'chat': return this.#said(m.line)
      case 'member': return this.#member(m.member)
      case 'pong': return this.clock.pong(m.t / 1000, this.now(), m.tick, m.micros)
      case 'notice': return this.#noticed(m.notice)
      case 'over': return this.#ended(m.over)
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome
    this.#members = new Map(welcome.members.map((m) => [m.seat, m]))
    this.#chat = []
    this.#view = undefined
    this.#over = undefined
    this.clock.begin(welcome.tickRate, welcome.tick, this.now())
    this.#onWelcome.send(welcome)
  }

  #snapshot(tick: number, view: V): void {
    const back = this.#view !== undefined && tick < this.#tick
    if (back && !this.#screening?.goes) return // overtaken: not every transport keeps order
    if (back) this.#over = undefined
    this.#view = view
    this.#tick = tick
    this.clock.arrived(tick, this.now())
    this.#screening?.shown(tick, this.now())
    this.#onView.send({ view, tick })
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

  #noticed(notice: Notice): void {
    const goesOn = notice.code === 'playing'
    if (goesOn) this.clock.resume() // it did not run with the match
    this.#notice = goesOn ? undefined : notice
    this.#onNotice.send(notice)
  }

  #ended(over: Over): void {
    this.#over = over
    this.#screening?.ended(over.tick, this.now())
    this.#onOver.send(over)
  }

  #changed(state: State): void {
    this.#notice = undefined // a new connection is told anew
    if (state.phase !== 'connected') this.#input = undefined
    else if (state.began === 'resumed') this.clock.resume()
    if (state.phase !== 'connected') this.#screening?.away(this.now())
    else this.#screening?.back(this.now())
    this.#sendShow()
    this.#onState.send(state)
  }
}

/** A command as it was asked for: whole, or with a name, of which only that field is said. */
interface Act {
  readonly said: Readonly<Record<string, unknown>>
  readonly name: string | undefined
  readonly asking: Asking
}

/** What was said, as it is now: it may be sent later. */
function actOf([first, ...rest]: readonly unknown[]): Act {
  if (typeof first !== 'string') {
    return { said: structuredClone(first) as Act['said'], name: undefined, asking: (rest[0] ?? {}) as Asking }
  }
  const [data = true, asking = {}] = rest
  return { said: { [first]: structuredClone(data) }, name: first, asking: asking as Asking }
}
