// Shots in flight, and when each is shown.
//
// The player's own ship is ahead of the server and the others are behind it, a
// fifth of a second apart. A shot flies from one time to the other: near the own
// ship it is shown in that ship's time, far from it in theirs. So an own shot
// leaves the gun at once and still meets what it is seen to meet, and another's
// arrives when it hurts.

import { one } from './fixed.ts'
import { clear, type Chart } from './maps.ts'
import { shotAt, shotTicks } from './move.ts'
import type { ShotView, View } from './view.ts'

const near = 10 // units from the own ship: all in its time
const far = 70 // all in the others' time
const forget = 90 // ticks after which a shot is of no more use

/** Whence and when to look: a time ahead for what is near `at`, a time behind for the rest. */
export interface Observer {
  readonly at: { readonly x: number; readonly y: number } | undefined // units
  readonly ahead: number
  readonly behind: number
}

/** A shot as it is drawn: its head and how long it has flown. */
export interface Streak {
  readonly seat: number
  readonly x: number // units
  readonly y: number
  readonly aim: number
  readonly born: number // tick
  readonly age: number // ticks
}

interface Known {
  readonly shot: ShotView
  readonly life: number // ticks until it meets a wall or is old
  seen: number // the newest tick it was in a snapshot
  gone: number // the first tick it was in none
}

export class Shots {
  #known = new Map<string, Known>()

  /** Takes a snapshot's shots. */
  take(view: View, tick: number, on: Chart): void {
    for (const shot of view.shots) {
      const key = `${shot.seat} ${shot.born} ${shot.aim}`
      const known = this.#known.get(key)
      if (known) known.seen = tick
      else this.#known.set(key, { shot, life: lifeOf(shot, on), seen: tick, gone: Infinity })
    }
    for (const [key, known] of this.#known) {
      if (known.seen < tick) known.gone = Math.min(known.gone, tick)
      if (tick - known.shot.born > forget || tick < known.shot.born) this.#known.delete(key)
    }
  }

  /** Forgets all: a replay went back. */
  clear(): void {
    this.#known.clear()
  }

  /** What an observer sees, with shots of their own that no snapshot has shown yet. */
  seen(by: Observer, own: readonly ShotView[], on: Chart): Streak[] {
    const streaks: Streak[] = []
    for (const k of this.#known.values()) push(streaks, k.shot, k.life, k.gone, by)
    for (const shot of own) push(streaks, shot, lifeOf(shot, on), Infinity, by)
    return streaks
  }
}

function push(to: Streak[], shot: ShotView, life: number, gone: number, by: Observer): void {
  const time = timeOf(shot, by)
  const age = time - shot.born
  if (age < 0 || age >= life || time >= gone) return
  const { x, y } = shotAt(shot, age)
  to.push({ seat: shot.seat, x: x / one, y: y / one, aim: shot.aim, born: shot.born, age })
}

/** The time in which a shot is shown. It depends on where the shot then is, so it is approached in steps. */
export function timeOf(shot: ShotView, by: Observer): number {
  if (!by.at) return by.behind
  let time = (by.ahead + by.behind) / 2
  for (let i = 0; i < 4; i++) {
    const p = shotAt(shot, Math.max(0, time - shot.born))
    const distance = Math.hypot(p.x / one - by.at.x, p.y / one - by.at.y)
    const part = Math.min(1, Math.max(0, (distance - near) / (far - near)))
    time = by.ahead + (by.behind - by.ahead) * part
  }
  return time
}

/** Ticks a shot flies before it meets a wall or is old. */
function lifeOf(shot: ShotView, on: Chart): number {
  let from = shotAt(shot, 0)
  for (let age = 1; age < shotTicks; age++) {
    const to = shotAt(shot, age)
    if (!clear(on, from.x, from.y, to.x, to.y)) return wallAge(shot, age, on)
    from = to
  }
  return shotTicks
}

/** The part of a tick after which a shot meets the wall, for the picture. */
function wallAge(shot: ShotView, age: number, on: Chart): number {
  const from = shotAt(shot, age - 1)
  for (let part = 0.125; part < 1; part += 0.125) {
    const to = shotAt(shot, age - 1 + part)
    if (!clear(on, from.x, from.y, to.x, to.y)) return age - 1 + part
  }
  return age
}
