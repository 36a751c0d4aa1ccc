// What begins, seen by comparing what is drawn from frame to frame: shots and
// dashes are never told as events, since every snapshot shows them anyway.

import type { Drawn } from './ships.ts'
import type { Streak } from './shots.ts'

const fresh = 4 // ticks: a shot first seen older than this was fired before we looked

export class Cues {
  #shots = new Set<string>()
  #dashing = new Set<number>()

  /** The seats whose guns fired since the last frame. */
  fired(streaks: readonly Streak[]): number[] {
    const flying = new Set<string>()
    const seats = new Set<number>()
    for (const s of streaks) {
      const salvo = `${s.seat} ${s.born}`
      flying.add(salvo)
      if (s.age < fresh && !this.#shots.has(salvo)) seats.add(s.seat)
    }
    this.#shots = flying
    return [...seats]
  }

  /** The ships that began to dash since the last frame. */
  dashed(ships: readonly Drawn[]): Drawn[] {
    const dashing = new Set(ships.filter((s) => s.body.dash > 0).map((s) => s.seat))
    const began = ships.filter((s) => dashing.has(s.seat) && !this.#dashing.has(s.seat))
    this.#dashing = dashing
    return began
  }
}
