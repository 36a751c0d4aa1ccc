// What every part of the page shares: the server, who plays here, and the games.

import { Rest, type GameInfo } from '../sdk/src/lobby.ts'
import { Identity } from './player.ts'

export class Context {
  readonly rest = new Rest()
  readonly me = new Identity(this.rest)
  #games: Promise<readonly GameInfo[]> | undefined

  /** The games of this server, asked for once. */
  games(): Promise<readonly GameInfo[]> {
    this.#games ??= this.rest.games().catch((error: unknown) => {
      this.#games = undefined
      throw error
    })
    return this.#games
  }

  /** What people call a game; its name until that is known. */
  async title(game: string): Promise<string> {
    const games = await this.games().catch(() => [])
    return games.find((g) => g.name === game)?.title ?? game
  }
}
