import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sine } from './fixed.ts'
import { charts, clear, type Chart } from './maps.ts'
import { shotAt, step, type Body } from './move.ts'

interface Vectors {
  Sine: number[]
  Charts: { Name: string; Rows: string[] }[]
  Rays: [number, number, number, number, number, number][]
  Paths: [number, number, number, number, number, number][]
  Flights: { Map: number; Body: number[]; Steps: number[][] }[]
}

const file = new URL('../../../game/arena/testdata/move.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

const at = <T>(list: readonly T[], i: number): T => {
  const found = list[i]
  if (found === undefined) throw new Error(`no element ${i}`)
  return found
}

function body(row: number[]): Body {
  const [x = 0, y = 0, vx = 0, vy = 0, dash = 0, dashWait = 0, gunWait = 0, gun = 0, gunLeft = 0] = row
  return { x, y, vx, vy, dash, dashWait, gunWait, gun, gunLeft }
}

// Negative nought is nought: it computes the same and is sent the same.
const row = (b: Body): number[] => [b.x, b.y, b.vx, b.vy, b.dash, b.dashWait, b.gunWait, b.gun, b.gunLeft].map((n) => n + 0)

describe('the browser computes what the server does', () => {
  test('sines', () => {
    expect(vectors.Sine.map((_, a) => sine(a) + 0)).toEqual(vectors.Sine)
  })

  test('the same maps in the same order', () => {
    expect(charts.map((c: Chart) => ({ Name: c.name, Rows: [...c.rows] }))).toEqual(vectors.Charts)
  })

  test('lines of sight', () => {
    for (const [map, x0, y0, x1, y1, want] of vectors.Rays) {
      expect(clear(at(charts, map), x0, y0, x1, y1), `from ${x0},${y0} to ${x1},${y1} on map ${map}`).toBe(want === 1)
    }
  })

  test('the paths of shots', () => {
    for (const [x, y, aim, age, wantX, wantY] of vectors.Paths) {
      expect(shotAt({ x, y, aim }, age), `from ${x},${y} to ${aim} at age ${age}`).toEqual({ x: wantX, y: wantY })
    }
  })

  test.each(vectors.Flights.map((f, i) => ({ i, ...f })))('flight $i, on map $Map', (f) => {
    const b = body(f.Body)
    f.Steps.forEach((s, n) => {
      const [moveX = 0, moveY = 0, aim = 0, fire = 0, dash = 0] = s
      const fires = step(b, { moveX, moveY, aim, fire: fire === 1, dash: dash === 1 }, at(charts, f.Map))
      expect([...row(b), fires ? 1 : 0], `after step ${n}`).toEqual(s.slice(5))
    })
  })
})
