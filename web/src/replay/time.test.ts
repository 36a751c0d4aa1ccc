import { expect, it } from 'vitest'
import { grown, nextSpeed, skip, timeOf, within } from './time.ts'

const span = { begins: 30, ticks: 3000, tick_rate: 30 }

it('tells the time since the match began, and not since the room was opened', () => {
  expect([30, 44, 59, 1830, 2999].map((tick) => timeOf(tick, span))).toEqual(['0:00', '0:00', '0:01', '1:00', '1:39'])
  expect(timeOf(0, span), 'before it there was nothing to see').toBe('0:00')
})

it('stays within the match', () => {
  expect([0, 31.4, 9999].map((tick) => within(tick, span))).toEqual([30, 31, 3000])
  expect(skip(100, -5, span), 'back beyond the beginning').toBe(30)
  expect(skip(100, 5, span)).toBe(250)
  expect(skip(2999, 5, span), 'on beyond the end').toBe(3000)
})

it('grows as the match goes on', () => {
  expect(grown(span, 1500)).toEqual({ ...span, ticks: 3045 })
})

it('goes through the speeds, and no further than they do', () => {
  const speeds = [0.5, 1, 2]
  expect([nextSpeed(speeds, 1, 1), nextSpeed(speeds, 2, 1), nextSpeed(speeds, 0.5, -1)]).toEqual([2, 2, 0.5])
})
