import { describe, expect, test } from 'vitest'
import { Past } from './past.ts'
import type { ShipView, View } from './view.ts'

const ship = (x: number, more: Partial<ShipView> = {}): ShipView => ({
  seat: 1, flags: 0, score: 0, streak: 0, down: 0, health: 100, shield: 0, aim: 0,
  body: { x, y: 0, vx: 256, vy: 0, dash: 0, dashWait: 0, gunWait: 0, gun: 0, gunLeft: 0 }, ...more,
})
const view = (...ships: ShipView[]): View => ({ phase: 1, ends: 100, limit: 0, map: 0, ships, shots: [], spots: new Uint8Array() })

describe('the past', () => {
  test('shows a ship on its way between two snapshots', () => {
    const past = new Past()
    past.add(view(ship(0)), 10, 10)
    past.add(view(ship(512)), 12, 12)
    expect(past.at(11)[0]?.x, 'half way of two units').toBeCloseTo(1)
    expect(past.at(11.5)[0]?.x).toBeCloseTo(1.5)
  })

  test('turns the shorter way', () => {
    const past = new Past()
    past.add(view(ship(0, { aim: 1000 })), 10, 10)
    past.add(view(ship(0, { aim: 24 })), 12, 12)
    expect(past.at(11)[0]?.aim, 'from 1000 through 0 to 24').toBeCloseTo(2 * Math.PI)
  })

  test('lets ships fly straight on for a moment when snapshots are late', () => {
    const past = new Past()
    past.add(view(ship(0)), 10, 10)
    expect(past.at(12)[0]?.x).toBeCloseTo(2)
    expect(past.at(60)[0]?.x, 'and no longer').toBeCloseTo(3)
  })

  test('does not show a ship fly to where it came back', () => {
    const past = new Past()
    past.add(view(ship(0)), 10, 10)
    past.add(view(ship(25600)), 12, 12)
    expect(past.at(11)[0]?.x).toBe(0)
    expect(past.at(12)[0]?.x).toBeCloseTo(100)
  })

  test('does not show destroyed ships', () => {
    const past = new Past()
    past.add(view(ship(0, { down: 20 }), ship(256, { seat: 2 })), 10, 10)
    past.add(view(ship(0, { down: 18 }), ship(256, { seat: 2 })), 12, 12)
    expect(past.at(11).map((s) => s.seat)).toEqual([2])
  })

  test('is shown so far behind the server that there are two snapshots around it', () => {
    const past = new Past()
    for (let tick = 0; tick < 300; tick += 2) {
      past.add(view(ship(tick * 256)), tick, tick + 1.5)
      const behind = past.follow(tick + 3)
      if (tick > 100) expect(past.at(behind)[0]?.x, `the ship is where it was in tick ${behind}`).toBeCloseTo(behind)
    }
    expect(past.delay, 'snapshots take 50 ms and are 67 ms apart').toBeGreaterThan(116)
  })

  test('begins anew when ticks run backwards', () => {
    const past = new Past()
    past.add(view(ship(25600)), 500, 500)
    past.add(view(ship(0)), 10, 10)
    past.add(view(ship(512)), 12, 12)
    expect(past.at(11)[0]?.x).toBeCloseTo(1)
  })
})
