// What plays a replay: where it is, whether it runs, how fast and as whose eyes.
// The parts of the page ask it and look at it; only it tells the room.

import type { Room } from '../../sdk/src/index.ts'
import { skip, within, type Span } from './time.ts'

export const speeds = [0.5, 1, 2, 4, 8] as const

/** What is to be shown, for a room that takes the place of another. */
export interface Wish {
  readonly tick: number | undefined
  readonly speed: number
  readonly runs: boolean
  readonly seat: number
}

export const fromTheStart: Wish = { tick: undefined, speed: 1, runs: true, seat: -1 }

export class Player {
  // Set once.
  readonly span: Span
  readonly #room: Room
  readonly #changed = new Set<() => void>()

  #speed: number
  #runs: boolean
  #seat: number

  constructor(room: Room, span: Span, wish: Wish) {
    this.#room = room
    this.span = span
    this.#speed = wish.speed
    this.#runs = wish.runs
    this.#seat = wish.seat
    this.#show(wish.tick)
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

  /** All of it, for a room that takes this one's place. */
  get wish(): Wish {
    return { tick: this.#room.view === undefined ? this.#room.showing?.tick : this.tick, speed: this.#speed, runs: this.#runs, seat: this.#seat }
  }

  /** Goes on, stops, or at the end begins again. */
  toggle(): void {
    const again = this.atEnd
    this.#runs = again || !this.#runs
    this.#show(again ? this.span.begins : undefined)
  }

  pace(speed: number): void {
    this.#speed = speed
    this.#show()
  }

  follow(seat: number): void {
    this.#seat = seat
    this.#show()
  }

  seek(tick: number): void {
    this.#show(within(tick, this.span))
  }

  skip(seconds: number): void {
    this.#show(skip(this.tick, seconds, this.span))
  }

  /** Calls whenever something else was asked for. */
  onChange(run: () => void): () => void {
    this.#changed.add(run)
    return () => this.#changed.delete(run)
  }

  #show(tick?: number): void {
    this.#room.show({ tick, speed: this.#runs ? this.#speed : 0, seat: this.#seat })
    for (const run of this.#changed) run()
  }
}
