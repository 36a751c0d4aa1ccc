// Whatever the network does to views and controls, the prediction is the server's
// state for all the server heard in time, is never lost to an error, and shows no
// jump. Everything is drawn from a seed, which a failure names.

import { expect, it } from 'vitest'
import { Prediction, type Rules } from '../src/motion/index.ts'
import { maxReplay } from '../src/motion/limits.ts'
import { chanceFrom, type Chance } from './chance.ts'

/** In which every tick and every control leaves its mark for ever, until the server says otherwise. */
interface State {
  x: number
  trace: number
}

const rules: Rules<State, number, void> = {
  copy: (s) => ({ ...s }),
  step: (s, by, tick) => {
    s.x += by
    s.trace = (Math.imul(s.trace, 31) + by * 7 + tick) & 0xffff
  },
  apart: (a, b) => [a.x - b.x, a.trace - b.trace],
}

/** A player ahead of a server; what passes between them may be late, lost, or overtake. */
class Universe {
  readonly prediction = new Prediction(rules, 0)
  readonly #chance: Chance
  readonly ahead: number // ticks, from the server to the player: the first that is played here
  readonly #loss: number // of 100 views
  readonly #deaf: number // of 100 controls that come late or never
  #controls = 0
  #given = new Map<number, number>()
  #heard = new Map<number, number>() // by the tick they counted from
  #held = 0
  #views: { at: number; tick: number; state: State }[] = []
  #server: State = { x: 0, trace: 1 }
  readonly truth: State[] = [] // the server's, by tick
  readonly foreseen = new Map<number, State>() // by tick, as last known when it was played
  readonly misheard = new Set<number>() // ticks that the server played otherwise
  tick = 0 // the server's

  constructor(seed: number, rough: boolean) {
    this.#chance = chanceFrom(seed)
    this.ahead = 2 + this.#chance(13) // no more than it catches up with at the beginning
    this.#loss = this.#chance(rough ? 60 : 30)
    this.#deaf = rough ? this.#chance(15) : 0
    this.truth.push({ ...this.#server })
    this.prediction.reconcile(this.#server, 0)
  }

  step(healed: boolean): void {
    if (this.#chance(4) === 0) this.#controls = this.#chance(200) - 100
    for (const p of this.prediction.play(this.tick + this.ahead, this.#controls)) this.#send(p.tick, p.controls, healed)
    this.foreseen.set(this.prediction.tick, { ...(this.prediction.state as State) })
    this.#serve()
    this.#deliver()
  }

  #send(tick: number, controls: number, healed: boolean): void {
    this.#given.set(tick, controls)
    if (!healed && this.#chance(100) < this.#deaf) return
    this.#heard.set(tick, controls)
  }

  #serve(): void {
    const tick = ++this.tick
    const held = this.#heard.get(tick) ?? this.#held
    if (this.#given.has(tick) && this.#given.get(tick) !== held) this.misheard.add(tick)
    this.#held = held
    rules.step(this.#server, held, tick)
    this.truth.push({ ...this.#server })
    if (this.#chance(100) < this.#loss) return
    const late = this.#chance(this.#chance(10) === 0 ? 12 : 4)
    this.#views.push({ at: tick + late, tick, state: { ...this.#server } })
  }

  #deliver(): void {
    const due = this.#views.filter((v) => v.at <= this.tick)
    this.#views = this.#views.filter((v) => v.at > this.tick)
    for (const v of due) this.#reconcile(v.state, v.tick)
  }

  #reconcile(state: State, tick: number): void {
    const p = this.prediction
    const before = shown(p)
    p.reconcile(state, tick)
    const jump = Math.abs(shown(p) - before)
    if (jump > 1e-6) expect.fail(`tick ${tick}: a jump by ${jump} is shown`)
    if (p.played.length > maxReplay) expect.fail(`tick ${tick}: ${p.played.length} ticks are remembered`)
    p.rest(this.#chance(30))
  }
}

const shown = (p: Prediction<State, number>): number => (p.state?.x ?? NaN) + (p.offset[0] ?? 0)

function live(seed: number, rough: boolean): Universe {
  const u = new Universe(seed, rough)
  for (let i = 0; i < 300; i++) u.step(false)
  for (let i = 0; i < 100; i++) u.step(true)
  return u
}

/** The ticks from one on that the server played otherwise than was foreseen. */
function differing({ foreseen, truth, tick }: Universe, from: number): number[] {
  const same = (a?: State, b?: State): boolean => a !== undefined && b !== undefined && a.x === b.x && a.trace === b.trace
  return truth.flatMap((t, i) => (i < from || i > tick || same(foreseen.get(i), t) ? [] : [i]))
}

const universes = 200

it('for any controls the prediction is what the server then plays, when it heard them', () => {
  for (let seed = 1; seed <= universes; seed++) {
    const u = live(seed, false)
    expect(u.misheard.size, `seed ${seed}: all was heard`).toBe(0)
    expect(u.prediction.corrections, `seed ${seed}: so nothing is corrected`).toBe(0)
    expect(differing(u, u.ahead), `seed ${seed}: ticks that differ`).toEqual([])
  }
})

it('and after anything was lost it is so again as soon as the server is heard', () => {
  let corrections = 0
  for (let seed = 1; seed <= universes; seed++) {
    const u = live(seed, true)
    corrections += u.prediction.corrections
    expect(Math.max(0, ...u.misheard), `seed ${seed}: the network was good in the end`).toBeLessThan(u.tick - 50)
    expect(differing(u, u.tick - 20), `seed ${seed}: ticks that differ in the end`).toEqual([])
  }
  expect(corrections, 'there was something to correct').toBeGreaterThan(universes)
})
