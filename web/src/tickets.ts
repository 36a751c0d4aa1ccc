// The tickets of this tab, by room: with them a reload comes back to its seat.

import type { Grant } from '../sdk/src/lobby.ts'
import { read, write } from './storage.ts'

const key = (room: string): string => `ticket.${room}`

export function ticketOf(room: string): Grant | null {
  return read<Grant>(sessionStorage, key(room))
}

export function keepTicket(grant: Grant): void {
  write(sessionStorage, key(grant.room), grant)
  write(sessionStorage, 'room', grant.room)
}

export function forgetTicket(room: string): void {
  write(sessionStorage, key(room), null)
  if (read<string>(sessionStorage, 'room') === room) write(sessionStorage, 'room', null)
}

/** The room this tab was in last and may still have a seat in. */
export function lastTicket(): Grant | null {
  const room = read<string>(sessionStorage, 'room')
  return room === null ? null : ticketOf(room)
}
