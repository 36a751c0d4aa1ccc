// Who has how many points: a few lines in the corner, and all of them on Tab.

import { bad, denser, dim, ink, panel, seatColor } from './colors.ts'
import { Flag, type ShipView } from './view.ts'

/** A line of the board. */
export interface Line {
  readonly place: number
  readonly ship: ShipView
  readonly name: string
  readonly own: boolean
}

/** All ships, most points first; equal points share a place. */
export function standings(ships: readonly ShipView[], name: (seat: number) => string, own: number): Line[] {
  const sorted = [...ships].sort((a, b) => b.score - a.score || a.seat - b.seat)
  return sorted.map((ship) => ({
    place: sorted.findIndex((o) => o.score === ship.score) + 1,
    ship,
    name: name(ship.seat),
    own: ship.seat === own,
  }))
}

/** The first lines, always with one's own: it takes the last place if it must. */
export function top(lines: readonly Line[], count: number): readonly Line[] {
  const first = lines.slice(0, count)
  const own = lines.find((l) => l.own)
  return own && !first.includes(own) ? [...first.slice(0, count - 1), own] : first
}

const row = 21 // CSS pixels

/** Draws the short board with its right top corner at a place. */
export function drawShort(ctx: CanvasRenderingContext2D, lines: readonly Line[], right: number, y: number, width: number): void {
  box(ctx, right - width, y, width, lines.length * row + 10)
  lines.forEach((l, i) => {
    const middle = y + 5 + row * (i + 0.5)
    if (l.own) highlight(ctx, right - width + 3, middle - row / 2, width - 6)
    ctx.font = `${l.own ? 700 : 500} 13px system-ui, sans-serif`
    text(ctx, `${l.place}`, right - width + 20, middle, dim, 'right')
    dot(ctx, right - width + 31, middle, seatColor(l.ship.seat))
    text(ctx, fit(ctx, l.name, width - 78), right - width + 41, middle, l.own ? '#ffffff' : ink, 'left')
    text(ctx, `${l.ship.score}`, right - 10, middle, l.own ? '#ffffff' : ink, 'right')
  })
}

/** Draws the whole board in the middle of a screen. */
export function drawFull(ctx: CanvasRenderingContext2D, lines: readonly Line[], w: number, h: number, title: string): void {
  const width = Math.min(420, w - 24)
  const tall = Math.min(26, (h - 110) / Math.max(1, lines.length))
  const left = (w - width) / 2
  const y = Math.max(8, (h - tall * lines.length - 76) / 2)
  box(ctx, left, y, width, tall * lines.length + 76, denser)
  ctx.font = '700 16px system-ui, sans-serif'
  text(ctx, title, left + 18, y + 24, ink, 'left')
  ctx.font = '500 12px system-ui, sans-serif'
  text(ctx, 'streak', left + width - 78, y + 50, dim, 'right')
  text(ctx, 'points', left + width - 18, y + 50, dim, 'right')
  lines.forEach((l, i) => {
    const middle = y + 62 + tall * (i + 0.5)
    if (l.own) highlight(ctx, left + 6, middle - tall / 2, width - 12, tall)
    ctx.font = `${l.own ? 700 : 500} 14px system-ui, sans-serif`
    text(ctx, `${l.place}`, left + 34, middle, dim, 'right')
    dot(ctx, left + 50, middle, seatColor(l.ship.seat))
    text(ctx, fit(ctx, l.name, width - 250), left + 64, middle, l.own ? '#ffffff' : ink, 'left')
    text(ctx, note(l.ship), left + width - 128, middle, l.ship.flags & Flag.away ? bad : dim, 'right')
    text(ctx, l.ship.streak > 0 ? `${l.ship.streak}` : '', left + width - 78, middle, dim, 'right')
    text(ctx, `${l.ship.score}`, left + width - 18, middle, '#ffffff', 'right')
  })
}

const note = (s: ShipView): string => (s.flags & Flag.bot ? 'bot' : s.flags & Flag.away ? 'away' : '')

export function box(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, fill = panel): void {
  ctx.fillStyle = fill
  ctx.beginPath()
  ctx.roundRect(x, y, w, h, 8)
  ctx.fill()
}

export function text(
  ctx: CanvasRenderingContext2D, words: string, x: number, y: number, color: string, align: CanvasTextAlign,
): void {
  ctx.textAlign = align
  ctx.textBaseline = 'middle'
  ctx.fillStyle = color
  ctx.fillText(words, x, y)
  ctx.textBaseline = 'alphabetic'
}

/** As much of a text as is no wider than that. */
export function fit(ctx: CanvasRenderingContext2D, words: string, width: number): string {
  if (ctx.measureText(words).width <= width) return words
  const letters = [...words]
  while (letters.length > 1 && ctx.measureText(`${letters.join('')}…`).width > width) letters.pop()
  return `${letters.join('')}…`
}

function highlight(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h = row): void {
  ctx.fillStyle = 'rgba(120, 150, 255, 0.22)'
  ctx.beginPath()
  ctx.roundRect(x, y, w, h, 5)
  ctx.fill()
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.arc(x, y, 4, 0, 2 * Math.PI)
  ctx.fill()
}
