// The last second of snapshots, and what lay between two of them.

import { one, radians } from './fixed.ts'
import type { ShipView, View } from './view.ts'

const kept = 40 // snapshots: two seconds
const guessed = 3 // ticks by which ships fly on when snapshots are late
const jump = 10 * one // a way no ship flies between two snapshots

/** A ship as it is drawn. Lengths in units, the aim in radians. */
export interface Sight {
  readonly seat: number
  readonly ship: ShipView // as of the nearer snapshot
  readonly x: number
  readonly y: number
  readonly aim: number
}

interface Moment {
  readonly view: View
  readonly tick: number
}

export class Past {
  #moments: Moment[] = []

  add(view: View, tick: number): void {
    const last = this.#moments.at(-1)
    if (last && tick <= last.tick) this.#moments = [] // another connection's: begin anew
    this.#moments.push({ view, tick })
    if (this.#moments.length > kept) this.#moments.shift()
  }

  /** The flying ships as of a tick, with its fraction. */
  at(tick: number): Sight[] {
    const after = this.#moments.findIndex((m) => m.tick > tick)
    if (after < 0) return this.#guess(tick)
    const b = this.#moments[after]
    const a = this.#moments[after - 1] ?? b
    if (!a || !b) return []
    const part = a === b ? 0 : (tick - a.tick) / (b.tick - a.tick)
    const later = new Map(b.view.ships.map((s) => [s.seat, s]))
    return a.view.ships.filter((s) => s.down === 0).map((s) => between(s, later.get(s.seat), part))
  }

  /** Beyond the newest snapshot ships fly straight on for a moment. */
  #guess(tick: number): Sight[] {
    const last = this.#moments.at(-1)
    if (!last) return []
    const ticks = Math.min(guessed, tick - last.tick)
    return last.view.ships
      .filter((s) => s.down === 0)
      .map((s) => sight(s, s.body.x + s.body.vx * ticks, s.body.y + s.body.vy * ticks, s.aim))
  }
}

function between(a: ShipView, b: ShipView | undefined, part: number): Sight {
  if (!b || b.down > 0 || Math.hypot(b.body.x - a.body.x, b.body.y - a.body.y) > jump) {
    return sight(a, a.body.x, a.body.y, a.aim)
  }
  const turn = ((b.aim - a.aim + 512) & 1023) - 512
  return sight(
    part < 0.5 ? a : b,
    a.body.x + (b.body.x - a.body.x) * part,
    a.body.y + (b.body.y - a.body.y) * part,
    a.aim + turn * part,
  )
}

const sight = (ship: ShipView, x: number, y: number, aim: number): Sight => ({
  seat: ship.seat,
  ship,
  x: x / one,
  y: y / one,
  aim: radians(aim),
})
