// What plays a replay: where it is, whether it runs, how fast and as whose eyes; of
// a match that is still played, whether it is seen as it is played. The parts of
// the page ask it and look at it; only it tells the room.

import type { Notice, Room, Undo } from '../../sdk/src/index.ts'
import { grown, skip, within, type Span } from './time.ts'

export const speeds = [0.5, 1, 2, 4, 8] as const

/** What is to be shown, for a room that takes the place of another. */
export interface Wish {
  readonly tick: number | undefined
  readonly speed: number
  readonly runs: boolean
  readonly seat: number
  /** A match that is still played is to be seen as it is played. */
  readonly live: boolean
}

export const fromTheStart: Wish = { tick: undefined, speed: 1, runs: true, seat: -1, live: true }

/** What the player has to know of a replay. */
export interface Shown extends Span {
  readonly live: boolean
  readonly hidden: boolean
  readonly delay: number
}

/** So many seconds before what can be seen it is as good as live. */
const asGoodAsLive = 4

export class Player {
  // Set once.
  readonly delay: number
  readonly #hidden: boolean
  readonly #room: Room
  readonly #began: number
  readonly #changed = new Set<() => void>()
  readonly #unhear: Undo

  #span: Span // as it was when it began, or when the match had ended
  #played: boolean // the match is still
  #isLive = false // and this is seen as it is
  #speed: number
  #runs: boolean
  #seat: number
  #live: boolean // it is to be

  constructor(room: Room, shown: Shown, wish: Wish) {
    this.#room = room
    this.#began = room.now()
    this.#span = shown
    this.delay = shown.delay
    this.#hidden = shown.hidden
    this.#played = shown.live
    this.#speed = wish.speed
    this.#runs = wish.runs
    this.#seat = wish.seat
    this.#live = shown.live && wish.live
    this.#unhear = room.onNotice((n) => this.#hear(n))
    this.#show(this.#live ? Infinity : wish.tick)
  }

  /** Where the match begins and, as well as it is known here, how far it can be seen by now. */
  get span(): Span {
    return this.#played ? grown(this.#span, this.#room.now() - this.#began) : this.#span
  }

  /** The tick that is shown, or gone to. */
  get tick(): number {
    const { showing, clock, over } = this.#room
    return within(showing?.tick ?? over?.tick ?? clock.tickAt(this.#room.now()), this.span)
  }

  get speed(): number {
    return this.#speed
  }

  /** Whether it goes on by itself: not at the end. */
  get runs(): boolean {
    return this.#runs && !this.atEnd
  }

  get seat(): number {
    return this.#seat
  }

  get atEnd(): boolean {
    return this.#room.over !== undefined && this.#room.showing?.tick === undefined
  }

  /** Whether the match is still played. */
  get played(): boolean {
    return this.#played
  }

  /** Whether it is, and is seen as it is played. */
  get isLive(): boolean {
    return this.#played && this.#isLive && this.runs
  }

  /** Whether any player's eyes are to be had: what a game hides it hides while it is played. */
  get follows(): boolean {
    return !(this.#played && this.#hidden)
  }

  /** All of it, for a room that takes this one's place. */
  get wish(): Wish {
    return {
      tick: this.#room.view === undefined ? this.#room.showing?.tick : this.tick,
      speed: this.#speed, runs: this.#runs, seat: this.#seat, live: this.#live,
    }
  }

  /** Goes on, stops, or at the end begins again. */
  toggle(): void {
    const again = this.atEnd
    this.#runs = again || !this.#runs
    this.#live = false
    this.#show(again ? this.span.begins : undefined)
  }

  pace(speed: number): void {
    this.#speed = this.isLive ? Math.min(speed, 1) : speed
    this.#live &&= speed >= 1
    this.#show()
  }

  follow(seat: number): void {
    this.#seat = seat
    this.#show()
  }

  seek(tick: number): void {
    const { ticks, tick_rate } = this.span
    if (this.#played && tick > this.tick && tick > ticks - asGoodAsLive * tick_rate) return this.goLive()
    this.#live = false
    this.#show(within(tick, this.span))
  }

  skip(seconds: number): void {
    if (seconds > 0 && this.isLive) return
    this.seek(skip(this.tick, seconds, this.span))
  }

  /** Goes to where the match is by now, and on with it. */
  goLive(): void {
    this.#live = this.#runs = true
    this.#speed = 1
    this.#show(Infinity)
  }

  /** The match had so many ticks. */
  ended(ticks: number): void {
    this.#span = { ...this.#span, ticks }
    this.#tell()
  }

  /** Calls whenever something else was asked for, or it stands otherwise. */
  onChange(run: () => void): Undo {
    this.#changed.add(run)
    return () => this.#changed.delete(run)
  }

  stop(): void {
    this.#unhear()
  }

  #hear({ code }: Notice): void {
    switch (code) {
      case 'live':
        this.#isLive = true
        if (this.#speed > 1) this.pace(1) // it came from behind
        break
      case 'behind':
        this.#isLive = false
        if (this.#live && this.#runs) this.#show(Infinity) // there was no connection for a while
        break
      case 'ended':
        this.#span = this.span
        this.#played = this.#live = false
        break
      default: return
    }
    this.#tell()
  }

  #show(tick?: number): void {
    this.#room.show({ tick, speed: this.#runs ? this.#speed : 0, seat: this.#seat })
    this.#tell()
  }

  #tell(): void {
    for (const run of this.#changed) run()
  }
}
