// One board on the page: its cells, the ships on it, and the way around it with
// the arrow keys. It shows what it is given and knows no rules.

import { fill, h } from '../../src/dom.ts'
import { boardSize, indexOf, nameOf, shipAt, type Lying } from './fleet.ts'
import { hull } from './hull.ts'
import { hit, miss, untried, type Cell } from './view.ts'

/** A ship as it is to be drawn. */
export interface DrawnShip extends Lying {
  readonly sunk: boolean
  readonly look?: 'picked' | 'clear' | 'blocked' | undefined
}

export interface Shown {
  readonly title: string
  readonly shots: Uint8Array
  readonly ships: readonly DrawnShip[]
  /** Whether its cells can be chosen now. */
  readonly open: boolean
  /** A cell that was fired at and not answered yet. */
  readonly aim?: Cell | undefined
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
}

export class Board {
  readonly root: HTMLElement
  readonly field: HTMLElement
  readonly key: 'own' | 'foe'
  readonly #title: HTMLElement
  readonly #fleet: HTMLElement
  readonly #cells: readonly HTMLButtonElement[]
  readonly #ships = new Map<string, HTMLElement>()

  /** `key` is the first part of its cells' names: "own-3-4". */
  constructor(key: 'own' | 'foe') {
    this.key = key
    this.#cells = Array.from({ length: boardSize ** 2 }, (_, i) => cellButton(key, { x: i % boardSize, y: Math.floor(i / boardSize) }))
    const rows = Array.from({ length: boardSize }, (_, y) =>
      h('div', { role: 'row' }, ...this.#cells.slice(y * boardSize, (y + 1) * boardSize)))
    this.#title = h('h2', { id: `bs-${key}` })
    this.#fleet = h('p', { class: 'bs-fleet', testid: `fleet-${key}` })
    this.field = h('div', { class: 'bs-field', role: 'grid', 'aria-labelledby': `bs-${key}` }, ...rows)
    this.field.addEventListener('keydown', (e) => this.#key(e))
    this.root = h('section', { class: 'bs-board', testid: `board-${key}`, 'data-key': key },
      h('header', {}, this.#title, this.#fleet),
      h('div', { class: 'bs-columns', 'aria-hidden': 'true' }, ...labels((i) => String.fromCharCode(65 + i))),
      h('div', { class: 'bs-rows', 'aria-hidden': 'true' }, ...labels((i) => String(i + 1))),
      this.field)
    this.#rove({ x: 0, y: 0 })
  }

  show(s: Shown): void {
    if (this.#title.textContent !== s.title) this.#rename(s.title)
    this.root.classList.toggle('open', s.open)
    this.#cells.forEach((button, i) => showCell(button, cellOf(button), s, s.shots[i] ?? untried))
    this.#showShips(s.ships)
  }

  /** The line of ships above the board: those afloat, and those that are not. */
  showFleet(ships: readonly { readonly length: number; readonly sunk: boolean }[]): void {
    const afloat = ships.filter((s) => !s.sunk).length
    this.#fleet.setAttribute('aria-label', `${afloat} of ${ships.length} ships afloat`)
    this.#fleet.dataset.afloat = String(afloat)
    fill(this.#fleet, ...ships.map((s) => scaled(h('span', { class: s.sunk ? 'sunk' : undefined, 'aria-hidden': 'true' }), { n: s.length })))
  }

  /** Lets a cell be seen to be struck. */
  strike(c: Cell, how: 'miss' | 'hit'): void {
    const mark = scaled(h('span', { class: `bs-strike ${how}` }), { x: c.x, y: c.y })
    mark.addEventListener('animationend', () => mark.remove())
    this.field.append(mark)
  }

  /** The cell at a place on the screen; beyond the edge, the nearest. */
  cellAt(clientX: number, clientY: number): Cell {
    const box = this.field.getBoundingClientRect()
    const along = (at: number, from: number, size: number): number =>
      Math.min(boardSize - 1, Math.max(0, Math.floor(((at - from) / size) * boardSize)))
    return { x: along(clientX, box.left, box.width), y: along(clientY, box.top, box.height) }
  }

  focus(c: Cell): void {
    this.#rove(c)
    this.#cells[indexOf(c)]?.focus()
  }

  /** One cell is in the order of the Tab key: where arrows went last. */
  #rove(c: Cell): void {
    for (const button of this.#cells) button.tabIndex = -1
    const button = this.#cells[indexOf(c)]
    if (button) button.tabIndex = 0
  }

  #key(e: KeyboardEvent): void {
    const arrow = arrows[e.key]
    const from = e.target instanceof HTMLElement && e.target.dataset.cell !== undefined ? cellOf(e.target) : undefined
    if (!arrow || !from || e.defaultPrevented) return
    e.preventDefault()
    this.focus(step(from, e.key))
  }

  /** The board is another's now: their ships lie there, and do not sail there. */
  #rename(title: string): void {
    fill(this.#title, title)
    for (const ship of this.#ships.values()) ship.remove()
    this.#ships.clear()
  }

  #showShips(ships: readonly DrawnShip[]): void {
    const gone = new Set(this.#ships.keys())
    ships.forEach((ship, n) => {
      const name = `${n}/${ship.length}`
      gone.delete(name)
      let element = this.#ships.get(name)
      if (!element) {
        element = h('div', { class: 'bs-ship' }, hull(ship.length) as HTMLElement)
        this.#ships.set(name, element)
        this.field.append(element)
      }
      scaled(element, { x: ship.x, y: ship.y, n: ship.length })
      element.className = ['bs-ship', ship.down && 'down', ship.sunk && 'sunk', ship.look].filter(Boolean).join(' ')
    })
    for (const name of gone) {
      this.#ships.get(name)?.remove()
      this.#ships.delete(name)
    }
  }
}

/** The next cell that way, or the same at the edge. */
export function step(c: Cell, key: string): Cell {
  const [dx, dy] = arrows[key] ?? [0, 0]
  const bound = (n: number): number => Math.min(boardSize - 1, Math.max(0, n))
  return { x: bound(c.x + dx), y: bound(c.y + dy) }
}

/** The cell of a cell's element. */
export function cellOf(element: HTMLElement): Cell {
  const [, x, y] = (element.dataset.cell ?? '').split('-').map(Number)
  return { x: x ?? 0, y: y ?? 0 }
}

/** Gives an element the numbers that its style reckons with: --x, --y, --n. */
function scaled(element: HTMLElement, numbers: Readonly<Record<string, number>>): HTMLElement {
  for (const [name, n] of Object.entries(numbers)) element.style.setProperty(`--${name}`, String(n))
  return element
}

function cellButton(key: string, c: Cell): HTMLButtonElement {
  return h('button', { type: 'button', class: 'bs-cell', role: 'gridcell', 'data-cell': `${key}-${c.x}-${c.y}` })
}

function labels(text: (i: number) => string): HTMLElement[] {
  return Array.from({ length: boardSize }, (_, i) => h('span', {}, text(i)))
}

function showCell(button: HTMLButtonElement, c: Cell, s: Shown, mark: number): void {
  const n = shipAt(s.ships, c)
  const sunk = n >= 0 && s.ships[n]?.sunk === true
  const state = mark === hit ? (sunk ? 'sunk' : 'hit') : mark === miss ? 'miss' : s.aim && indexOf(s.aim) === indexOf(c) ? 'aim' : ''
  set(button, 'mark', state)
  set(button, 'ship', n < 0 ? '' : String(n))
  const words = [nameOf(c), state, n >= 0 && state === '' ? `ship of ${s.ships[n]?.length}` : ''].filter((w) => w !== '').join(', ')
  if (button.ariaLabel !== words) button.ariaLabel = words
}

function set(element: HTMLElement, name: string, value: string): void {
  if (value === '') delete element.dataset[name]
  else if (element.dataset[name] !== value) element.dataset[name] = value
}

