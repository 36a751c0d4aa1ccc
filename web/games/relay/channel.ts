// Named messages over the relay, as Socket.IO has them: emit here, on there.
// The server passes bytes on and knows nothing of them; here they are JSON.

import type { Undo } from '../../sdk/src/index.ts'
import type { RelayRoom } from './types.ts'

export type { Command, Events, RelayRoom } from './types.ts'

export const all = -1 // the sender too
export const others = -2

export interface Channel {
  /** Says something; rejects with the reason if the server does not pass it on. */
  emit(to: number, name: string, data: unknown): Promise<void>
  /** Hears what is said under a name, or with '*' everything. It comes from strangers: check what it is. */
  on(name: string, listener: (data: unknown, from: number, name: string) => void): Undo
}

export function channel(room: Pick<RelayRoom, 'request' | 'on'>): Channel {
  return {
    emit: (to, name, data) => room.request({ to, name, data: new TextEncoder().encode(JSON.stringify(data) ?? 'null') }),
    on: (name, listener) => room.on('message', (m) => {
      if (name === '*' || name === m.name) listener(read(m.data), m.from, m.name)
    }),
  }
}

/** The data of a message; undefined if it is not JSON. */
function read(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data))
  } catch {
    return undefined
  }
}
