import { describe, expect, it } from 'vitest'
import { watchRooms, type RoomEntry, type Stream } from '../src/lobby.ts'
import { FakeWorld } from './world.ts'

class FakeStream implements Stream {
  readyState = 1
  #listeners = new Map<string, (e: { data?: string }) => void>()

  addEventListener(type: string, listener: (e: { data?: string }) => void): void {
    this.#listeners.set(type, listener)
  }

  close(): void {
    this.readyState = 2
  }

  send(type: string, data: unknown = {}): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) })
  }

  /** Opens, and tells of these rooms. */
  begin(...rooms: Partial<RoomEntry>[]): void {
    this.send('open')
    this.send('beat')
    for (const r of rooms) this.send('room', r)
  }

  /** Breaks: for good, or so that the browser tries again by itself. */
  fail(forGood: boolean): void {
    this.readyState = forGood ? 2 : 0
    this.send('error')
  }
}

interface Scene {
  world: FakeWorld
  streams: FakeStream[]
  told: (string[] | undefined)[]
  stop: () => void
}

function watching(): Scene {
  const world = new FakeWorld()
  const streams: FakeStream[] = []
  const told: (string[] | undefined)[] = []
  const open = (): Stream => {
    const stream = new FakeStream()
    streams.push(stream)
    return stream
  }
  const stop = watchRooms((rooms) => told.push(rooms?.map((r) => `${r.id} ${r.status}`)), { world, open })
  return { world, streams, told, stop }
}

const room = (id: string, status: RoomEntry['status'] = 'waiting'): Partial<RoomEntry> => ({ id, status, created_at: `2026-01-01T00:00:00.${id.charCodeAt(0)}Z` })

describe('the list of rooms', () => {
  it('begins with all of them, the newest first, and follows each change', () => {
    const { world, streams, told } = watching()
    streams[0]!.begin(room('b'), room('a'))
    world.pass(50)
    streams[0]!.send('room', room('b', 'running'))
    world.pass(50)
    streams[0]!.send('room', room('c'))
    streams[0]!.send('gone', { id: 'a' })
    world.pass(50)
    expect(told).toEqual([
      ['b waiting', 'a waiting'],
      ['b running', 'a waiting'],
      ['c waiting', 'b running'],
    ])
  })

  it('is empty when the server says so, and not before', () => {
    const { world, streams, told } = watching()
    world.pass(1000)
    expect(told).toEqual([])
    streams[0]!.begin()
    world.pass(50)
    expect(told).toEqual([[]])
  })

  it('forgets what went away while there was no stream', () => {
    const { world, streams, told } = watching()
    streams[0]!.begin(room('a'), room('b'))
    world.pass(50)
    streams[0]!.fail(false)
    expect(told.at(-1), 'it says that it does not know').toBeUndefined()
    expect(streams, 'the browser reconnects by itself').toHaveLength(1)
    streams[0]!.begin(room('b'))
    world.pass(50)
    expect(told.at(-1)).toEqual(['b waiting'])
  })

  it('asks again, more and more slowly, where the browser gave up', () => {
    const { world, streams } = watching()
    world.chance = 1
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      const n = streams.length
      const since = world.time
      streams.at(-1)!.fail(true)
      while (streams.length === n) world.pass(10)
      pauses.push(world.time - since)
    }
    expect(pauses).toEqual([500, 750, 1250, 2250, 4250, 8250, 8250])
  })

  it('opens a new stream where one fell silent, since the server beats', () => {
    const { world, streams, told } = watching()
    streams[0]!.begin(room('a'))
    for (let i = 0; i < 4; i++) {
      world.pass(15_000)
      streams[0]!.send('beat')
    }
    expect(streams).toHaveLength(1)
    world.pass(40_000)
    expect(streams).toHaveLength(2)
    expect(streams[0]!.readyState, 'the old one is closed').toBe(2)
    expect(told.at(-1)).toBeUndefined()
  })

  it('stops for good when told', () => {
    const { world, streams, stop } = watching()
    streams[0]!.begin(room('a'))
    streams[0]!.fail(true)
    stop()
    world.pass(100_000)
    expect(streams).toHaveLength(1)
    expect(world.timers).toBe(0)
  })
})
