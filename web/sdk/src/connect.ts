// The way in: a grant from the lobby becomes a room.

import { browser } from './browser.ts'
import { Room } from './room.ts'
import type { World } from './world.ts'

export interface ConnectOptions {
  /** Name and version of your software, for the server's logs. */
  readonly client?: string
  /** Where to live; a browser unless told. */
  readonly world?: World
}

/** Connects with the right to a seat. The room is there at once; its state says how far it has come. */
export function connect<C = unknown, V = unknown, E extends object = Record<string, unknown>>(
  grant: { readonly url: string; readonly ticket: string },
  options: ConnectOptions = {},
): Room<C, V, E> {
  return new Room<C, V, E>(options.world ?? browser, grant.url, grant.ticket, options.client ?? 'tickroom-js/1')
}
