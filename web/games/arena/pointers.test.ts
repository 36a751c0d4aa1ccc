import { expect, test } from 'vitest'
import { push, type Stick } from './pointers.ts'

const stick = (x: number, y: number): Stick => ({ id: 1, from: { x: 100, y: 100 }, to: { x: 100 + x, y: 100 + y } })

test('a stick is pushed no farther than its ring', () => {
  expect(push(stick(28, 0))).toEqual({ x: 0.5, y: 0 })
  expect(push(stick(0, -500))).toEqual({ x: 0, y: -1 })
  const corner = push(stick(300, 300))
  expect(Math.hypot(corner.x, corner.y), 'also to a corner').toBeCloseTo(1)
  expect(push(undefined)).toEqual({ x: 0, y: 0 })
})
