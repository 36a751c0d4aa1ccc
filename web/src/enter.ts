// The ways into a room. Each asks for a seat, keeps the ticket and goes there.

import type { Grant } from '../sdk/src/lobby.ts'
import type { Context } from './context.ts'
import { go } from './route.ts'
import { keepTicket } from './tickets.ts'

export interface NewRoom {
  readonly game: string
  readonly private: boolean
  readonly options: Readonly<Record<string, number>>
}

/** Any open room of the game, or a new one. */
export async function quickPlay(c: Context, game: string): Promise<void> {
  enter(await c.me.as((token) => c.rest.seatInGame(token, game)))
}

/** A room of one's own. */
export async function openRoom(c: Context, room: NewRoom): Promise<void> {
  const grant = await c.me.as(async (token) => {
    const opened = await c.rest.openRoom(token, room)
    return opened.code ? c.rest.seatByCode(token, opened.code) : c.rest.seat(token, opened.id)
  })
  enter(grant)
}

/** The room with this code. `replace` where the address was an invitation. */
export async function joinByCode(c: Context, code: string, replace = false): Promise<void> {
  enter(await c.me.as((token) => c.rest.seatByCode(token, code)), replace)
}

/** A room on the list. */
export async function joinRoom(c: Context, room: string, watch = false): Promise<void> {
  enter(await c.me.as((token) => c.rest.seat(token, room, watch)))
}

/** The room after this one, with whoever else wants to go on. */
export async function playAgain(c: Context, room: string): Promise<void> {
  enter(await c.me.as((token) => c.rest.again(token, room)), true)
}

function enter(grant: Grant, replace = false): void {
  keepTicket(grant)
  go({ at: 'room', id: grant.room, watch: grant.seat < 0 }, replace)
}
