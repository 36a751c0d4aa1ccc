// What flies and what lies about: shots and pickups.

import { kindColor, seatColor } from './colors.ts'
import { cosine, one, radians, sine, sineOne } from './fixed.ts'
import { glow } from './glow.ts'
import type { Chart } from './maps.ts'
import { shotSpeed } from './move.ts'
import type { Streak } from './shots.ts'
import { Kind } from './view.ts'

const nose = 2.6 // units from a ship's middle to where its shots are first seen
const length = 4.2 // units of a shot's streak

export function drawShots(ctx: CanvasRenderingContext2D, shots: readonly Streak[]): void {
  ctx.lineCap = 'round'
  for (const s of shots) {
    const flown = (s.age * shotSpeed) / one
    if (flown < nose) continue
    const tail = Math.min(length, flown - nose)
    const dx = (cosine(s.aim) / sineOne) * tail
    const dy = (sine(s.aim) / sineOne) * tail
    const color = seatColor(s.seat)
    glow(ctx, color, s.x, s.y, 2.4, 0.8)
    ctx.strokeStyle = color
    ctx.globalAlpha = 0.5
    ctx.lineWidth = 0.9
    line(ctx, s.x - dx, s.y - dy, s.x, s.y)
    ctx.globalAlpha = 1
    ctx.strokeStyle = '#ffffff'
    ctx.lineWidth = 0.4
    line(ctx, s.x - dx * 0.5, s.y - dy * 0.5, s.x, s.y)
  }
}

export function drawPickups(ctx: CanvasRenderingContext2D, spots: Uint8Array, on: Chart, now: number): void {
  on.spots.forEach((at, i) => {
    const kind = spots[i] ?? Kind.nothing
    const x = at.x / one
    const y = at.y / one
    const color = kindColor[kind] ?? kindColor[0]
    ctx.lineWidth = 0.22
    ctx.strokeStyle = color
    ctx.globalAlpha = kind === Kind.nothing ? 0.12 : 0.45
    ctx.beginPath()
    ctx.arc(x, y, 2.3, 0, 2 * Math.PI)
    ctx.stroke()
    ctx.globalAlpha = 1
    if (kind === Kind.nothing) return
    const bob = Math.sin(now * 2.6 + i) * 0.25
    glow(ctx, color, x, y + bob, 4.6 + Math.sin(now * 4 + i) * 0.4, 0.45)
    ctx.save()
    ctx.translate(x, y + bob)
    ctx.strokeStyle = color
    ctx.fillStyle = color
    ctx.lineWidth = 0.45
    ctx.lineJoin = 'round'
    drawKind(ctx, kind)
    ctx.restore()
  })
}

/** The sign of a kind, about two units wide, around the origin. */
function drawKind(ctx: CanvasRenderingContext2D, kind: number): void {
  ctx.beginPath()
  if (kind === Kind.health) {
    ctx.rect(-1.15, -0.38, 2.3, 0.76)
    ctx.rect(-0.38, -1.15, 0.76, 2.3)
    ctx.fill()
  } else if (kind === Kind.shield) {
    ctx.moveTo(0, -1.3)
    ctx.lineTo(1.1, -0.8)
    ctx.quadraticCurveTo(1, 0.7, 0, 1.3)
    ctx.quadraticCurveTo(-1, 0.7, -1.1, -0.8)
    ctx.closePath()
    ctx.stroke()
  } else if (kind === Kind.rapid) {
    for (const x of [-0.9, -0.1]) {
      ctx.moveTo(x - 0.1, -0.95)
      ctx.lineTo(x + 0.85, 0)
      ctx.lineTo(x - 0.1, 0.95)
    }
    ctx.stroke()
  } else {
    for (const a of [-100, 0, 100]) {
      const turn = radians(a)
      ctx.moveTo(-1 + 0.9 * Math.cos(turn), 0.9 * Math.sin(turn))
      ctx.lineTo(-1 + 2.2 * Math.cos(turn), 2.2 * Math.sin(turn))
    }
    ctx.stroke()
    ctx.beginPath()
    ctx.arc(-1, 0, 0.35, 0, 2 * Math.PI)
    ctx.fill()
  }
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath()
  ctx.moveTo(x0, y0)
  ctx.lineTo(x1, y1)
  ctx.stroke()
}
