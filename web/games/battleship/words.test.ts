import { describe, expect, test } from 'vitest'
import { secondsUntil } from './clock.ts'
import type { Side, View } from './view.ts'
import { advice, headline, lostTurn, news, type Onlooker } from './words.ts'

const side = (ready: boolean): Side => ({ ready, missed: 0, shots: new Uint8Array(100), ships: [] })
const view = (phase: View['phase'], turn = -1, ready = [false, false]): View =>
  ({ phase, turn, deadline: 0, sides: ready.map(side) })

const ann: Onlooker = { seat: 0, names: ['Ann', 'Boris'] }
const watcher: Onlooker = { seat: -1, names: ['Ann', 'Boris'] }

describe('the headline', () => {
  test.each([
    ['Place your fleet', view('placing'), ann],
    ['Ready. Waiting for Boris', view('placing', -1, [true, false]), ann],
    ['The fleets are being placed', view('placing'), watcher],
    ['Your shot', view('firing', 0), ann],
    ['Boris’ shot', view('firing', 1), ann],
    ['Ann’s shot', view('firing', 0), watcher],
  ])('%s', (want, v, who) => expect(headline(v, who, undefined)).toBe(want))

  test('says who won as soon as that is known', () => {
    expect(headline(view('over'), ann, undefined)).toBe('The battle is over')
    expect(headline(view('over'), ann, 0)).toBe('You won')
    expect(headline(view('over'), ann, 1)).toBe('You lost')
    expect(headline(view('over'), watcher, 1)).toBe('Boris won')
  })
})

test('advice is for who has something to do', () => {
  expect(advice(view('firing', 0), ann)).toBe('Pick a cell of their board.')
  expect(advice(view('firing', 1), ann)).toBe('')
  expect(advice(view('placing', -1, [false, true]), ann)).toMatch(/^Boris is ready\. /)
  expect(advice(view('firing', 0), watcher)).toBe('')
})

test('a shot is told from where one sits', () => {
  const shot = { by: 0, x: 2, y: 3, hit: true, sunk: 5 }
  expect(news(shot, ann)).toBe('You sank their carrier at C4!')
  expect(news(shot, { ...ann, seat: 1 })).toBe('Ann sank your carrier at C4!')
  expect(news(shot, watcher)).toBe('Ann sank a carrier at C4!')
  expect(news({ ...shot, sunk: 3 }, ann), 'there are two of three').toBe('You sank their ship of 3 at C4!')
  expect(news({ ...shot, sunk: 0 }, ann)).toBe('You hit at C4.')
  expect(news({ ...shot, sunk: 0, hit: false }, ann)).toBe('You missed at C4.')
})

test('a turn lost says what comes next', () => {
  expect(lostTurn({ seat: 0, left: 2 }, ann)).toBe('The clock took your turn. 2 more in a row and you lose.')
  expect(lostTurn({ seat: 1, left: 1 }, ann)).toBe('The clock took Boris’ turn. 1 more in a row and the match is lost.')
  expect(lostTurn({ seat: 0, left: 0 }, ann)).toBe('The clock took your last turn.')
})

test('a clock counts ticks in seconds, and not below none', () => {
  expect(secondsUntil(310, 10, 10)).toBe(30)
  expect(secondsUntil(310, 305.5, 10)).toBeCloseTo(0.45)
  expect(secondsUntil(310, 311, 10)).toBe(0)
})
