import { describe, expect, test } from 'vitest'
import { charts } from './maps.ts'
import { step, type Body, type Controls } from './move.ts'
import { Pilot, still } from './pilot.ts'
import type { ShipView } from './view.ts'

const chart = charts[2]!

const body = (x = 4000, y = 3000): Body => ({ x, y, vx: 0, vy: 0, dash: 0, dashWait: 0, gunWait: 0, gun: 0, gunLeft: 0 })
const ship = (b: Body, down = 0): ShipView => ({ seat: 3, flags: 0, score: 0, streak: 0, down, health: 100, shield: 0, aim: 0, body: { ...b } })
const right: Controls = { ...still, moveX: 127 }
const left: Controls = { ...still, moveX: -127 }

/** A server a few ticks behind its player, which hears some of what they do. */
class Server {
  tick = 0
  body = body()
  #held = still

  play(heard: (tick: number) => Controls | undefined): void {
    this.tick++
    this.#held = heard(this.tick) ?? this.#held
    step(this.body, this.#held, chart)
  }
}

/** Plays for a while at a distance of some ticks; `lost` inputs never arrive. */
function play(ticks: number, controls: (tick: number) => Controls, lost: (tick: number) => boolean): { pilot: Pilot; server: Server; worst: number } {
  const distance = 6
  const pilot = new Pilot(3, chart)
  const server = new Server()
  const sent = new Map<number, Controls>()
  let worst = 0
  pilot.correct(ship(server.body), 0)
  for (let tick = 1; tick <= ticks; tick++) {
    for (const f of pilot.fly(tick, controls(tick))) if (!lost(f.tick)) sent.set(f.tick, f.controls)
    if (tick <= distance) continue
    server.play((t) => sent.get(t))
    const before = { ...pilot.body! }
    pilot.correct(ship(server.body), server.tick)
    worst = Math.max(worst, Math.hypot(pilot.body!.x - before.x, pilot.body!.y - before.y))
  }
  return { pilot, server, worst }
}

const wild = (tick: number): Controls => ({
  moveX: ((tick * 37) % 255) - 127, moveY: ((tick * 91) % 255) - 127, aim: (tick * 53) & 1023, fire: tick % 3 > 0, dash: tick % 40 === 0,
})

describe('the pilot', () => {
  test('is never corrected when the server heard everything', () => {
    const { worst, pilot } = play(400, wild, () => false)
    expect(worst).toBe(0)
    expect(pilot.corrections).toBe(0)
  })

  test('agrees with the server again soon after a lost input', () => {
    const steer = (tick: number): Controls => (tick % 60 < 30 ? right : left)
    const { pilot, server, worst } = play(290, steer, (tick) => tick >= 240 && tick < 244)
    expect(worst, 'losing the change of direction for some ticks was noticed').toBeGreaterThan(0)
    const ahead = { ...server.body }
    for (let t = server.tick + 1; t <= pilot.tick; t++) step(ahead, steer(t), chart)
    expect(pilot.body, 'in the end both are at the same place').toEqual(ahead)
  })

  test('shows no jump at a correction, and lets the error die away', () => {
    const pilot = new Pilot(3, chart)
    pilot.correct(ship(body()), 0)
    pilot.fly(6, right)
    const shown = pilot.show(0, right)!
    pilot.correct(ship(body(4300, 3100)), 3)
    const after = pilot.show(0, right)!
    expect([after.x, after.y], 'the picture does not move at once').toEqual([shown.x, shown.y])
    pilot.rest(1000)
    const rested = pilot.show(0, right)!
    expect(Math.hypot(rested.x - pilot.body!.x, rested.y - pilot.body!.y), 'a second later it is where the ship is').toBeLessThan(1)
  })

  test('shows a new place at once', () => {
    const pilot = new Pilot(3, chart)
    pilot.correct(ship(body()), 0)
    pilot.correct(ship(body(30000, 3000)), 1)
    expect(pilot.show(0, still)).toMatchObject({ x: 30000, y: 3000 })
  })

  test('has shots of its own until a snapshot can show them', () => {
    const pilot = new Pilot(3, chart)
    pilot.correct(ship(body()), 0)
    const flown = pilot.fly(10, { ...still, aim: 7, fire: true })
    expect(flown.filter((f) => f.effect?.length).map((f) => f.tick), 'one shot every six ticks').toEqual([1, 7])
    expect(pilot.shots.map((s) => [s.seat, s.born, s.aim])).toEqual([[3, 1, 7], [3, 7, 7]])
    const server = body()
    for (let t = 1; t <= 5; t++) step(server, { ...still, aim: 7, fire: true }, chart)
    pilot.correct(ship(server), 5)
    expect(pilot.shots.map((s) => s.born), 'the first is in the snapshot of tick 5').toEqual([7])
  })

  test('flies nothing while the ship is destroyed', () => {
    const pilot = new Pilot(3, chart)
    pilot.correct(ship(body(), 20), 1)
    expect(pilot.fly(5, { ...right, fire: true }).some((f) => f.effect?.length)).toBe(false)
    expect(pilot.show(0, right)).toBeUndefined()
  })

  test('does not catch up what it slept through', () => {
    const pilot = new Pilot(3, chart)
    pilot.correct(ship(body()), 0)
    expect(pilot.fly(5000, right)).toHaveLength(1)
    expect(pilot.tick).toBe(5000)
  })
})
