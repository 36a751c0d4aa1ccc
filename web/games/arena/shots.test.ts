import { describe, expect, test } from 'vitest'
import { one } from './fixed.ts'
import { charts } from './maps.ts'
import { Shots, timeOf } from './shots.ts'
import type { ShotView, View } from './view.ts'

const chart = charts[2]
if (!chart) throw new Error('no map')

// Along the open row at the top of the third map.
const shot = (more: Partial<ShotView> = {}): ShotView => ({ seat: 1, born: 100, x: 2048 * 3, y: 3072, aim: 0, ...more })
const view = (...shots: ShotView[]): View => ({ phase: 1, ends: 900, limit: 0, map: 2, ships: [], shots, spots: new Uint8Array() })
const unit = (s: ShotView): { x: number; y: number } => ({ x: s.x / one, y: s.y / one })
const nobody = (tick: number): { at: undefined; ahead: number; behind: number } => ({ at: undefined, ahead: tick, behind: tick })

describe('shots', () => {
  test('near the own ship are shown in its time, far away in that of the others', () => {
    const by = { at: unit(shot()), ahead: 105, behind: 98 }
    expect(timeOf(shot({ born: 104 }), by), 'just fired by the own ship').toBe(105)
    expect(timeOf(shot({ x: 2048 * 20, born: 90 }), by), 'far away').toBe(98)
  })

  test('never run backwards on their way from one time to the other', () => {
    let last = -Infinity
    for (let t = 0; t < 28; t += 0.25) {
      const time = timeOf(shot(), { at: unit(shot()), ahead: 100 + t, behind: 93 + t })
      expect(time, `${t} ticks after it was fired`).toBeGreaterThan(last)
      last = time
    }
  })

  test('fly straight from where they were fired', () => {
    const shots = new Shots()
    shots.take(view(shot()), 101, chart)
    expect(shots.seen(nobody(104), [], chart)).toMatchObject([{ seat: 1, x: 24 + 4 * 3.25, y: 12, age: 4 }])
    expect(shots.seen(nobody(99), [], chart), 'not before they were fired').toEqual([])
  })

  test('are gone when a snapshot no longer has them', () => {
    const shots = new Shots()
    shots.take(view(shot()), 101, chart)
    shots.take(view(), 104, chart)
    expect(shots.seen(nobody(103), [], chart), 'still there before').toHaveLength(1)
    expect(shots.seen(nobody(104), [], chart)).toEqual([])
  })

  test('end at walls without being told', () => {
    const shots = new Shots()
    const up = shot({ aim: 768 }) // half a tile from the wall
    shots.take(view(up), 100, chart)
    expect(shots.seen(nobody(101), [], chart)).toHaveLength(1)
    expect(shots.seen(nobody(102), [], chart)).toEqual([])
  })

  test('of the own ship are shown before a snapshot has them', () => {
    expect(new Shots().seen({ at: unit(shot()), ahead: 101, behind: 94 }, [shot()], chart)).toHaveLength(1)
  })
})
