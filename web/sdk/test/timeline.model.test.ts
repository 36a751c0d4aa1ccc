// Whatever the network does to the views, the picture runs on: never backwards,
// never in skips, showing the tick that is due whenever it can be known, and
// seldom beyond the newest. Everything is drawn from a seed, which a failure names.

import { expect, it } from 'vitest'
import { mix, Timeline } from '../src/motion/index.ts'
import { maxViews } from '../src/motion/limits.ts'
import { chanceFrom, type Chance } from './chance.ts'

const pick = <T>(chance: Chance, of: readonly T[]): T => of[chance(of.length)] as T

/** A server, its network and a page that draws; times in milliseconds. */
class Universe {
  readonly rate: number // ticks a second
  readonly timeline: Timeline<number>
  readonly #chance: Chance
  readonly #every: number // ticks between two views
  readonly #way: number
  #jitter: number
  readonly #loss: number // of 1000
  readonly #fifo: boolean // views do not overtake each other
  #under: { at: number; tick: number }[] = [] // way
  #lastAt = 0
  #sent = 0
  now = 0
  newest = -1

  constructor(seed: number) {
    this.#chance = chanceFrom(seed)
    this.rate = pick(this.#chance, [10, 20, 30, 60])
    this.#every = this.rate < 30 ? 1 : 1 + this.#chance(3)
    this.#way = this.#chance(150)
    this.#jitter = this.#chance(80)
    this.#loss = pick(this.#chance, [0, 0, 10, 50])
    this.#fifo = this.#chance(2) === 0
    this.timeline = new Timeline(this.rate)
  }

  get clock(): number {
    return (this.now * this.rate) / 1000
  }

  /** Milliseconds behind the clock that are enough for every view, unless some are lost. */
  get enough(): number {
    if (this.#loss > 0) return Infinity
    return this.#way + this.#jitter + (this.#every * 1000) / this.rate + 10
  }

  /** The network is another one. */
  change(): void {
    this.#jitter = this.#chance(80)
  }

  /** Time passes: the server sends, the network brings. */
  pass(ms: number): void {
    this.now += ms
    while (this.#sent <= this.clock) this.#send()
    this.#under.sort((a, b) => a.at - b.at)
    while (this.#under[0] && this.#under[0].at <= this.now) this.#arrive(this.#under.shift() as { at: number; tick: number })
  }

  frame(): number {
    const skipped = this.#chance(50) === 0 ? this.#chance(80) : 0
    const ms = 12 + this.#chance(10) + skipped
    this.pass(ms)
    return ms
  }

  #send(): void {
    const tick = this.#sent
    this.#sent += this.#every
    if (this.#chance(1000) < this.#loss) return
    const at = (tick / this.rate) * 1000 + this.#way + this.#chance(this.#jitter + 1)
    this.#lastAt = Math.max(at, this.#lastAt)
    this.#under.push({ at: this.#fifo ? this.#lastAt : at, tick })
  }

  #arrive({ at, tick }: { at: number; tick: number }): void {
    this.timeline.add(tick, tick, (at * this.rate) / 1000)
    this.newest = Math.max(this.newest, tick)
  }
}

/** Draws for a while and returns the share of frames that were drawn beyond the newest view. */
function draw(u: Universe, ms: number, why: string): number {
  let [frames, beyond] = [0, 0]
  let last = u.timeline.follow(u.clock)
  for (const end = u.now + ms; u.now < end; frames++) {
    const passed = (u.frame() * u.rate) / 1000
    const tick = u.timeline.follow(u.clock)
    const wrong = pace(tick - last, passed) ?? picture(u, tick)
    if (wrong) expect.fail(`${why}, at ${u.now} ms: ${wrong}`)
    if (tick > u.newest) beyond++
    last = tick
  }
  return beyond / frames
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6

/** What is wrong with drawing so many ticks farther than the last frame. */
function pace(ran: number, passed: number): string | undefined {
  if (ran < passed * 0.8 - 1e-6) return `time ran ${ran} in ${passed} ticks, more than a fifth slower`
  if (ran > passed * 1.03 + 1e-6) return `time ran ${ran} in ${passed} ticks, a skip`
  return undefined
}

/** What is wrong with the picture of a tick. */
function picture(u: Universe, tick: number): string | undefined {
  if (u.timeline.size > maxViews) return `${u.timeline.size} views are kept`
  const between = u.timeline.at(tick)
  if (!between) return u.newest < 0 ? undefined : 'no picture'
  const reach = 0.1 * u.rate
  const beyond = Math.min(reach, Math.max(0, tick - u.newest))
  if (!near(between.beyond, beyond)) return `told ${between.beyond} beyond the newest view, which is ${beyond}`
  if (between.a === between.b) return undefined
  const shown = mix(between.a, between.b, between.part)
  return near(shown, Math.min(tick, u.newest + reach)) ? undefined : `tick ${shown} is shown, and ${tick} is due`
}

const universes = 60

it('over any network the picture runs on, and nearly always lies between two views', () => {
  const shares: number[] = []
  for (let seed = 1; seed <= universes; seed++) {
    const u = new Universe(seed)
    draw(u, 5_000, `seed ${seed}`)
    const share = draw(u, 20_000, `seed ${seed}`)
    expect(share, `seed ${seed}: the share of frames beyond the newest view`).toBeLessThan(0.03)
    expect(u.timeline.delay, `seed ${seed}: no longer than the worst view of this network needs`).toBeLessThan(u.enough)
    shares.push(share)
    u.change()
    draw(u, 5_000, `seed ${seed}, changed`)
  }
  const mean = shares.reduce((a, b) => a + b, 0) / universes
  expect(mean, 'on the average').toBeLessThan(0.01)
  expect(mean, 'none at all would be a delay longer than it need be').toBeGreaterThan(0)
})
