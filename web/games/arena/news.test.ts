import { describe, expect, test } from 'vitest'
import { Newsroom, type News } from './news.ts'

const kill = (seat: number, tick: number): News => ({ name: 'kill', tick, data: { seat, by: 1, points: 1, streak: 1 } })
const own = 5

describe('news', () => {
  test('of others waits until they are shown in its tick', () => {
    const room = new Newsroom()
    room.add(kill(2, 100))
    expect(room.due(99.5, 104, own)).toEqual([])
    expect(room.due(100, 105, own)).toEqual([kill(2, 100)])
    expect(room.due(101, 106, own), 'and is told once').toEqual([])
  })

  test('of the own ship comes with the snapshot of its tick', () => {
    const room = new Newsroom()
    room.add(kill(own, 100))
    expect(room.due(92, 99, own)).toEqual([])
    expect(room.due(93, 100, own)).toEqual([kill(own, 100)])
  })

  test('is forgotten where a replay goes back: it is told again', () => {
    const room = new Newsroom()
    room.add(kill(2, 100))
    room.clear()
    room.add(kill(2, 100))
    expect(room.due(100, 105, own), 'once').toEqual([kill(2, 100)])
  })

  test('that is old is not shown: the page was asleep', () => {
    const room = new Newsroom()
    room.add(kill(2, 100))
    room.add(kill(2, 1000))
    expect(room.due(1000, 1007, own)).toEqual([kill(2, 1000)])
  })
})
