// Who plays in this tab: a name, and the guest it stands for.
//
// A guest is made when one is first needed, and kept in this browser for the
// next visit. But one player has one seat in a room, so a second tab that wants
// to play while the first still does must be another guest: "Ann 2". The
// browser's guests are numbered; a tab holds a lock on the number it plays as
// until it is closed. What a tab is, it stays through a reload; a duplicated
// tab is the same player, and takes over honestly.

import { Problem, type Guest, type Rest } from '../sdk/src/lobby.ts'
import { read, write } from './storage.ts'

export const maxName = 24
const maxGuests = 9 // of one browser at once: more tabs share the last

/** A guest of this browser: its number, and the name it was made for. */
interface Kept extends Guest {
  readonly number: number
  readonly for: string
}

export class Identity {
  readonly #rest: Rest
  #coming: Promise<Guest> | undefined

  constructor(rest: Rest) {
    this.#rest = rest
    const mine = this.#mine()
    if (mine) void hold(mine.number) // a reload let it go
  }

  get name(): string {
    return read<string>(localStorage, 'name') ?? ''
  }

  set name(name: string) {
    write(localStorage, 'name', [...name.trim()].slice(0, maxName).join(''))
  }

  /** Who this tab is already, if anybody. */
  get current(): Guest | undefined {
    return this.#mine() ?? undefined
  }

  /** Does something as a player, who is made if need be, and made anew if the server does not know them any more. */
  async as<T>(run: (token: string) => Promise<T>): Promise<T> {
    const guest = await this.#guest()
    try {
      return await run(guest.token)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      this.#forget()
      return run((await this.#guest()).token)
    }
  }

  /** Does something as who this tab is, or as nobody: nothing is made for it. */
  async asIs<T>(run: (token?: string) => Promise<T>): Promise<T> {
    try {
      return await run(this.current?.token)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      this.#forget()
      return run()
    }
  }

  #mine(): Kept | null {
    return read<Kept>(sessionStorage, 'player')
  }

  #guest(): Promise<Guest> {
    this.#coming ??= this.#find().finally(() => {
      this.#coming = undefined
    })
    return this.#coming
  }

  async #find(): Promise<Guest> {
    if (this.name === '') this.name = randomName()
    const name = this.name
    const mine = this.#mine()
    if (mine?.for === name) return mine
    const number = mine?.number ?? (await firstFree())
    const kept = read<Kept>(localStorage, `player.${number}`)
    const guest = kept?.for === name ? kept : { ...(await this.#rest.guest(numbered(name, number))), number, for: name }
    write(localStorage, `player.${number}`, guest)
    write(sessionStorage, 'player', guest)
    return guest
  }

  #forget(): void {
    const mine = this.#mine()
    if (mine) write(localStorage, `player.${mine.number}`, null)
    write(sessionStorage, 'player', null)
  }
}

/** The name of a browser's guest: the first has it as it is. */
export function numbered(name: string, number: number): string {
  const tail = ` ${number}`
  return number === 1 ? name : [...name].slice(0, maxName - tail.length).join('') + tail
}

async function firstFree(): Promise<number> {
  for (let number = 1; number < maxGuests; number++) if (await hold(number)) return number
  return maxGuests
}

/**
 * Takes a number for as long as this tab lives; false if another tab has it.
 * Without a secure context there are no locks, and every tab is the first guest.
 */
function hold(number: number): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    const keep = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null)
      return lock ? new Promise(() => {}) : undefined // until the tab is gone
    }
    navigator.locks.request(`tickroom.player.${number}`, { ifAvailable: true }, keep).catch(() => resolve(false))
  })
}

const first = ['Amber', 'Brisk', 'Calm', 'Dusty', 'Eager', 'Fuzzy', 'Giddy', 'Hazy', 'Lucky', 'Mellow', 'Nimble', 'Quiet', 'Rusty', 'Sunny', 'Tidy', 'Witty']
const second = ['Badger', 'Comet', 'Dolphin', 'Falcon', 'Gecko', 'Heron', 'Ibis', 'Lantern', 'Magpie', 'Newt', 'Otter', 'Pebble', 'Rocket', 'Sparrow', 'Tulip', 'Walrus']

/** A name for who gave none. */
export function randomName(): string {
  const pick = (from: readonly string[]): string => from[Math.floor(Math.random() * from.length)] as string
  return `${pick(first)} ${pick(second)}`
}
