// Who plays in this tab: a name, and the guest it stands for.
//
// A guest is made when one is first needed. It belongs to this browser and is
// kept for the next visit. But one player has one seat in a room, so a second
// tab that wants to play while the first still does is a second guest: the
// first tab holds a lock on the browser's own. What a tab is, it stays through
// a reload; a duplicated tab is the same player, and takes over honestly.

import { Problem, type Guest, type Rest } from '../sdk/src/index.ts'
import { read, write } from './storage.ts'

const lockName = 'tickroom.player'
export const maxName = 24

export class Identity {
  readonly #rest: Rest
  #coming: Promise<Guest> | undefined

  constructor(rest: Rest) {
    this.#rest = rest
    const mine = this.current
    if (mine && mine.token === read<Guest>(localStorage, 'player')?.token) void holdLock()
  }

  get name(): string {
    return read<string>(localStorage, 'name') ?? ''
  }

  set name(name: string) {
    write(localStorage, 'name', name.trim().slice(0, maxName))
  }

  /** Who this tab is already, if anybody. */
  get current(): Guest | undefined {
    return read<Guest>(sessionStorage, 'player') ?? undefined
  }

  /** Does something as a player, who is made if need be, and made anew if the server does not know them any more. */
  async as<T>(run: (token: string) => Promise<T>): Promise<T> {
    const guest = await this.#guest()
    try {
      return await run(guest.token)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      this.#forget(guest)
      return run((await this.#guest()).token)
    }
  }

  #guest(): Promise<Guest> {
    this.#coming ??= this.#find().finally(() => {
      this.#coming = undefined
    })
    return this.#coming
  }

  async #find(): Promise<Guest> {
    if (this.name === '') this.name = randomName()
    const mine = this.current
    if (mine?.player.name === this.name) return mine
    const home = (await holdLock()) ? 'free' : 'taken'
    const kept = read<Guest>(localStorage, 'player')
    const guest = home === 'free' && kept?.player.name === this.name ? kept : await this.#rest.guest(this.name)
    if (home === 'free') write(localStorage, 'player', guest)
    write(sessionStorage, 'player', guest)
    return guest
  }

  #forget(guest: Guest): void {
    write(sessionStorage, 'player', null)
    if (read<Guest>(localStorage, 'player')?.token === guest.token) write(localStorage, 'player', null)
  }
}

let held: Promise<boolean> | undefined

/**
 * Whether this tab is the one that plays as the browser's own guest. It holds
 * the lock until it is closed. Without a secure context there are no locks,
 * and every tab is the same guest.
 */
function holdLock(): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true)
  held ??= new Promise((resolve) => {
    const keep = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null)
      if (lock) return new Promise(() => {}) // until the tab is gone
      held = undefined // ask again the next time
      return undefined
    }
    navigator.locks.request(lockName, { ifAvailable: true }, keep).catch(() => resolve(false))
  })
  return held
}

const first = ['Amber', 'Brisk', 'Calm', 'Dusty', 'Eager', 'Fuzzy', 'Giddy', 'Hazy', 'Lucky', 'Mellow', 'Nimble', 'Quiet', 'Rusty', 'Sunny', 'Tidy', 'Witty']
const second = ['Badger', 'Comet', 'Dolphin', 'Falcon', 'Gecko', 'Heron', 'Ibis', 'Lantern', 'Magpie', 'Newt', 'Otter', 'Pebble', 'Rocket', 'Sparrow', 'Tulip', 'Walrus']

/** A name for who gave none. */
export function randomName(): string {
  const pick = (from: readonly string[]): string => from[Math.floor(Math.random() * from.length)] as string
  return `${pick(first)} ${pick(second)}`
}
