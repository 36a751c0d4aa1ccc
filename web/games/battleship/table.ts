// The whole of what battleship puts on the page: words and clock above, two
// boards, and the buttons for placing. It draws what it is given.

import { act, fill, h } from '../../src/dom.ts'
import { Board, type DrawnShip } from './board.ts'
import type { TurnClock } from './clock.ts'
import { fleet } from './fleet.ts'
import type { Cell, Side, View } from './view.ts'
import { advice, headline, type Onlooker } from './words.ts'

/** All that there is to see at one moment. */
export interface Scene {
  readonly view: View
  readonly who: Onlooker
  readonly side: number // the one that is shown as one's own
  readonly winner: number | undefined
  readonly said: string // what happened last; where it is empty, advice stands
  readonly trouble: boolean // whether that is a refusal
  readonly ships: readonly DrawnShip[] // one's own, as the hand has them
  readonly picked: boolean
  readonly aim: Cell | undefined
}

export interface Acts {
  turn(): void
  shuffle(): Promise<void>
  ready(): Promise<void>
}

/** The side one sits on: a watcher sits on that of seat 0. */
export const sideOf = (seat: number): number => Math.max(0, seat)

/** Whether a seat may still move its ships. */
export function mayPlace(view: View, seat: number): boolean {
  return seat >= 0 && (view.phase === 'waiting' || view.phase === 'placing') && !view.sides[seat]?.ready
}

export class Table {
  readonly root: HTMLElement
  readonly own = new Board('own')
  readonly foe = new Board('foe')
  readonly #title = h('h1', { testid: 'headline' })
  readonly #says = h('p', { class: 'bs-says', role: 'status', testid: 'says' })
  readonly #turn: HTMLButtonElement
  readonly #acts: HTMLElement

  constructor(clock: TurnClock, acts: Acts) {
    this.#turn = h('button', { type: 'button', class: 'button', testid: 'turn', on: { click: () => acts.turn() } }, 'Turn')
    const shuffle = h('button', { type: 'button', class: 'button', testid: 'shuffle', on: { click: () => act(shuffle, acts.shuffle, () => {}) } }, 'Shuffle')
    const ready = h('button', { type: 'button', class: 'button primary', testid: 'ready', on: { click: () => act(ready, acts.ready, () => {}) } }, 'Ready')
    this.#acts = h('div', { class: 'bs-acts' }, this.#turn, shuffle, ready)
    this.root = h('div', { class: 'bs' },
      h('header', { class: 'bs-top' }, this.#title, clock.root, this.#says),
      h('div', { class: 'bs-boards' }, this.foe.root, this.own.root),
      this.#acts)
  }

  draw(s: Scene): void {
    const { view, who, side: mine } = s
    const mySide = view.sides[mine] as Side
    const theirs = view.sides[1 - mine] as Side
    const placing = mayPlace(view, who.seat)
    const myTurn = view.phase === 'firing' && view.turn === who.seat

    write(this.#title, headline(view, who, s.winner))
    write(this.#says, s.said || advice(view, who))
    this.#says.dataset.kind = s.trouble ? 'trouble' : 'news'
    this.own.show({ title: who.seat < 0 ? (who.names[mine] as string) : 'Your fleet', shots: mySide.shots, ships: s.ships, open: placing })
    this.foe.show({ title: who.names[1 - mine] as string, shots: theirs.shots, ships: theirs.ships, open: myTurn, aim: s.aim })
    this.own.showFleet(afloat(mySide))
    this.foe.showFleet(afloat(theirs))
    this.#acts.hidden = !placing
    this.#turn.disabled = !s.picked
    this.root.classList.toggle('mine', myTurn)
    this.root.dataset.large = who.seat >= 0 && (view.phase === 'waiting' || view.phase === 'placing') ? 'own' : 'foe'
  }
}

/** Writes only what is new: a screen reader reads what was written. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) fill(element, text)
}

/** The five ships of a side, with those that are known to be sunk. */
function afloat(side: Side): { length: number; sunk: boolean }[] {
  const sunk = side.ships.filter((s) => s.sunk).map((s) => s.length)
  return fleet.map(({ length }) => {
    const i = sunk.indexOf(length)
    if (i >= 0) sunk.splice(i, 1)
    return { length, sunk: i >= 0 }
  })
}
