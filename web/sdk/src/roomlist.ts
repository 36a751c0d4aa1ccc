// The open rooms as they come and go: a list that keeps itself up to date by
// server-sent events. The browser reconnects a stream that breaks; where it
// gives up (the server answered with an error), this asks again with a pause.

import type { Undo } from './events.ts'
import { firstBackoff, lastBackoff } from './limits.ts'
import type { RoomEntry } from './rest.ts'
import type { World } from './world.ts'

/** What is needed of an EventSource. */
export interface Stream {
  readonly readyState: number
  addEventListener(type: string, listener: (e: { data?: string }) => void): void
  close(): void
}

export interface RoomListOptions {
  readonly base?: string
  readonly world: Pick<World, 'after' | 'random'>
  readonly open?: (url: string) => Stream
}

/** Calls with all rooms whenever one changed, and with undefined while there is no stream. */
export function watchRooms(changed: (rooms: readonly RoomEntry[] | undefined) => void, options: RoomListOptions): Undo {
  const { world } = options
  const open = options.open ?? ((url: string) => new EventSource(url))
  const rooms = new Map<string, RoomEntry>()
  let stream: Stream
  let again: Undo = () => {}
  let attempt = 0

  const tell = (): void => changed([...rooms.values()])
  const start = (): void => {
    stream = open(`${options.base ?? ''}/v1/rooms/events`)
    const on = (type: string, take: (data: string) => void): void =>
      stream.addEventListener(type, (e) => {
        attempt = 0
        take(e.data ?? '')
        tell()
      })
    on('rooms', (data) => {
      rooms.clear()
      for (const room of JSON.parse(data) as RoomEntry[]) rooms.set(room.id, room)
    })
    on('room', (data) => {
      const room = JSON.parse(data) as RoomEntry
      rooms.set(room.id, room)
    })
    on('gone', (data) => rooms.delete((JSON.parse(data) as { id: string }).id))
    stream.addEventListener('error', lost)
  }
  const lost = (): void => {
    changed(undefined)
    const closed = 2
    if (stream.readyState !== closed) return // the browser tries again by itself
    const span = Math.min(lastBackoff, firstBackoff * 2 ** attempt++)
    again = world.after(firstBackoff + world.random() * span, start)
  }
  start()
  return () => {
    again()
    stream.close()
  }
}
