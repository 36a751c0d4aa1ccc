// What the match said, and when to show it: when the ships it is about are
// shown in the tick it is of. What happens to the own ship shows with the
// snapshot of that tick, since that ship is not shown late.

import type { Events } from './view.ts'

export type News = { [K in keyof Events]: { readonly name: K; readonly data: Events[K]; readonly tick: number } }[keyof Events]

const stale = 60 // ticks: what is older is not worth showing any more
const spawnLate = 2 // ticks until a new ship is surely drawn: snapshots are no farther apart

export class Newsroom {
  #waiting: News[] = []

  add(news: News): void {
    this.#waiting.push(news)
  }

  /** Forgets what was not shown: the match begins again, or goes on elsewhere. */
  clear(): void {
    this.#waiting = []
  }

  /** Takes what is to be shown, at the time the others are shown in and with the newest snapshot, for who has this seat. */
  due(behind: number, newest: number, seat: number): News[] {
    const isDue = (n: News): boolean => {
      if (n.name === 'start' || n.data.seat === seat) return n.tick <= newest
      return n.tick + (n.name === 'spawn' ? spawnLate : 0) <= behind
    }
    const due = this.#waiting.filter(isDue)
    this.#waiting = this.#waiting.filter((n) => !due.includes(n))
    return due.filter((n) => n.tick > behind - stale)
  }
}
