// A room that goes on at another server, and a client that follows it.

import { describe, expect, it } from 'vitest'
import { connect, type Room, type State } from '../src/index.ts'
import { maxUrl } from '../src/limits.ts'
import { mayMove } from '../src/place.ts'
import { alive, FakeWorld, frame, letIn, resume } from './world.ts'

const first = 'ws://here/v1/play?room=7'
const there = 'ws://there/v1/play?room=7'

function dialed(url = first): { world: FakeWorld; room: Room; states: State[] } {
  const world = new FakeWorld()
  const room = connect({ url, ticket: 'T' }, { world })
  const states: State[] = []
  room.onState((s) => states.push(s))
  return { world, room, states }
}

function inside(): { world: FakeWorld; room: Room; states: State[] } {
  const scene = dialed()
  letIn(scene.world)
  return scene
}

/** The server says where the room is, and closes. */
function move(world: FakeWorld, url = there): void {
  world.socket.say(frame([28, url]))
  world.socket.say(frame([25, 4007, 'The room goes on at another server.']))
  world.pass(0)
}

/** Where the newest connections were made to. */
const places = (world: FakeWorld, n: number): string[] => world.sockets.slice(-n).map((s) => s.url)

/** A try that nobody answers over any transport, and the wait until the next; where it was made. */
function refused(world: FakeWorld, room: Room): string {
  const tried = world.socket.url
  for (const before = room.state; room.state === before; ) world.socket.end(1006)
  if (room.state.phase === 'reconnecting') world.pass(room.state.next - world.time)
  return tried
}

describe('a room that is elsewhere', () => {
  it('is gone to at once, and nobody is told of a loss', () => {
    const { world, room, states } = dialed()
    world.socket.open()
    move(world)
    expect(places(world, 2)).toEqual([first, there])
    expect(states, 'it still connects').toEqual([])
    world.socket.open()
    expect(world.socket.hello, 'the same ticket and link, as over any other connection').toEqual(frame([1, 'T', 'tickroom-js/1', 'L1', 0, 2]))
    letIn(world)
    expect(room.state).toMatchObject({ phase: 'connected', began: 'new' })
  })

  it('that moves in the middle of the match is followed at once, with nothing missed', () => {
    const { world, room, states } = inside()
    move(world)
    expect(states.at(-1)).toMatchObject({ phase: 'reconnecting', code: 4007, next: world.time })
    expect(places(world, 2)).toEqual([first, there])
    resume(world)
    expect(world.socket.hello).toEqual(frame([1, 'T', 'tickroom-js/1', 'L1', 1, 2]))
    expect(room.state).toMatchObject({ phase: 'connected', began: 'resumed' })
  })

  it('is where a lost connection comes back to', () => {
    const { world } = inside()
    move(world)
    resume(world)
    alive(world, 6000)
    world.socket.end(1006)
    world.pass(0)
    expect(places(world, 2)).toEqual([there, there])
  })

  it('is gone to also if the goodbye does not come', () => {
    const { world } = inside()
    world.socket.say(frame([28, there]))
    world.socket.end(1006)
    world.pass(0)
    expect(world.socket.url).toBe(there)
  })

  it('is looked for in turn there and where we began, if nobody answers there', () => {
    const { world, room } = inside()
    move(world)
    const tried = [1, 2, 3, 4, 5].map(() => refused(world, room))
    expect(tried).toEqual([there, first, there, first, there])
    world.socket.open()
    expect(world.socket.url).toBe(first)
    move(world, 'ws://third/v1/play')
    expect([refused(world, room), refused(world, room)], 'which says again where it is').toEqual(['ws://third/v1/play', first])
  })

  it('is waited for where somebody answers, who is busy', () => {
    const { world, room } = inside()
    move(world)
    world.socket.open()
    world.socket.say(frame([25, 4003, 'The room is not here yet.']))
    if (room.state.phase === 'reconnecting') world.pass(room.state.next - world.time)
    expect(places(world, 2)).toEqual([there, there])
  })

  it('sends nobody round in a circle: after four moves in a row there are waits', () => {
    const { world, room } = inside()
    const waits: number[] = []
    for (let i = 0; i < 7; i++) {
      world.socket.open()
      world.socket.say(frame([28, `ws://${i}/v1/play`]))
      world.socket.say(frame([25, 4007, 'Elsewhere.']))
      if (room.state.phase !== 'reconnecting') throw new Error(room.state.phase)
      waits.push(room.state.next - world.time)
      world.pass(room.state.next - world.time)
      expect(world.socket.url, 'slowly or not, it goes there').toBe(`ws://${i}/v1/play`)
    }
    expect(waits.slice(0, 4)).toEqual([0, 0, 0, 0])
    expect(Math.min(...waits.slice(4))).toBeGreaterThan(0)
    resume(world)
    alive(world, 6000)
    move(world)
    expect(world.socket.url, 'a connection that lasted makes a new beginning').toBe(there)
  })

  it('is closed for good where the server says so, wherever it is', () => {
    const { world, room } = inside()
    world.socket.say(frame([28, there]))
    world.socket.say(frame([25, 4506, 'The room is closed.']))
    expect(room.state).toMatchObject({ phase: 'closed', code: 4506 })
    expect(world.timers).toBe(0)
  })
})

describe('a place that nobody should go to', () => {
  it.each([
    ['nothing', ''],
    ['a path', '/v1/play'],
    ['no url', 'ws://[there'],
    ['a page', 'javascript:alert(1)'],
    ['a file', 'ftp://there/'],
    ['with a hash, which no socket takes', 'ws://there/#x'],
    ['too long', `ws://there/${'x'.repeat(maxUrl)}`],
  ])('is none: %s', (_, url) => {
    const { world, room } = inside()
    move(world, url)
    expect(room.state, 'as after any other close').toMatchObject({ phase: 'reconnecting', next: 125 })
    world.pass(125)
    expect(world.socket.url).toBe(first)
    expect(world.errors).toEqual([])
  })

  it.each([
    ['ws://a', 'ws://b', true],
    ['ws://a', 'http://b', true],
    ['ws://a', 'wss://b', true],
    ['wss://a', 'wss://b', true],
    ['https://a', 'wss://b', true],
    ['wss://a', 'ws://b', false],
    ['https://a', 'http://b', false],
    ['wss://a', 'WS://b', false],
    ['/v1/play', 'wss://b', true],
    ['/v1/play', 'ws://b', false],
  ])('keeps secrets: from %s to %s, %s', (from, to, may) => {
    expect(mayMove(from, to)).toBe(may)
  })
})
