// What stands around the picture: clock, points, who destroyed whom, own health
// and dash, the small map, thumbs, and large words in the middle. Everything in
// CSS pixels.

import { box, drawFull, drawShort, fit, text, top, type Line } from './board.ts'
import { bad, dim, ink, kindColor, kindName, seatColor } from './colors.ts'
import { one } from './fixed.ts'
import type { Ground } from './ground.ts'
import { tile, type Chart } from './maps.ts'
import { dashWaitTicks, gunLasts, plain, rapid, type Body } from './move.ts'
import { dashButton, dashRadius, push, stickRadius, type Pointers, type Stick } from './pointers.ts'
import type { Drawn } from './ships.ts'
import { Kind, maxHealth, maxShield, Phase, type ShipView, type View } from './view.ts'

const feedSeconds = 5
const bannerSeconds = 1.8
const feedLines = 4
const hintSeconds = 12

/** What a frame's surroundings show. */
export interface Scene {
  readonly view: View
  readonly lines: readonly Line[]
  readonly full: boolean // the whole board
  readonly own: ShipView | undefined
  readonly body: Body | undefined
  readonly secondsLeft: number
  readonly downSeconds: number // until the own ship flies again; 0 while it does
  readonly hunter: string // who destroyed it
  readonly watched: string // whom a watcher watches; '' when playing
  readonly choice: boolean // they may choose another; a replay that follows somebody is told elsewhere
  readonly ships: readonly Drawn[]
  readonly chart: Chart
  readonly ground: Ground
  readonly pointers: Pointers
}

interface FeedLine {
  readonly by: number
  readonly byName: string
  readonly seat: number
  readonly name: string
  readonly points: number
  readonly at: number
}

export class Hud {
  #feed: FeedLine[] = []
  #banner = { text: '', color: ink, at: -bannerSeconds }
  #began: number | undefined // when the first frame was drawn
  #mark = -1 // when the own shot last hit

  /** Somebody destroyed somebody. */
  killed(line: FeedLine): void {
    this.#feed = [...this.#feed, line].slice(-feedLines)
  }

  /** Large words in the middle, for a moment. */
  say(words: string, color: string, now: number): void {
    this.#banner = { text: words, color, at: now }
  }

  /** An own shot hit. */
  mark(now: number): void {
    this.#mark = now
  }

  draw(ctx: CanvasRenderingContext2D, w: number, h: number, s: Scene, now: number): void {
    const narrow = w < 560
    this.#began ??= now
    this.#drawFeed(ctx, narrow || s.pointers.touch ? 62 : 14, narrow ? w - 160 : 320, now)
    drawClock(ctx, w, s)
    const board = narrow ? 132 : 190
    if (!s.full) drawShort(ctx, top(s.lines, h < 480 || narrow ? 4 : 6), w - 10, narrow ? 54 : 10, board)
    if (!s.pointers.touch) drawMap(ctx, w - 10, h - 10, 150, s)
    if (s.own && s.downSeconds === 0) drawOwn(ctx, w, h, s, now)
    this.#drawMiddle(ctx, w, h, s, now)
    if (s.own && s.pointers.touch) drawThumbs(ctx, w, h, s)
    if (s.own && !s.pointers.touch && now - this.#began < hintSeconds) drawHint(ctx, w, h)
    if (s.own) this.#drawCross(ctx, s.pointers, now)
    if (s.full) drawFull(ctx, s.lines, w, h, `${s.chart.name}${s.view.limit ? ` · first to ${s.view.limit}` : ''}`)
  }

  #drawFeed(ctx: CanvasRenderingContext2D, y: number, width: number, now: number): void {
    this.#feed = this.#feed.filter((f) => now - f.at < feedSeconds)
    ctx.font = '600 13px system-ui, sans-serif'
    this.#feed.forEach((f, i) => {
      ctx.globalAlpha = Math.min(1, (feedSeconds - (now - f.at)) * 2)
      const by = fit(ctx, f.byName, width / 2 - 24)
      const to = fit(ctx, f.name, width / 2 - 24)
      const bonus = f.points > 1 ? `  +${f.points}` : ''
      const byWidth = ctx.measureText(by).width
      const all = byWidth + ctx.measureText(to + bonus).width + 38
      box(ctx, 10, y + i * 26, all, 23)
      text(ctx, by, 18, y + i * 26 + 12, seatColor(f.by), 'left')
      text(ctx, '▸', 18 + byWidth + 11, y + i * 26 + 12, dim, 'center')
      text(ctx, to, 18 + byWidth + 22, y + i * 26 + 12, seatColor(f.seat), 'left')
      if (bonus) text(ctx, bonus, 18 + byWidth + 22 + ctx.measureText(to).width, y + i * 26 + 12, '#ffd24d', 'left')
    })
    ctx.globalAlpha = 1
  }

  #drawMiddle(ctx: CanvasRenderingContext2D, w: number, h: number, s: Scene, now: number): void {
    if (s.own && s.downSeconds > 0) {
      ctx.font = '700 22px system-ui, sans-serif'
      shadowed(ctx, s.hunter ? `Destroyed by ${s.hunter}` : 'Destroyed', w / 2, h * 0.36, bad)
      ctx.font = '600 17px system-ui, sans-serif'
      shadowed(ctx, `Back in ${s.downSeconds.toFixed(1)}`, w / 2, h * 0.36 + 30, ink)
    }
    if (s.watched) {
      ctx.font = '600 15px system-ui, sans-serif'
      shadowed(ctx, `Watching ${s.watched}`, w / 2, h - 44, ink)
      ctx.font = '500 12px system-ui, sans-serif'
      if (s.choice) shadowed(ctx, s.pointers.touch ? 'Tap for another ship' : 'Click for another ship', w / 2, h - 24, dim)
    }
    const age = now - this.#banner.at
    if (age > bannerSeconds) return
    ctx.globalAlpha = Math.min(1, (bannerSeconds - age) * 2)
    ctx.font = `800 ${Math.round(Math.min(42, w / 11))}px system-ui, sans-serif`
    shadowed(ctx, this.#banner.text, w / 2, h * 0.25, this.#banner.color)
    ctx.globalAlpha = 1
  }

  #drawCross(ctx: CanvasRenderingContext2D, pointers: Pointers, now: number): void {
    const at = pointers.mouse
    if (!at) return
    const hit = now - this.#mark < 0.16
    ctx.strokeStyle = hit ? bad : '#ffffff'
    ctx.lineWidth = hit ? 2.5 : 1.6
    ctx.beginPath()
    for (const [x, y] of hit ? [[1, 1], [1, -1], [-1, 1], [-1, -1]] as const : [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      ctx.moveTo(at.x + x * 5, at.y + y * 5)
      ctx.lineTo(at.x + x * 11, at.y + y * 11)
    }
    ctx.stroke()
    ctx.fillStyle = '#ffffff'
    ctx.fillRect(at.x - 1, at.y - 1, 2, 2)
  }
}

function drawClock(ctx: CanvasRenderingContext2D, w: number, s: Scene): void {
  const waiting = s.view.phase === Phase.warmUp
  const left = Math.max(0, Math.ceil(s.secondsLeft))
  const words = waiting ? 'Warm-up' : `${Math.floor(left / 60)}:${`${left % 60}`.padStart(2, '0')}`
  const below = waiting ? 'waiting for a second ship' : s.view.limit ? `first to ${s.view.limit}` : ''
  ctx.font = '700 22px ui-monospace, SFMono-Regular, Menlo, monospace'
  const width = waiting ? 190 : 116
  box(ctx, w / 2 - width / 2, 8, width, below ? 46 : 34)
  text(ctx, words, w / 2, 25, !waiting && left <= 10 ? bad : ink, 'center')
  ctx.font = '500 12px system-ui, sans-serif'
  if (below) text(ctx, below, w / 2, 44, dim, 'center')
}

/** Own health and shield, the gun, and the dash. */
function drawOwn(ctx: CanvasRenderingContext2D, w: number, h: number, s: Scene, now: number): void {
  if (!s.own) return
  const { health, shield } = s.own
  const width = Math.min(240, w * 0.38)
  const x = w / 2 - width / 2
  const y = h - 30
  box(ctx, x - 8, y - 8, width + 16, 28)
  const weak = health <= 40
  ctx.fillStyle = '#ffffff1c'
  ctx.fillRect(x, y, width, 12)
  ctx.fillStyle = weak ? bad : '#5dfc8f'
  ctx.globalAlpha = weak ? 0.75 + 0.25 * Math.sin(now * 10) : 1
  ctx.fillRect(x, y, (width * health) / maxHealth, 12)
  ctx.globalAlpha = 1
  ctx.fillStyle = '#5cc8ff'
  ctx.fillRect(x, y - 4, (width * shield) / maxShield, 3)
  ctx.font = '700 11px system-ui, sans-serif'
  text(ctx, `${health}`, x + 6, y + 6.5, '#041008', 'left')
  if (s.body) drawGear(ctx, x, y, width, s.body, s.pointers.touch)
}

function drawGear(ctx: CanvasRenderingContext2D, x: number, y: number, width: number, body: Body, touch: boolean): void {
  const ready = 1 - body.dashWait / dashWaitTicks
  if (!touch) {
    const words = 'DASH'
    ctx.font = '700 11px system-ui, sans-serif'
    box(ctx, x + width + 14, y - 8, 60, 28)
    text(ctx, words, x + width + 44, y + 3, ready === 1 ? '#ffd24d' : dim, 'center')
    ctx.fillStyle = ready === 1 ? '#ffd24d' : dim
    ctx.fillRect(x + width + 21, y + 12, 46 * ready, 3)
  }
  if (body.gun === plain) return
  const kind = body.gun === rapid ? Kind.rapid : Kind.spread
  const color = kindColor[kind]
  ctx.font = '700 12px system-ui, sans-serif'
  shadowed(ctx, kindName[kind], x + width / 2, y - 25, color)
  ctx.fillStyle = color
  const part = body.gunLeft / gunLasts(body.gun)
  ctx.fillRect(x + width / 2 - 40 * part, y - 16, 80 * part, 3)
}

function drawHint(ctx: CanvasRenderingContext2D, w: number, h: number): void {
  ctx.font = '600 13px system-ui, sans-serif'
  shadowed(ctx, 'WASD to fly  ·  mouse to aim  ·  click to fire  ·  Shift or Space to dash', w / 2, h - 68, ink)
}

function drawMap(ctx: CanvasRenderingContext2D, right: number, bottom: number, width: number, s: Scene): void {
  const units = (s.chart.w * tile) / one
  const k = width / units
  const height = ((s.chart.h * tile) / one) * k
  box(ctx, right - width - 6, bottom - height - 6, width + 12, height + 12)
  ctx.save()
  ctx.translate(right - width, bottom - height)
  ctx.scale(k, k)
  s.ground.drawSmall(ctx)
  for (const ship of s.ships) {
    ctx.fillStyle = ship.own ? '#ffffff' : seatColor(ship.seat)
    ctx.beginPath()
    ctx.arc(ship.x, ship.y, ship.own ? 4.4 : 3.6, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.restore()
}

function drawThumbs(ctx: CanvasRenderingContext2D, w: number, h: number, s: Scene): void {
  drawStick(ctx, s.pointers.left, 92, h - 108, 'move')
  drawStick(ctx, s.pointers.right, w - 92, h - 108, 'aim')
  const at = dashButton(w, h)
  const ready = 1 - (s.body?.dashWait ?? dashWaitTicks) / dashWaitTicks
  ctx.fillStyle = '#0b1024aa'
  ctx.beginPath()
  ctx.arc(at.x, at.y, dashRadius, 0, 2 * Math.PI)
  ctx.fill()
  ctx.strokeStyle = ready === 1 ? '#ffd24d' : dim
  ctx.lineWidth = 3
  ctx.beginPath()
  ctx.arc(at.x, at.y, dashRadius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * ready)
  ctx.stroke()
  ctx.font = '700 12px system-ui, sans-serif'
  text(ctx, 'DASH', at.x, at.y, ready === 1 ? '#ffd24d' : dim, 'center')
}

function drawStick(ctx: CanvasRenderingContext2D, stick: Stick | undefined, x: number, y: number, label: string): void {
  const from = stick?.from ?? { x, y }
  const pushed = push(stick)
  ctx.globalAlpha = stick ? 0.8 : 0.4
  ctx.strokeStyle = ink
  ctx.lineWidth = 1.5
  ctx.beginPath()
  ctx.arc(from.x, from.y, stickRadius, 0, 2 * Math.PI)
  ctx.stroke()
  ctx.fillStyle = stick ? ink : dim
  ctx.beginPath()
  ctx.arc(from.x + pushed.x * stickRadius, from.y + pushed.y * stickRadius, 22, 0, 2 * Math.PI)
  ctx.fill()
  ctx.font = '700 12px system-ui, sans-serif'
  ctx.globalAlpha = 1
  if (!stick) text(ctx, label, from.x, from.y, ink, 'center')
}

/** Words that can be read on anything. */
function shadowed(ctx: CanvasRenderingContext2D, words: string, x: number, y: number, color: string): void {
  ctx.textAlign = 'center'
  ctx.lineWidth = 4
  ctx.lineJoin = 'round'
  ctx.strokeStyle = '#050814cc'
  ctx.strokeText(words, x, y)
  ctx.fillStyle = color
  ctx.fillText(words, x, y)
}
