// Battleship's renderer: keeps what a scene is made of, and lets the table draw
// it whenever a part changes. What it shows follows from the newest view and the
// shots that are younger than it; only a ship in the hand is ahead of the server.
//
// In battleship/: table.ts and board.ts are what is drawn, placing.ts is the
// hand, fleet.ts and words.ts are the thinking, view.ts is what the server says.

import './battleship/battleship.css'
import { cellOf } from './battleship/board.ts'
import { TurnClock } from './battleship/clock.ts'
import { afterShot } from './battleship/fleet.ts'
import { Placing } from './battleship/placing.ts'
import { mayPlace, sideOf, Table } from './battleship/table.ts'
import type { BattleRoom, Cell, Shot, View } from './battleship/view.ts'
import { lostTurn, news, type Onlooker } from './battleship/words.ts'

const placeSeconds = 60 // as game/battleship says; a turn's are an option of the room

export function mount(room: BattleRoom, root: HTMLElement): () => void {
  const play = new Play(room, root)
  const undo = [
    room.onView((view) => play.take(view)),
    room.onMember(() => play.draw()),
    room.onOver(() => play.draw()),
    room.on('turnLost', (lost) => play.say(lostTurn(lost, play.onlooker()))),
    room.on('shot', (shot, tick) => play.fired(shot, tick)),
  ]
  return () => {
    for (const u of undo) u()
    play.stop()
  }
}

class Play {
  readonly #room: BattleRoom
  readonly #root: HTMLElement
  readonly #clock: TurnClock
  readonly #table: Table
  readonly #placing: Placing
  #view: View | undefined
  #aim: Cell | undefined
  #said = ''
  #tick = 0 // of the newest view
  #trouble = false

  constructor(room: BattleRoom, root: HTMLElement) {
    this.#room = room
    this.#root = root
    this.#clock = new TurnClock(room)
    this.#table = new Table(this.#clock, {
      turn: () => this.#placing.turn(),
      shuffle: () => this.#tell(room.request('shuffle')).then(() => this.#placing.reset()),
      ready: () => this.#tell(room.request('ready')),
    })
    this.#placing = new Placing(this.#table.own, (p) => this.#tell(room.request('place', p)), () => this.draw())
    this.#table.foe.field.addEventListener('click', (e) => {
      const cell = e.target instanceof Element ? e.target.closest<HTMLElement>('[data-cell]') : null
      if (cell) this.#shoot(cellOf(cell))
    })
    root.append(this.#table.root)
  }

  onlooker(): Onlooker {
    const name = (seat: number): string => this.#room.members.find((m) => m.seat === seat)?.name || 'Your opponent'
    return { seat: this.#room.seat, names: [name(0), name(1)] }
  }

  /** The side one sits on: a replay is seen from that of whom it follows. */
  get #side(): number {
    return sideOf(this.#room.showing?.seat ?? this.#room.seat)
  }

  take(view: View): void {
    const { seat, info, tick } = this.#room
    const before = this.#view
    this.#view = view
    if (tick < this.#tick) this.#said = '' // a replay went back
    this.#tick = tick
    if (before && (before.phase !== view.phase || (this.#trouble && before.turn !== view.turn))) this.#said = ''
    this.#placing.take(view.sides[this.#side]?.ships ?? [], mayPlace(view, seat))
    this.#clock.run(view.deadline, info?.tickRate ?? 1, view.phase === 'placing' ? placeSeconds : info?.options['turnSeconds'] ?? 1)
    this.draw()
  }

  fired(shot: Shot, tick: number): void {
    if (this.#view && tick > this.#room.tick) this.#view = afterShot(this.#view, shot)
    const target = shot.by === this.#side ? this.#table.foe : this.#table.own
    target.strike(shot, shot.hit ? 'hit' : 'miss')
    this.say(news(shot, this.onlooker()))
  }

  say(text: string, trouble = false): void {
    this.#said = text
    this.#trouble = trouble
    this.draw()
  }

  draw(): void {
    const view = this.#view
    if (!view) return
    const { over } = this.#room
    const side = this.#side
    this.#table.draw({
      view,
      side,
      who: this.onlooker(),
      winner: over?.standings.find((s) => s.place === 1)?.seat,
      said: this.#said,
      trouble: this.#trouble && this.#said !== '',
      ships: this.#placing.drawn(),
      picked: this.#placing.picked,
      aim: this.#aim,
    })
    const turn = view.phase !== 'firing' ? 'none' : view.turn === side ? 'own' : 'foe'
    Object.assign(this.#root.dataset, { phase: view.phase, turn, ready: String(view.sides[side]?.ready) })
  }

  stop(): void {
    this.#clock.stop()
    this.#table.root.remove()
    for (const key of ['phase', 'turn', 'ready']) delete this.#root.dataset[key]
  }

  /** Fires, whichever seat has the turn: if it may not be, the server says why. */
  #shoot(cell: Cell): void {
    if (this.#room.seat < 0 || this.#aim || this.#view?.phase === 'over') return
    this.#aim = cell
    this.draw()
    this.#tell(this.#room.request('fire', cell)).catch(() => {}).finally(() => {
      this.#aim = undefined
      this.draw()
    })
  }

  /** Shows why something asked for was refused, if it was; it rejects all the same. */
  async #tell(asked: Promise<void>): Promise<void> {
    try {
      await asked
      if (this.#trouble) this.say('')
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error), true)
      throw error
    }
  }
}
