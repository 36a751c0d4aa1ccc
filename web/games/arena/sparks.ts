// What flies off and fades: sparks and rings. None of it means anything to the match.

import { glow } from './glow.ts'

const most = 500 // sparks at once: a phone draws them in a millisecond or two
const drag = 3.2 // of the speed lost in a second, about

interface Spark {
  x: number
  y: number
  vx: number
  vy: number
  age: number
  readonly life: number // seconds
  readonly size: number
  readonly color: string
}

interface Ring {
  readonly x: number
  readonly y: number
  age: number
  readonly life: number
  readonly reach: number
  readonly color: string
}

export class Sparks {
  #sparks: Spark[] = []
  #rings: Ring[] = []
  /** Share of the sparks that are made: fewer for people who want less motion. */
  #share: number

  constructor(calm: boolean) {
    this.#share = calm ? 0.25 : 1
  }

  /** Sparks in all directions. */
  burst(x: number, y: number, color: string, count: number, speed: number, size = 0.5): void {
    for (let i = 0; i < count * this.#share; i++) this.#spray(x, y, Math.random() * 2 * Math.PI, speed, color, size)
  }

  /** Sparks in about one direction (radians). */
  jet(x: number, y: number, angle: number, color: string, count: number, speed: number, size = 0.45): void {
    for (let i = 0; i < count * this.#share; i++) this.#spray(x, y, angle + (Math.random() - 0.5) * 0.9, speed, color, size)
  }

  ring(x: number, y: number, color: string, reach: number, life = 0.5): void {
    this.#rings.push({ x, y, color, reach, life, age: 0 })
  }

  move(seconds: number): void {
    const slower = Math.exp(-drag * seconds)
    for (const s of this.#sparks) {
      s.x += s.vx * seconds
      s.y += s.vy * seconds
      s.vx *= slower
      s.vy *= slower
      s.age += seconds
    }
    for (const r of this.#rings) r.age += seconds
    this.#sparks = this.#sparks.filter((s) => s.age < s.life)
    this.#rings = this.#rings.filter((r) => r.age < r.life)
  }

  draw(ctx: CanvasRenderingContext2D): void {
    ctx.globalCompositeOperation = 'lighter'
    ctx.lineCap = 'round'
    for (const s of this.#sparks) {
      const left = 1 - s.age / s.life
      ctx.globalAlpha = left
      ctx.strokeStyle = s.color
      ctx.lineWidth = s.size * (0.4 + 0.6 * left)
      ctx.beginPath()
      ctx.moveTo(s.x, s.y)
      ctx.lineTo(s.x - s.vx * 0.045, s.y - s.vy * 0.045)
      ctx.stroke()
    }
    for (const r of this.#rings) {
      const part = r.age / r.life
      ctx.globalAlpha = (1 - part) * 0.8
      ctx.strokeStyle = r.color
      ctx.lineWidth = 0.9 * (1 - part) + 0.1
      ctx.beginPath()
      ctx.arc(r.x, r.y, r.reach * (1 - (1 - part) ** 3), 0, 2 * Math.PI)
      ctx.stroke()
    }
    ctx.globalCompositeOperation = 'source-over'
    ctx.globalAlpha = 1
    for (const r of this.#rings) if (r.age < 0.12) glow(ctx, r.color, r.x, r.y, r.reach * 0.8, 0.7 * (1 - r.age / 0.12))
  }

  #spray(x: number, y: number, angle: number, speed: number, color: string, size: number): void {
    if (this.#sparks.length >= most) this.#sparks.shift()
    const v = speed * (0.3 + 0.9 * Math.random())
    const life = 0.25 + 0.45 * Math.random()
    this.#sparks.push({ x, y, vx: Math.cos(angle) * v, vy: Math.sin(angle) * v, age: 0, life, size, color })
  }
}
