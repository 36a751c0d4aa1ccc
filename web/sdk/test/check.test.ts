// What a client says it has of a view, to a server that compares.

import { describe, expect, it } from 'vitest'
import { crc32 } from '../src/hash.ts'
import { connect, type Room } from '../src/index.ts'
import { Reader } from '../src/msgpack.ts'
import { FakeWorld, frame, letIn, resume } from './world.ts'

type View = { at: number; name: string }

function inside(): { world: FakeWorld; room: Room<unknown, View> } {
  const world = new FakeWorld()
  const room = connect<unknown, View>({ url: 'ws://here/v1/play', ticket: 'T' }, { world })
  letIn(world)
  return { world, room }
}

/** The room shows one view a second, from tick 1 on, whose number is ten times its tick. */
function shows(world: FakeWorld, from: number, to: number): void {
  for (let tick = from; tick <= to; tick++) {
    world.pass(1000)
    world.socket.say(frame([17, tick, [10 * tick, 'a']]))
  }
}

/** The checks that were said over the newest connection: ticks and hashes. */
const checks = (world: FakeWorld): number[][] =>
  world.socket.sent.flatMap((sent) => {
    const r = new Reader(sent)
    return r.array() === 3 && r.uint() === 10 ? [[r.uint(), r.uint()]] : []
  })

/** What the server sent of a tick. */
const sent = (tick: number): number[] => [tick, crc32(frame([10 * tick, 'a']))]

describe('a view', () => {
  it('is checked every 5 s, before a newer one is read', () => {
    const { world } = inside()
    shows(world, 1, 12)
    expect(checks(world)).toEqual([sent(4), sent(9)])
  })

  it('that was written into by who heard it is not as it was sent', () => {
    const { world, room } = inside()
    room.onView((view) => (view.at += 1))
    shows(world, 1, 6)
    expect(checks(world)).toEqual([[4, crc32(frame([41, 'a']))]])
    expect(checks(world)).not.toEqual([sent(4)])
  })

  it('that is none any more is wrong, and harms nothing', () => {
    const { world, room } = inside()
    room.onView((view) => Object.assign(view, { at: 'nowhere' }))
    shows(world, 1, 6)
    expect(checks(world)).toEqual([[4, 0]])
    expect(room.state.phase).toBe('connected')
  })

  it('of the connection before is not checked: another server may have shown it', () => {
    const { world } = inside()
    shows(world, 1, 4)
    world.socket.end(1006)
    world.pass(0)
    resume(world)
    world.pass(1500)
    shows(world, 5, 6)
    expect(checks(world)).toEqual([sent(5)])
  })

  it('that the server finds to be another is reported, as an error of the page’s own', () => {
    const { world, room } = inside()
    shows(world, 1, 1)
    world.socket.say(frame([29, 1]))
    expect(world.errors.map(String)).toEqual(['Error: The view of tick 1 was not as it was sent.'])
    world.socket.say(frame([17, 1, [10, 'a']]))
    expect(room.view, 'and sent again').toEqual({ at: 10, name: 'a' })
  })
})

it('the hash is the one that everybody has', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array())).toBe(0)
})
