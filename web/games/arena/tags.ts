// Words within the picture: names and health beside ships, and words that rise
// and fade. They are drawn in CSS pixels, so that letters stay sharp.

import type { Camera } from './camera.ts'
import { bad, dim, ink, seatColor } from './colors.ts'
import type { Drawn } from './ships.ts'
import { Flag, maxHealth } from './view.ts'

const life = 1.1 // seconds of a word
const rise = 40 // CSS pixels a second

interface Word {
  readonly text: string
  readonly x: number // units
  readonly y: number
  readonly color: string
  age: number
}

export class Words {
  #words: Word[] = []

  add(text: string, x: number, y: number, color: string): void {
    this.#words.push({ text, x, y, color, age: 0 })
  }

  move(seconds: number): void {
    for (const w of this.#words) w.age += seconds
    this.#words = this.#words.filter((w) => w.age < life)
  }

  draw(ctx: CanvasRenderingContext2D, camera: Camera): void {
    ctx.textAlign = 'center'
    ctx.font = '800 20px system-ui, sans-serif'
    for (const w of this.#words) {
      const at = camera.toScreen(w)
      ctx.globalAlpha = Math.min(1, (life - w.age) * 2.5)
      ctx.fillStyle = w.color
      ctx.fillText(w.text, at.x, at.y - w.age * rise)
    }
    ctx.globalAlpha = 1
  }
}

/** Name and health of the others; one's own are at the edge of the screen. */
export function drawTags(ctx: CanvasRenderingContext2D, ships: readonly Drawn[], camera: Camera): void {
  ctx.textAlign = 'center'
  ctx.font = '600 12px system-ui, sans-serif'
  for (const s of ships) {
    if (s.own || !camera.sees(s, 8)) continue
    const at = camera.toScreen(s)
    const away = (s.ship.flags & Flag.away) !== 0
    const below = 4 * camera.scale + 12
    ctx.globalAlpha = 0.92
    ctx.fillStyle = away ? dim : ink
    ctx.fillText(away ? `${s.name} (away)` : s.name, at.x, at.y + below)
    if (s.ship.health < maxHealth) drawHealth(ctx, s, at.x, at.y - 4.2 * camera.scale)
  }
  ctx.globalAlpha = 1
}

function drawHealth(ctx: CanvasRenderingContext2D, s: Drawn, x: number, y: number): void {
  const part = s.ship.health / maxHealth
  ctx.fillStyle = '#000a'
  ctx.fillRect(x - 19, y - 3, 38, 6)
  ctx.fillStyle = part > 0.4 ? seatColor(s.seat) : bad
  ctx.fillRect(x - 18, y - 2, 36 * part, 4)
}
