import { describe, expect, it } from 'vitest'
import { watchRooms, type RoomEntry, type Stream } from '../src/index.ts'
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

  send(type: string, data: unknown): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) })
  }

  /** Breaks: for good, or so that the browser tries again by itself. */
  fail(forGood: boolean): void {
    this.readyState = forGood ? 2 : 0
    this.#listeners.get('error')?.({})
  }
}

function watching(): { world: FakeWorld; streams: FakeStream[]; told: (string[] | undefined)[]; stop: () => void } {
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

const room = (id: string, status: RoomEntry['status'] = 'waiting'): Partial<RoomEntry> => ({ id, status })

describe('the list of rooms', () => {
  it('begins with all of them and follows each change', () => {
    const { streams, told } = watching()
    streams[0]!.send('rooms', [room('a'), room('b')])
    streams[0]!.send('room', room('b', 'running'))
    streams[0]!.send('room', room('c'))
    streams[0]!.send('gone', { id: 'a' })
    expect(told).toEqual([
      ['a waiting', 'b waiting'],
      ['a waiting', 'b running'],
      ['a waiting', 'b running', 'c waiting'],
      ['b running', 'c waiting'],
    ])
  })

  it('forgets what went away while there was no stream', () => {
    const { streams, told } = watching()
    streams[0]!.send('rooms', [room('a'), room('b')])
    streams[0]!.fail(false)
    expect(told.at(-1), 'it says that it does not know').toBeUndefined()
    expect(streams, 'the browser reconnects by itself').toHaveLength(1)
    streams[0]!.send('rooms', [room('b')])
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

  it('stops for good when told', () => {
    const { world, streams, stop } = watching()
    streams[0]!.fail(true)
    stop()
    world.pass(60_000)
    expect(streams).toHaveLength(1)
    expect(streams[0]!.readyState).toBe(2)
  })
})
