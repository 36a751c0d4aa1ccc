// The board and what lies on it. Pure.

import { hit, miss, type Cell, type Ship, type Shot, type View } from './view.ts'

export const boardSize = 10

/** The ships of a fleet, by their numbers. */
export const fleet = [
  { name: 'carrier', length: 5 },
  { name: 'battleship', length: 4 },
  { name: 'cruiser', length: 3 },
  { name: 'submarine', length: 3 },
  { name: 'destroyer', length: 2 },
] as const

/** A ship's place on the board. */
export type Lying = Pick<Ship, 'x' | 'y' | 'length' | 'down'>

/** The number of a cell, row by row. */
export const indexOf = ({ x, y }: Cell): number => y * boardSize + x

/** "C4": columns are letters, rows are numbers. */
export const nameOf = ({ x, y }: Cell): string => String.fromCharCode(65 + x) + (y + 1)

export function cellsOf({ x, y, length, down }: Lying): Cell[] {
  return Array.from({ length }, (_, i) => (down ? { x, y: y + i } : { x: x + i, y }))
}

/** The number of the ship that lies on a cell, or -1. */
export function shipAt(ships: readonly Lying[], { x, y }: Cell): number {
  return ships.findIndex((s) => cellsOf(s).some((c) => c.x === x && c.y === y))
}

/** The place nearest to where a ship is, that is on the board. */
export function ontoBoard(ship: Lying): Lying {
  const most = boardSize - ship.length
  const clamp = (n: number, max: number): number => Math.min(Math.max(n, 0), max)
  const x = clamp(ship.x, ship.down ? boardSize - 1 : most)
  const y = clamp(ship.y, ship.down ? most : boardSize - 1)
  return { ...ship, x, y }
}

/** Whether a ship on the board is clear of all others. */
export function isClear(ship: Lying, others: readonly Lying[]): boolean {
  return cellsOf(ship).every((c) => shipAt(others, c) < 0)
}

/**
 * A ship turned about one of its cells. If another lies there, the nearest clear
 * place is taken; if there is none, it stays as it was.
 */
export function turned(ship: Lying, others: readonly Lying[], grip = 0): Lying {
  const pivot = cellsOf(ship)[grip] ?? ship
  const down = !ship.down
  const aim = ontoBoard({ ...ship, down, x: pivot.x - (down ? 0 : grip), y: pivot.y - (down ? grip : 0) })
  const far = (c: Cell): number => Math.abs(c.x - aim.x) + Math.abs(c.y - aim.y)
  const all = Array.from({ length: boardSize ** 2 }, (_, i) => ({ ...aim, x: i % boardSize, y: Math.floor(i / boardSize) }))
  const free = all.filter((s) => same(s, ontoBoard(s)) && isClear(s, others))
  return free.sort((a, b) => far(a) - far(b))[0] ?? ship
}

export const same = (a: Lying, b: Lying): boolean => a.x === b.x && a.y === b.y && a.down === b.down

/**
 * The view as it is after a shot that is younger than it: views come a few times
 * a second, and a shot is to be seen at once. What ship it sank comes with the
 * next view.
 */
export function afterShot(view: View, shot: Shot): View {
  const target = 1 - shot.by
  const sides = view.sides.map((side, seat) => {
    if (seat !== target) return { ...side, missed: 0 }
    const shots = side.shots.slice()
    shots[indexOf(shot)] = shot.hit ? hit : miss
    return { ...side, shots }
  })
  return { ...view, sides, turn: view.phase === 'firing' ? target : -1 }
}
