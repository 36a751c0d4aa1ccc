import { describe, expect, test } from 'vitest'
import { afterShot, cellsOf, isClear, nameOf, ontoBoard, shipAt, turned, type Lying } from './fleet.ts'
import type { Side, View } from './view.ts'

const ship = (x: number, y: number, length: number, down = false): Lying => ({ x, y, length, down })

describe('the board', () => {
  test('cells are named by column and row, as on paper', () => {
    expect(nameOf({ x: 0, y: 0 })).toBe('A1')
    expect(nameOf({ x: 9, y: 9 })).toBe('J10')
  })

  test('a ship covers its length to the right, or down', () => {
    expect(cellsOf(ship(2, 3, 2))).toEqual([{ x: 2, y: 3 }, { x: 3, y: 3 }])
    expect(cellsOf(ship(2, 3, 2, true))).toEqual([{ x: 2, y: 3 }, { x: 2, y: 4 }])
    expect(shipAt([ship(0, 0, 2), ship(2, 3, 2, true)], { x: 2, y: 4 })).toBe(1)
    expect(shipAt([ship(0, 0, 2)], { x: 2, y: 0 }), 'one beyond its end').toBe(-1)
  })

  test('a ship pushed over the edge lies at the edge', () => {
    expect(ontoBoard(ship(8, -2, 5))).toEqual(ship(5, 0, 5))
    expect(ontoBoard(ship(12, 8, 4, true))).toEqual(ship(9, 6, 4, true))
  })

  test('ships may touch and not overlap', () => {
    const other = [ship(0, 0, 5)]
    expect(isClear(ship(0, 1, 5), other)).toBe(true)
    expect(isClear(ship(4, 0, 2, true), other)).toBe(false)
  })
})

describe('turning a ship', () => {
  test('keeps the cell it is held by', () => {
    expect(turned(ship(2, 4, 3), [], 1)).toEqual(ship(3, 3, 3, true))
    expect(turned(ship(3, 3, 3, true), [], 1), 'and back').toEqual(ship(2, 4, 3))
  })

  test('stays on the board', () => {
    expect(turned(ship(0, 9, 5), [])).toEqual(ship(0, 5, 5, true))
  })

  test('takes the nearest clear place where another ship is in the way', () => {
    const other = ship(0, 2, 5)
    const now = turned(ship(0, 0, 3), [other])
    expect(now.down).toBe(true)
    expect(isClear(now, [other]), 'clear of the other').toBe(true)
    expect(now).toEqual(ship(0, 3, 3, true))
  })

  test('leaves it where there is no place at all', () => {
    const rows = Array.from({ length: 10 }, (_, y) => ship(0, y, 10)).filter((s) => s.y !== 4)
    expect(turned(ship(0, 4, 3), rows)).toEqual(ship(0, 4, 3))
  })
})

describe('a shot younger than the view', () => {
  const side: Side = { ready: true, missed: 2, shots: new Uint8Array(100), ships: [] }
  const view: View = { phase: 'firing', turn: 0, deadline: 5, sides: [side, side] }

  test('marks the target, passes the turn and leaves the view as it was', () => {
    const after = afterShot(view, { by: 0, x: 3, y: 1, hit: true, sunk: 0 })
    expect(after.sides[1]?.shots[13]).toBe(2)
    expect(after.sides[0]?.shots[13], 'the shooter’s own board is not hit').toBe(0)
    expect(after.turn).toBe(1)
    expect(after.sides[0]?.missed, 'a shot makes up for lost turns').toBe(0)
    expect(view.sides[1]?.shots[13], 'a view is not ours to change').toBe(0)
  })

  test('gives nobody a turn after the last', () => {
    expect(afterShot({ ...view, phase: 'over', turn: -1 }, { by: 0, x: 0, y: 0, hit: true, sunk: 2 }).turn).toBe(-1)
  })
})
