// The open rooms as they come and go: a list that keeps itself up to date by
// server-sent events. Each stream begins with all rooms, so each begins a new
// list. The browser reconnects a stream that breaks; where it gives up (the
// server answered with an error), or the stream is silent for too long, this
// opens another.

import type { Undo } from './events.ts'
import { firstBackoff, gather, lastBackoff, streamDeadAfter } from './limits.ts'
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

const closed = 2 // an EventSource's readyState when it has given up

/** Calls with all rooms, the newest first, when some changed, and with undefined while there is no stream. */
export function watchRooms(changed: (rooms: readonly RoomEntry[] | undefined) => void, options: RoomListOptions): Undo {
  const list = new RoomList(changed, options)
  list.start()
  return () => list.stop()
}

class RoomList {
  readonly #changed: (rooms: readonly RoomEntry[] | undefined) => void
  readonly #world: Pick<World, 'after' | 'random'>
  readonly #open: () => Stream
  readonly #rooms = new Map<string, RoomEntry>()
  #stream: Stream | undefined
  #attempt = 0
  #telling: Undo | undefined
  #restarting: Undo | undefined
  #watching: Undo | undefined

  constructor(changed: (rooms: readonly RoomEntry[] | undefined) => void, options: RoomListOptions) {
    this.#changed = changed
    this.#world = options.world
    const open = options.open ?? ((url: string) => new EventSource(url))
    this.#open = () => open(`${options.base ?? ''}/v1/rooms/events`)
  }

  start(): void {
    this.stop()
    const stream = (this.#stream = this.#open())
    stream.addEventListener('open', () => this.#rooms.clear())
    stream.addEventListener('beat', () => this.#heard())
    stream.addEventListener('room', (e) => {
      const room = JSON.parse(e.data ?? '') as RoomEntry
      this.#rooms.set(room.id, room)
      this.#heard()
    })
    stream.addEventListener('gone', (e) => {
      this.#rooms.delete((JSON.parse(e.data ?? '') as { id: string }).id)
      this.#heard()
    })
    stream.addEventListener('error', () => this.#lost(stream))
    this.#watch()
  }

  stop(): void {
    for (const undo of [this.#telling, this.#restarting, this.#watching]) undo?.()
    this.#telling = undefined
    this.#stream?.close()
  }

  #heard(): void {
    this.#attempt = 0
    this.#watch()
    this.#telling ??= this.#world.after(gather, () => {
      this.#telling = undefined
      this.#changed([...this.#rooms.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1)))
    })
  }

  #watch(): void {
    this.#watching?.()
    this.#watching = this.#world.after(streamDeadAfter, () => {
      this.#changed(undefined)
      this.start()
    })
  }

  #lost(stream: Stream): void {
    this.#telling?.()
    this.#telling = undefined
    this.#changed(undefined)
    if (stream.readyState !== closed) return // the browser tries again by itself
    const span = Math.min(lastBackoff, firstBackoff * 2 ** this.#attempt++)
    this.#restarting = this.#world.after(firstBackoff + this.#world.random() * span, () => this.start())
  }
}
