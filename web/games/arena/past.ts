// The others, a little behind the server: their ships as they were between two
// snapshots. How far behind, the timeline learns from how the snapshots come.

import { blend, mix, Timeline, turn, type Blending } from '../../sdk/src/motion/index.ts'
import { fullTurn, one, radians } from './fixed.ts'
import { tickRate, type ShipView, type View } from './view.ts'

const jump = 10 * one // a way no ship flies between two snapshots

/** A ship as it is drawn. Lengths in units, the aim in radians. */
export interface Sight {
  readonly seat: number
  readonly ship: ShipView // as of the nearer snapshot
  readonly x: number
  readonly y: number
  readonly aim: number
}

export class Past {
  readonly #timeline = new Timeline<View>(tickRate)

  /** Milliseconds behind the server. */
  get delay(): number {
    return this.#timeline.delay
  }

  /** Takes the snapshot of a tick, which came when the server was at `now`, and the match went at so many times its speed. */
  add(view: View, tick: number, now: number, speed = 1): void {
    this.#timeline.pace(speed)
    this.#timeline.add(view, tick, now)
  }

  /** The tick to show when the server is at `now`. */
  follow(now: number): number {
    return this.#timeline.follow(now)
  }

  /** The flying ships as of a tick, with its fraction. */
  at(tick: number): Sight[] {
    const between = this.#timeline.at(tick)
    if (!between) return []
    const { a, b, part, beyond } = between
    if (beyond > 0) return flying(b).map((s) => flownOn(s, beyond))
    return blend(flying(a), flying(b), part, ships)
  }

  clear(): void {
    this.#timeline.clear()
  }
}

const flying = (view: View): ShipView[] => view.ships.filter((s) => s.down === 0)

const ships: Blending<ShipView, Sight> = {
  key: (s) => s.seat,
  jumped: (a, b) => Math.hypot(b.body.x - a.body.x, b.body.y - a.body.y) > jump,
  mix: (a, b, part) =>
    sight(part < 0.5 ? a : b, mix(a.body.x, b.body.x, part), mix(a.body.y, b.body.y, part), turn(a.aim, b.aim, part, fullTurn)),
}

/** Beyond the newest snapshot ships fly straight on for a moment. */
const flownOn = (s: ShipView, ticks: number): Sight => sight(s, s.body.x + s.body.vx * ticks, s.body.y + s.body.vy * ticks, s.aim)

const sight = (ship: ShipView, x: number, y: number, aim: number): Sight => ({
  seat: ship.seat,
  ship,
  x: x / one,
  y: y / one,
  aim: radians(aim),
})
