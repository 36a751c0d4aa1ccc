import { describe, expect, test } from 'vitest'
import { standings, top } from './board.ts'
import type { ShipView } from './view.ts'

const ship = (seat: number, score: number): ShipView => ({
  seat, score, flags: 0, streak: 0, down: 0, health: 100, shield: 0, aim: 0,
  body: { x: 0, y: 0, vx: 0, vy: 0, dash: 0, dashWait: 0, gunWait: 0, gun: 0, gunLeft: 0 },
})
const lines = standings([ship(0, 2), ship(1, 7), ship(2, 2), ship(3, 0)], (seat) => `ship ${seat}`, 3)

describe('the board', () => {
  test('has most points first, and equal points share a place', () => {
    expect(lines.map((l) => [l.place, l.ship.seat])).toEqual([[1, 1], [2, 0], [2, 2], [4, 3]])
  })

  test('always has the own line, however short it is', () => {
    expect(top(lines, 2).map((l) => l.ship.seat)).toEqual([1, 3])
    expect(top(lines, 4)).toEqual(lines)
  })
})
