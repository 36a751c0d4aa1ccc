import { expect, test } from 'vitest'
import type { Line } from './board.ts'
import { Watch } from './watch.ts'

/** The board of these seats, the first leading. */
const board = (...seats: number[]): Line[] => seats.map((seat, i) => ({ place: i + 1, name: '', own: false, ship: { seat } as Line['ship'] }))

test('a watcher looks at the leader, until they choose another', () => {
  const watch = new Watch()
  expect(watch.seat(board(3, 5))).toBe(3)
  watch.next(board(3, 5))
  expect(watch.seat(board(3, 5))).toBe(5)
  expect(watch.seat(board(3)), 'who left is not looked at').toBe(3)
})

test('a replay looks at whom it follows, if they are in play then', () => {
  const watch = new Watch()
  expect(watch.seat(board(3, 5), 5)).toBe(5)
  expect(watch.seat(board(3), 5), 'they came later').toBe(3)
  expect(watch.seat(board(3, 5), -1), 'it follows nobody').toBe(3)
})
