// Whom a watcher looks at: the leader, until they choose another ship; in a replay
// whom it follows.

import type { Line } from './board.ts'

export class Watch {
  #chosen: number | undefined

  /** The seat to look at, of the ships in play. One that a replay follows comes first. */
  seat(lines: readonly Line[], followed = -1): number | undefined {
    if (lines.some((l) => l.ship.seat === followed)) return followed
    const chosen = lines.find((l) => l.ship.seat === this.#chosen)
    if (!chosen) this.#chosen = undefined
    return (chosen ?? lines[0])?.ship.seat
  }

  /** Chooses the next ship. */
  next(lines: readonly Line[]): void {
    const now = this.seat(lines)
    const i = lines.findIndex((l) => l.ship.seat === now)
    this.#chosen = lines[(i + 1) % Math.max(1, lines.length)]?.ship.seat
  }
}
