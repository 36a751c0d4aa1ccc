// Which transport carries the link: down when frames do not pass, up when they
// do again, and never down for what the whole network did.

import { describe, expect, it } from 'vitest'
import { connect, type Room, type State } from '../src/index.ts'
import { climbAfter, firstVia, nextVia } from '../src/via.ts'
import { alive, FakeWorld, frame, letIn, linked, resume, type FakeSocket } from './world.ts'

type Scene = { world: FakeWorld; room: Room; states: State[] }

function dialed(world = new FakeWorld()): Scene {
  world.chance = 1
  const room = connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world })
  const states: State[] = []
  room.onState((s) => states.push(s))
  return { world, room, states }
}

/** Carried by a stream: the WebSocket was refused. */
function streaming(): Scene {
  const scene = dialed()
  scene.world.socket.end(1006)
  letIn(scene.world)
  return scene
}

/** The WebSocket that is opened beside the stream when it is due. */
function climbing(world: FakeWorld): FakeSocket {
  if (world.time === 0) alive(world, 9999)
  world.pass(1)
  return world.socket
}

const vias = (world: FakeWorld): string[] => world.sockets.map((s) => s.via)
const stateVia = (room: Room): string => (room.state.phase === 'connected' ? room.state.via : room.state.phase)
const bye = (code: number): Uint8Array => frame([25, code, ''])

describe('the choice', () => {
  it('begins with what is known to work, else with a WebSocket', () => {
    expect([undefined, 'websocket', 'stream', 'poll'].map((known) => firstVia(known as never))).toEqual(['websocket', 'websocket', 'stream', 'poll'])
  })

  it('goes down to the end, and then waits', () => {
    expect([nextVia('websocket', undefined, false), nextVia('stream', undefined, true), nextVia('poll', undefined, true)]).toEqual(['stream', 'poll', undefined])
  })

  it('does not go below a WebSocket that worked, unless it opens and is silent', () => {
    expect([nextVia('websocket', 'websocket', false), nextVia('websocket', 'websocket', true)]).toEqual([undefined, 'stream'])
  })

  it('tries for better after 10 s, and each time after twice as long, up to 5 minutes', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(climbAfter)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
  })
})

describe('a WebSocket that nobody knows', () => {
  it('is asked for a pong before hello', () => {
    const { world, room } = dialed()
    world.socket.openSilent()
    expect(world.socket.kinds(), 'one ping').toEqual([5])
    world.socket.say(frame([22, 0, 0, 0]))
    expect(world.socket.kinds()).toEqual([5, 1])
    world.socket.say(linked('new'))
    expect(room.clock.synced, 'that pong is of no clock').toBe(false)
  })

  it('that worked is told hello at once, also by the next room of this page', () => {
    const { world } = dialed()
    letIn(world)
    world.socket.end(1006)
    world.pass(0)
    world.socket.openSilent()
    expect(world.socket.kinds()).toEqual([1])
    dialed(world)
    world.socket.openSilent()
    expect(world.socket.kinds()).toEqual([1])
  })

  it.each<[string, (s: FakeSocket, world: FakeWorld) => void]>([
    ['refused', (s) => s.end(1006)],
    ['never open for 3 s', (_, world) => world.pass(3000)],
    ['open and silent for 3 s', (s, world) => (s.openSilent(), world.pass(3000))],
    ['closed before a pong', (s) => (s.openSilent(), s.end(1002))],
  ])('%s is followed by a stream, and nobody is told of trouble', (_, fails) => {
    const { world, room, states } = dialed()
    const [socket] = world.sockets as [FakeSocket]
    fails(socket, world)
    expect(vias(world)).toEqual(['websocket', 'stream'])
    expect(socket.shut || socket.kinds().length < 2).toBe(true)
    letIn(world)
    expect(states).toEqual([{ phase: 'connected', began: 'new', via: 'stream' }])
    expect(room.seat).toBe(0)
    expect(world.sockets[1]?.kinds()[0], 'a stream is told hello at once').toBe(1)
  })

  it('has 3 s for its pong from when it is open, and a second more with each try', () => {
    const { world } = dialed()
    world.pass(2999)
    world.socket.openSilent()
    world.pass(2999)
    expect(world.sockets).toHaveLength(1)
    world.pass(1)
    expect(world.sockets).toHaveLength(2)
    for (const via of ['stream', 'poll']) {
      expect(world.socket.via).toBe(via)
      world.pass(3000)
    }
    world.pass(0)
    expect(world.socket.via, 'it begins again').toBe('websocket')
    world.pass(3999)
    expect(world.socket.via).toBe('websocket')
    world.pass(1)
    expect(world.socket.via).toBe('stream')
  })

  it('that says goodbye instead is heard: the server speaks, so nothing is blocked', () => {
    const { world, room } = dialed()
    world.socket.openSilent()
    world.socket.say(bye(4000))
    expect(room.state).toMatchObject({ phase: 'reconnecting', code: 4000 })
    expect(vias(world)).toEqual(['websocket'])
  })
})

describe('a stream', () => {
  it('that brings nothing for 3 s is followed by polling', () => {
    const { world, room } = dialed()
    world.socket.end(1006)
    world.socket.openSilent()
    world.pass(3000)
    expect(vias(world)).toEqual(['websocket', 'stream', 'poll'])
    letIn(world)
    expect(stateVia(room)).toBe('poll')
  })

  it('that the server refuses with its own code is not', () => {
    const { world, room } = dialed()
    world.socket.end(1006)
    world.socket.end(4003)
    expect(room.state).toMatchObject({ phase: 'reconnecting', code: 4003 })
    expect(world.sockets).toHaveLength(2)
  })

  it('that worked is what the next connection begins with', () => {
    const { world, room } = streaming()
    alive(world, 6000)
    world.socket.end(1006)
    world.pass(0)
    expect(vias(world)).toEqual(['websocket', 'stream', 'stream'])
    resume(world)
    expect(room.state).toEqual({ phase: 'connected', began: 'resumed', via: 'stream' })
  })

  it('is forgotten when the network returns: it may be another', () => {
    const { world } = streaming()
    world.socket.end(1006)
    world.wake(true)
    expect(world.socket.via).toBe('websocket')
  })

  it('is forgotten after two tries that failed', () => {
    const { world, room } = streaming()
    world.socket.end(1006)
    for (let i = 0; i < 8 && world.socket.via !== 'websocket'; i++) {
      if (room.state.phase === 'reconnecting') world.pass(Math.max(0, room.state.next - world.time))
      if (world.sockets.at(-1)?.via !== 'websocket') world.socket.end(1006)
    }
    expect(vias(world), 'each try goes down to the end').toEqual(['websocket', 'stream', 'stream', 'poll', 'stream', 'poll', 'websocket'])
  })
})

describe('a network that is down', () => {
  it('says nothing against WebSockets: one that worked is tried again, and found', () => {
    const { world, room } = dialed()
    letIn(world)
    alive(world, 6000)
    world.socket.end(1006)
    for (let i = 0; i < 2; i++) {
      if (room.state.phase === 'reconnecting') world.pass(Math.max(0, room.state.next - world.time))
      world.socket.end(1006)
    }
    expect(vias(world), 'two tries, one dial each').toEqual(['websocket', 'websocket', 'websocket'])
    expect(world.via, 'after them nobody is sure any more').toBeUndefined()
    if (room.state.phase === 'reconnecting') world.pass(room.state.next - world.time)
    for (const via of ['websocket', 'stream', 'poll']) {
      expect(world.socket.via).toBe(via)
      world.socket.end(1006)
    }
    if (room.state.phase === 'reconnecting') world.pass(room.state.next - world.time)
    resume(world)
    expect(room.state).toMatchObject({ phase: 'connected', began: 'resumed', via: 'websocket' })
  })

  it('and a WebSocket that worked, opens, and has become silent is followed by a stream', () => {
    const { world, room } = dialed()
    letIn(world)
    world.socket.end(1006)
    world.pass(0)
    world.socket.openSilent()
    world.pass(4000)
    expect(world.socket.via).toBe('stream')
    resume(world)
    expect(stateVia(room)).toBe('stream')
  })
})

describe('going up', () => {
  it('a WebSocket is opened beside the stream after 10 s, and the link moves when its pong is there', () => {
    const { world, room, states } = streaming()
    const stream = world.socket
    alive(world, 9999)
    expect(world.sockets).toHaveLength(2)
    const beside = climbing(world)
    expect(beside.via).toBe('websocket')
    beside.openSilent()
    expect(beside.kinds()).toEqual([5])
    stream.say(frame([20, 1, 'Bo', 'one']))
    expect(room.chat, 'the stream carries it meanwhile').toHaveLength(1)
    beside.say(frame([22, 0, 0, 0]))
    expect(beside.hello, 'welcome and a line were seen').toEqual(frame([1, 'T', 'tickroom-js/1', 'L1', 2, 2]))
    stream.say(frame([20, 1, 'Bo', 'two']))
    expect(room.chat, 'what the stream brings after hello the server gives again').toHaveLength(1)
    expect(stream.shut, 'it is not let go before the link is here').toBe(false)
    stream.say(bye(4006))
    stream.end(4006)
    beside.say(linked('resumed'))
    beside.say(frame([20, 1, 'Bo', 'two']))
    expect(room.chat.map((l) => l.text)).toEqual(['one', 'two'])
    expect(stream.shut).toBe(true)
    expect(states, 'and nobody was told of any trouble').toEqual([
      { phase: 'connected', began: 'new', via: 'stream' },
      { phase: 'connected', began: 'resumed', via: 'websocket' },
    ])
    world.socket.say(frame([17, 200, [1, 'a']]))
    alive(world, 60_000)
    expect(world.sockets, 'there is nothing above it').toHaveLength(3)
  })

  it('what is asked on the way waits for linked, and is sent once', async () => {
    const { world, room } = streaming()
    const stream = world.socket
    climbing(world).open()
    const sent = stream.sent.length
    const asked = room.say('hi')
    room.input(1, { step: 1 })
    expect([world.socket.kinds(), stream.sent.length], 'neither here nor there').toEqual([[5, 1], sent])
    world.socket.say(linked('resumed'))
    world.socket.say(frame([17, 200, [1, 'a']]))
    expect(world.socket.sent.filter((_, i) => world.socket.kinds()[i] === 4)).toEqual([frame([4, 1, 'hi'])])
    expect(world.socket.kinds(), 'nor is the input dropped').toContain(3)
    world.socket.say(frame([19, 1, '', '']))
    await asked
  })

  it('acknowledges nothing that hello has said', () => {
    const { world } = streaming()
    const stream = world.socket
    const beside = climbing(world)
    stream.say(frame([20, 1, 'Bo', 'one']))
    beside.open()
    beside.say(linked('resumed'))
    world.pass(1000)
    expect(beside.kinds()).not.toContain(7)
  })

  it.each<[string, (s: FakeSocket, world: FakeWorld) => void]>([
    ['refused', (s) => s.end(1006)],
    ['silent', (s, world) => (s.openSilent(), alive2(world, 3000))],
    ['said goodbye to', (s) => (s.openSilent(), s.say(bye(4003)))],
    ['sent rubbish', (s) => (s.openSilent(), s.say(new Uint8Array(0)))],
  ])('that is %s leaves the stream as it was, and waits twice as long', (_, fails) => {
    const { world, room, states } = streaming()
    const stream = world.socket
    const beside = climbing(world)
    fails(beside, world)
    expect(beside.shut, 'it is let go').toBe(true)
    const since = world.time
    while (world.sockets.length === 3 && world.time < since + 100_000) {
      world.pass(1000)
      stream.say(frame([17, 200, [1, 'a']]))
    }
    expect(world.time - since).toBe(20_000)
    expect([stateVia(room), states.length]).toEqual(['stream', 1])
  })

  it('is tried at once when the network returns', () => {
    const { world, room } = streaming()
    world.wake(true)
    expect(vias(world)).toEqual(['websocket', 'stream', 'websocket'])
    resume(world)
    expect(stateVia(room)).toBe('websocket')
  })

  it('ends with the stream, whose loss begins a try of its own', () => {
    const { world, room } = streaming()
    const stream = world.socket
    const beside = climbing(world)
    stream.end(1006)
    expect([beside.shut, room.state.phase]).toEqual([true, 'reconnecting'])
    room.close()
    expect(world.timers).toBe(0)
  })

  it('that breaks after hello is a lost connection like any other', () => {
    const { world, room } = streaming()
    climbing(world).open()
    world.socket.end(1006)
    expect(room.state.phase).toBe('reconnecting')
    expect(world.sockets.every((s) => s.shut), 'the older one as well').toBe(true)
    world.pass(0)
    resume(world)
    expect(room.state).toMatchObject({ phase: 'connected', began: 'resumed' })
  })

  it('is not heard of by who closes', () => {
    const { world, room } = streaming()
    climbing(world)
    room.close()
    expect(world.sockets.map((s) => s.shut)).toEqual([true, true, true])
    expect(world.timers).toBe(0)
  })
})

/** Time passes while the stream below the newest connection lives. */
function alive2(world: FakeWorld, ms: number): void {
  const stream = world.sockets.at(-2)
  for (let left = ms; left > 0; left -= 1000) {
    stream?.say(frame([17, 200, [1, 'a']]))
    world.pass(1000)
  }
}
