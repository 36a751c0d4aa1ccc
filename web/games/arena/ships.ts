// Ships and what is around them: hull, trail, shield.

import { seatColor } from './colors.ts'
import { glow } from './glow.ts'
import type { Body } from './move.ts'
import { Flag, maxShield, type ShipView } from './view.ts'

const trailSeconds = 0.32
const flashSeconds = 0.14

/** A ship where it is shown: lengths in units, the aim in radians. */
export interface Drawn {
  readonly seat: number
  readonly x: number
  readonly y: number
  readonly aim: number
  readonly own: boolean
  readonly ship: ShipView
  readonly body: Body // of the own ship, as it is predicted
  readonly name: string
}

interface Trail {
  points: { x: number; y: number; at: number }[]
}

export class Ships {
  #trails = new Map<number, Trail>()
  #flashes = new Map<number, number>() // seconds at which each was hit
  readonly #hull = hull()

  /** A ship was hit: it lights up for a moment. */
  flash(seat: number, now: number): void {
    this.#flashes.set(seat, now)
  }

  draw(ctx: CanvasRenderingContext2D, ships: readonly Drawn[], now: number): void {
    this.#follow(ships, now)
    for (const s of ships) this.#drawTrail(ctx, s, now)
    for (const s of ships) this.#drawShip(ctx, s, now)
  }

  #follow(ships: readonly Drawn[], now: number): void {
    const here = new Set(ships.map((s) => s.seat))
    for (const seat of this.#trails.keys()) if (!here.has(seat)) this.#trails.delete(seat)
    for (const s of ships) {
      const trail = this.#trails.get(s.seat) ?? { points: [] }
      this.#trails.set(s.seat, trail)
      const last = trail.points.at(-1)
      if (last && Math.hypot(s.x - last.x, s.y - last.y) > 12) trail.points = []
      trail.points.push({ x: s.x, y: s.y, at: now })
      trail.points = trail.points.filter((p) => now - p.at < trailSeconds)
    }
  }

  #drawTrail(ctx: CanvasRenderingContext2D, s: Drawn, now: number): void {
    const points = this.#trails.get(s.seat)?.points ?? []
    ctx.globalCompositeOperation = 'lighter'
    ctx.strokeStyle = seatColor(s.seat)
    ctx.lineCap = 'butt' // round ends would overlap, and show as beads
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1]
      const b = points[i]
      if (!a || !b) continue
      const left = 1 - (now - b.at) / trailSeconds
      ctx.globalAlpha = 0.4 * left * left
      ctx.lineWidth = 2.2 * left
      ctx.beginPath()
      ctx.moveTo(a.x, a.y)
      ctx.lineTo(b.x, b.y)
      ctx.stroke()
    }
    ctx.globalAlpha = 1
    ctx.globalCompositeOperation = 'source-over'
  }

  #drawShip(ctx: CanvasRenderingContext2D, s: Drawn, now: number): void {
    const color = seatColor(s.seat)
    const hit = now - (this.#flashes.get(s.seat) ?? -1) < flashSeconds
    glow(ctx, color, s.x, s.y, s.own ? 7 : 5.5, s.own ? 0.5 : 0.35)
    ctx.save()
    ctx.globalAlpha = s.ship.flags & Flag.away ? 0.4 : 1
    ctx.translate(s.x, s.y)
    ctx.rotate(s.aim)
    ctx.lineJoin = 'round'
    ctx.fillStyle = '#070a16'
    ctx.fill(this.#hull)
    ctx.globalAlpha *= hit ? 1 : 0.45
    ctx.fillStyle = hit ? '#ffffff' : color
    ctx.fill(this.#hull)
    ctx.globalAlpha = s.ship.flags & Flag.away ? 0.4 : 1
    ctx.strokeStyle = s.own ? '#ffffff' : color
    ctx.lineWidth = s.own ? 0.42 : 0.34
    ctx.stroke(this.#hull)
    ctx.restore()
    drawShield(ctx, s, now)
  }
}

function hull(): Path2D {
  const path = new Path2D()
  path.moveTo(2.7, 0)
  path.lineTo(-0.4, 1.1)
  path.lineTo(-1.7, 2)
  path.lineTo(-1.1, 0)
  path.lineTo(-1.7, -2)
  path.lineTo(-0.4, -1.1)
  path.closePath()
  return path
}

/** A full ring while nothing can harm the ship, a ring as long as the shield lasts otherwise. */
function drawShield(ctx: CanvasRenderingContext2D, s: Drawn, now: number): void {
  if (s.ship.flags & Flag.safe) {
    ctx.globalAlpha = 0.55 + 0.3 * Math.sin(now * 9)
    ctx.strokeStyle = '#ffffff'
    ctx.lineWidth = 0.25
    ctx.setLineDash([1.4, 1])
    ctx.lineDashOffset = -now * 6
    circle(ctx, s.x, s.y, 3.4, 1)
    ctx.setLineDash([])
  } else if (s.ship.shield > 0) {
    ctx.globalAlpha = 0.85
    ctx.strokeStyle = '#5cc8ff'
    ctx.lineWidth = 0.4
    circle(ctx, s.x, s.y, 3.3, s.ship.shield / maxShield)
    glow(ctx, '#5cc8ff', s.x, s.y, 5, 0.22)
  }
  ctx.globalAlpha = 1
}

function circle(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, part: number): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * part)
  ctx.stroke()
}
