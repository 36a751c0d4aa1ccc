import { describe, expect, it } from 'vitest'
import { blend, mix, turn, type Blending } from '../src/motion/index.ts'
import { chanceFrom } from './chance.ts'

describe('between two views', () => {
  it('a number goes straight, and on beyond', () => {
    expect([0, 0.25, 1, 1.5].map((part) => mix(10, 20, part))).toEqual([10, 12.5, 20, 25])
  })

  it('a direction goes the shorter way round', () => {
    expect(turn(1000, 24, 0.5, 1024), 'from 1000 through 0 to 24').toBe(1024)
    expect(turn(24, 1000, 0.5, 1024), 'and back').toBe(0)
    expect(turn(350, 10, 0.25, 360)).toBe(355)
    expect(turn(0.1, 2 * Math.PI - 0.1, 0.5), 'a full turn is 2π unless told').toBeCloseTo(0)
  })

  it('a direction never turns by more than half a turn, and arrives', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const chance = chanceFrom(seed)
      const full = chance(2000) + 1
      const [a, b] = [chance(full * 3) - full, chance(full * 3) - full]
      const way = turn(a, b, 1, full) - a
      expect(Math.abs(way), `seed ${seed}`).toBeLessThanOrEqual(full / 2 + 1e-9)
      expect((((a + way - b) % full) + full) % full, `seed ${seed}: it is b, turns aside`).toBeCloseTo(0)
    }
  })
})

interface Thing {
  readonly id: number
  readonly x: number
}

const how: Blending<Thing, string> = {
  key: (t) => t.id,
  mix: (a, b, part) => `${a.id}:${mix(a.x, b.x, part)}`,
  jumped: (a, b) => Math.abs(a.x - b.x) > 50,
}

describe('a list of things between two views', () => {
  const a = [{ id: 1, x: 0 }, { id: 2, x: 10 }, { id: 3, x: 0 }]
  const b = [{ id: 4, x: 7 }, { id: 3, x: 100 }, { id: 1, x: 8 }]

  it('moves what is in both, keeps what vanishes, and does not show yet what appears or where one jumps', () => {
    expect(blend(a, b, 0.5, how)).toEqual(['1:4', '2:10', '3:0'])
  })

  it('is the later list when that is reached', () => {
    expect(blend(a, b, 1, how)).toEqual(['4:7', '3:100', '1:8'])
  })

  it('goes straight on beyond it, but for what was not there or jumped', () => {
    expect(blend(a, b, 1.5, how)).toEqual(['4:7', '3:100', '1:12'])
  })

  it('lets all move unless told what a jump is', () => {
    expect(blend(a, b, 0.5, { key: how.key, mix: how.mix })).toContain('3:50')
  })
})
