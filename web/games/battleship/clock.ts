// The clock of a turn, or of placing: seconds, and a bar that runs empty.

import { fill, h, type Undo } from '../../src/dom.ts'

const tickEvery = 200 // ms
const hurry = 5 // seconds from which on it is urgent

/** What a clock reads time from. */
export interface Time {
  readonly clock: { tickAt(now: number): number }
  now(): number
}

/** The seconds until a tick is due; never below 0. */
export function secondsUntil(deadline: number, tick: number, tickRate: number): number {
  return Math.max(0, (deadline - tick) / tickRate)
}

export class TurnClock {
  readonly root: HTMLElement
  readonly stop: Undo
  readonly #digits = h('span', { class: 'bs-digits', testid: 'clock' })
  readonly #bar = h('span', { class: 'bs-left' })
  readonly #time: Time
  #deadline = 0
  #tickRate = 1
  #whole = 1

  constructor(time: Time) {
    this.#time = time
    this.root = h('div', { class: 'bs-clock', role: 'timer', hidden: true }, this.#digits, h('span', { class: 'bs-track', 'aria-hidden': 'true' }, this.#bar))
    const timer = setInterval(() => this.#draw(), tickEvery)
    this.stop = () => clearInterval(timer)
  }

  /** Runs until a tick, of a span of so many seconds. A deadline of 0 stops it. */
  run(deadline: number, tickRate: number, whole: number): void {
    this.#deadline = deadline
    this.#tickRate = tickRate
    this.#whole = whole
    this.#draw()
  }

  #draw(): void {
    this.root.hidden = this.#deadline === 0
    if (this.root.hidden) return
    const left = secondsUntil(this.#deadline, this.#time.clock.tickAt(this.#time.now()), this.#tickRate)
    fill(this.#digits, `${Math.ceil(left)} s`)
    this.#bar.style.transform = `scaleX(${Math.min(1, left / this.#whole).toFixed(3)})`
    this.root.classList.toggle('hurry', left <= hurry)
  }
}
