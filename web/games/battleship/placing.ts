// Moving one's own ships before the battle: with a finger or a mouse, or with
// the keys. A ship follows the hand at once; the server has the last word.
//
//   pointer  drag a ship; tap it to pick it, tap it again to turn it
//   keys     Enter picks a ship up and puts it down, arrows move it, R turns
//            it, Escape puts it back

import { step, cellOf, type Board, type DrawnShip } from './board.ts'
import { cellsOf, isClear, ontoBoard, same, shipAt, turned, type Lying } from './fleet.ts'
import type { Cell, Place, Ship } from './view.ts'

/** A ship in the hand: which, by which of its cells, and where it would lie. */
interface Held {
  readonly ship: number
  readonly grip: number
  readonly at: Lying
  readonly pointer: number | undefined // none: the keys hold it
  readonly wasPicked: boolean
}

/** A ship that was put down, until a view shows it there. */
interface Put {
  readonly at: Lying
  answered: boolean
}

export class Placing {
  #ships: readonly Ship[] = []
  #open = false
  #held: Held | undefined
  #picked: number | undefined
  #put = new Map<number, Put>()
  readonly #board: Board
  readonly #ask: (p: Place) => Promise<void>
  readonly #changed: () => void

  /** `ask` resolves when the ship lies there, and rejects when it may not. */
  constructor(board: Board, ask: (p: Place) => Promise<void>, changed: () => void) {
    this.#board = board
    this.#ask = ask
    this.#changed = changed
    const field = board.field
    field.addEventListener('pointerdown', (e) => this.#down(e))
    field.addEventListener('pointermove', (e) => this.#move(e))
    field.addEventListener('pointerup', (e) => this.#up(e))
    field.addEventListener('pointercancel', () => this.#letGo())
    field.addEventListener('keydown', (e) => this.#key(e), { capture: true })
    field.addEventListener('focusout', (e) => {
      if (this.#held?.pointer === undefined && !field.contains(e.relatedTarget as Node | null)) this.#letGo()
    })
  }

  /** Takes what a view says. Ships put down that were answered are where it says by now. */
  take(ships: readonly Ship[], open: boolean): void {
    this.#ships = ships
    this.#open = open
    for (const [n, put] of this.#put) if (put.answered) this.#put.delete(n)
    if (open) return
    this.#held = this.#picked = undefined
  }

  /** Whether a ship is picked, for the button that turns it. */
  get picked(): boolean {
    return this.#open && this.#picked !== undefined
  }

  /** Forgets what is in the hand: all ships get new places. */
  reset(): void {
    this.#picked = undefined
    this.#held = undefined
    this.#put.clear()
  }

  turn(): void {
    if (this.#held) return this.#hold(turned(this.#held.at, [], this.#held.grip))
    if (this.#picked !== undefined) this.#turn(this.#picked, 0)
  }

  /** The fleet as the hand has it. */
  drawn(): DrawnShip[] {
    return this.#ships.map((ship, n) => ({ ...this.#lying(n), sunk: ship.sunk, look: this.#look(n) }))
  }

  #look(n: number): DrawnShip['look'] {
    if (this.#held?.ship === n) return isClear(this.#held.at, this.#others(n)) ? 'clear' : 'blocked'
    return this.picked && this.#picked === n ? 'picked' : undefined
  }

  #lying(n: number): Lying {
    return (this.#held?.ship === n ? this.#held.at : this.#put.get(n)?.at) ?? (this.#ships[n] as Lying)
  }

  #all(): Lying[] {
    return this.#ships.map((_, n) => this.#lying(n))
  }

  #others(n: number): Lying[] {
    return this.#all().filter((_, i) => i !== n)
  }

  #down(e: PointerEvent): void {
    if (!this.#open || !e.isPrimary || e.button !== 0) return
    const cell = this.#board.cellAt(e.clientX, e.clientY)
    this.#letGo()
    if (!this.#lift(cell, e.pointerId)) this.#picked = undefined
    else this.#board.field.setPointerCapture(e.pointerId)
    this.#changed()
  }

  #lift(cell: Cell, pointer: number | undefined): boolean {
    const ship = shipAt(this.#all(), cell)
    if (ship < 0) return false
    const at = this.#lying(ship)
    const grip = cellsOf(at).findIndex((c) => c.x === cell.x && c.y === cell.y)
    this.#held = { ship, grip, at, pointer, wasPicked: this.#picked === ship }
    this.#picked = ship
    return true
  }

  #move(e: PointerEvent): void {
    if (this.#held?.pointer === e.pointerId) this.#carryTo(this.#board.cellAt(e.clientX, e.clientY))
  }

  /** Moves the ship in the hand so that the cell it is held by comes to lie on c. */
  #carryTo(c: Cell): void {
    const held = this.#held
    if (!held) return
    const { at, grip } = held
    this.#hold(ontoBoard({ ...at, x: c.x - (at.down ? 0 : grip), y: c.y - (at.down ? grip : 0) }))
  }

  #hold(at: Lying): void {
    if (!this.#held || same(at, this.#held.at)) return
    this.#held = { ...this.#held, at, wasPicked: false }
    this.#changed()
  }

  #up(e: PointerEvent): void {
    const held = this.#held
    if (held?.pointer !== e.pointerId) return
    this.#held = undefined
    if (held.wasPicked) this.#turn(held.ship, held.grip)
    else this.#lay(held.ship, held.at)
    this.#changed()
  }

  #letGo(): void {
    if (!this.#held) return
    this.#held = undefined
    this.#changed()
  }

  #turn(ship: number, grip: number): void {
    this.#lay(ship, turned(this.#lying(ship), this.#others(ship), grip))
  }

  #lay(ship: number, at: Lying): void {
    if (same(at, this.#lying(ship))) return
    const put: Put = { at, answered: false }
    this.#put.set(ship, put)
    this.#changed()
    this.#ask({ ship, x: at.x, y: at.y, down: at.down }).then(
      () => (put.answered = true),
      () => {
        if (this.#put.get(ship) === put) this.#put.delete(ship)
        this.#changed()
      },
    )
  }

  #key(e: KeyboardEvent): void {
    if (!this.#open || !(e.target instanceof HTMLElement) || e.target.dataset.cell === undefined) return
    const cell = cellOf(e.target)
    if (this.#press(e.key, cell)) {
      e.preventDefault()
      e.stopPropagation()
    }
  }

  /** Does what a key on a cell says; false if it says nothing here. */
  #press(key: string, cell: Cell): boolean {
    const held = this.#held
    switch (key) {
      case 'r':
      case 'R':
        if (held || this.#picked !== undefined || this.#pick(cell)) this.turn()
        return true
      case 'Enter':
      case ' ':
        if (!held) this.#lift(cell, undefined)
        else {
          this.#held = undefined
          this.#lay(held.ship, held.at)
        }
        this.#changed()
        return true
      case 'Escape':
        this.#letGo()
        return held !== undefined
    }
    if (!held || !key.startsWith('Arrow')) return false
    this.#carryTo(step(cellsOf(held.at)[held.grip] as Cell, key))
    this.#board.focus(cellsOf(this.#held?.at ?? held.at)[held.grip] as Cell)
    return true
  }

  #pick(cell: Cell): boolean {
    const ship = shipAt(this.#all(), cell)
    this.#picked = ship < 0 ? undefined : ship
    return ship >= 0
  }
}
