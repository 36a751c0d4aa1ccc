import { describe, expect, it } from 'vitest'
import { connect, type Room, type State } from '../src/index.ts'
import { alive, FakeWorld, frame, letIn, linked, resume } from './world.ts'

function dialed(): { world: FakeWorld; room: Room } {
  const world = new FakeWorld()
  return { world, room: connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world }) }
}

function inside(): { world: FakeWorld; room: Room } {
  const scene = dialed()
  letIn(scene.world)
  return scene
}

/** Fails every try until the client gives up; says when each was made. */
function failAll(world: FakeWorld, room: Room): number[] {
  const tries: number[] = []
  for (let i = 0; i < 100 && room.state.phase !== 'closed'; i++) {
    const n = world.sockets.length
    world.socket.end(1006)
    if (room.state.phase === 'reconnecting') world.pass(Math.max(0, room.state.next - world.time))
    if (world.sockets.length > n && tries.at(-1) !== world.time) tries.push(world.time)
  }
  return tries
}

const reconnecting = (room: Room): State & { phase: 'reconnecting' } => {
  if (room.state.phase !== 'reconnecting') throw new Error(`the room is ${room.state.phase}, not reconnecting`)
  return room.state
}

describe('a drop', () => {
  it('tries again at once, and is back as if nothing had been', () => {
    const { world, room } = inside()
    alive(world, 10_000 - 1)
    world.socket.end(1006)
    expect(reconnecting(room)).toMatchObject({ attempt: 1, next: world.time, until: world.time + 60_000 })
    world.pass(0)
    expect(world.sockets).toHaveLength(2)
    resume(world)
    expect(room.state.phase).toBe('connected')
    expect(world.socket.hello, 'with the same ticket, to the same link').toEqual(frame([1, 'T', 'tickroom-js/1', 'L1', 1, 2]))
  })

  it('then waits 0.25 to 8 s with full jitter, and gives up when the grace is over', () => {
    const { world, room } = inside()
    world.chance = 1
    const dropped = world.time
    const tries = failAll(world, room).map((t) => t - dropped)
    expect(tries).toEqual([0, 500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500, 47_500, 55_500, 60_000])
    expect(room.state).toMatchObject({ phase: 'closed', code: 3000, comeBack: true })
    expect(world.timers).toBe(0)
  })

  it('spreads its tries: chance decides how much of each wait', () => {
    const { world, room } = inside()
    world.chance = 0
    world.socket.end(1006)
    world.pass(0)
    world.socket.end(1006)
    expect(reconnecting(room).next).toBe(world.time)
    world.pass(0)
    world.chance = 0.5
    world.socket.end(1006)
    expect(reconnecting(room).next).toBe(world.time + 500)
  })

  it('counts the tries on when the connection comes and goes at once', () => {
    const { world, room } = inside()
    for (let i = 1; i <= 4; i++) {
      world.socket.end(1006)
      expect(reconnecting(room).attempt).toBe(i)
      world.pass(reconnecting(room).next - world.time)
      resume(world)
    }
    alive(world, 5001)
    world.socket.end(1006)
    expect(reconnecting(room).attempt, 'a connection that lasted makes a new beginning').toBe(1)
  })

  it('measures the clock anew over each connection', () => {
    const { world } = inside()
    world.socket.end(1006)
    world.pass(0)
    resume(world)
    expect(world.socket.kinds(), 'a ping follows hello').toEqual([1, 5])
  })

  it('shows nothing running to who closes while being told of it', () => {
    const { world, room } = inside()
    room.onState((s) => s.phase === 'reconnecting' && room.close())
    world.socket.end(1006)
    expect(room.state.phase).toBe('closed')
    expect(world.timers, 'no try is on its way').toBe(0)
  })
})

describe('the server’s word', () => {
  it.each([4000, 4001, 4003, 4004, 4005, 4006, 4499])('%d: comes back, after a random wait so that not all come at once', (code) => {
    const { world, room } = inside()
    world.socket.say(frame([25, code, 'Come back.']))
    expect(reconnecting(room)).toMatchObject({ code, reason: 'Come back.', next: world.time + 125 })
    expect(world.socket.shut, 'the old connection is let go').toBe(true)
  })

  it.each([4500, 4501, 4502, 4503, 4504, 4505, 4506, 4507, 4999, 1002, 1003, 1007, 1008, 1009])('%d: does not come back', (code) => {
    const { world, room } = inside()
    world.socket.end(code, 'No.')
    expect(room.state).toEqual({ phase: 'closed', code, reason: 'No.', comeBack: false })
    world.wake()
    world.pass(100_000)
    expect(world.sockets).toHaveLength(1)
  })

  it.each([1000, 1001, 1005, 1006, 1011, 1012, 1013])('of WebSocket’s own, %d: comes back at once', (code) => {
    const { world, room } = inside()
    world.socket.end(code)
    expect(reconnecting(room).next).toBe(world.time)
  })

  it('is heard in Bye before the socket closes, and counted once', () => {
    const { world, room } = inside()
    const seen: State[] = []
    room.onState((s) => seen.push(s))
    world.socket.say(frame([25, 4504, 'You opened this elsewhere.']))
    world.socket.end(4504, 'again')
    expect(seen).toEqual([{ phase: 'closed', code: 4504, reason: 'You opened this elsewhere.', comeBack: false }])
  })

  it('refusing the ticket at the first hello is final', () => {
    const { world, room } = dialed()
    world.socket.open()
    world.socket.say(linked('new'))
    world.socket.say(frame([25, 4503, 'There is no such ticket.']))
    expect(room.state).toMatchObject({ phase: 'closed', code: 4503 })
  })
})

/** The newest ping is answered, so long after it was sent. */
function answer(world: FakeWorld, after: number): void {
  const sent = world.time * 1000
  world.pass(after)
  world.socket.say(frame([22, sent, 100, 0]))
}

/** Inside, and the way there and back takes 40 ms. */
function near(): { world: FakeWorld; room: Room } {
  const scene = inside()
  answer(scene.world, 40)
  return scene
}

describe('silence', () => {
  it('of 2 s is asked about, and 1 s without an answer is a dead connection', () => {
    const { world, room } = near()
    alive(world, 6000)
    const before = world.socket.sent.length
    world.pass(1999)
    const asked = world.socket.kinds().slice(before).filter((k) => k !== 7).length
    world.pass(1)
    expect(world.socket.kinds().slice(before).filter((k) => k === 5), 'one more ping than is due').toHaveLength(asked + 1)
    world.pass(999)
    expect(room.state.phase).toBe('connected')
    world.pass(1)
    expect(reconnecting(room).code).toBe(4002)
    world.pass(0)
    expect(world.sockets, 'and tried again at once').toHaveLength(2)
  })

  it('is longer in a room that shows something once in two seconds', () => {
    const { world, room } = dialed()
    world.socket.open()
    world.socket.say(linked('new'))
    world.socket.say(frame([16, 'room-1', 'hop', 0, 1, 2, 1, 60, [['struct', []], ['struct', []], []], [], []]))
    answer(world, 40)
    world.pass(3900)
    expect(room.state.phase, 'four of its snapshots take 4 s').toBe('connected')
    world.pass(1100)
    expect(reconnecting(room).code).toBe(4002)
  })

  it('is broken by any frame, not only by pongs', () => {
    const { world, room } = inside()
    alive(world, 60_000)
    expect(room.state.phase).toBe('connected')
  })

  it('of a room that has nothing to show is broken by its pongs', () => {
    const { world, room } = near()
    const sent = (): number => world.socket.sent.length
    for (let read = sent(); world.time < 60_000; ) {
      world.pass(40)
      const asked = world.socket.kinds().slice(read).includes(5)
      read = sent()
      if (asked) world.socket.say(frame([22, (world.time - 40) * 1000, 100, 0]))
    }
    expect(room.state.phase).toBe('connected')
    expect(world.sockets).toHaveLength(1)
  })

  it('of a server that does not let us in ends that try after 12 s', () => {
    const { world, room } = dialed()
    world.socket.open()
    world.pass(11_999)
    expect(room.state.phase).toBe('connecting')
    world.pass(1)
    expect(reconnecting(room)).toMatchObject({ attempt: 1, code: 4002 })
  })
})

describe('a page that was away', () => {
  it('asks at once and keeps a connection that answers', () => {
    const { world, room } = near()
    alive(world, 7000)
    const before = world.socket.sent.length
    world.wake()
    expect(world.socket.kinds().slice(before)).toEqual([5])
    answer(world, 40)
    alive(world, 5000)
    expect(room.state.phase).toBe('connected')
    expect(world.sockets).toHaveLength(1)
  })

  it('finds out in two round trips and a moment that a connection is dead', () => {
    const { world, room } = near()
    world.pass(100)
    world.wake()
    world.pass(2 * 40 + 149)
    expect(room.state.phase).toBe('connected')
    world.pass(1)
    expect(reconnecting(room).code).toBe(4002)
  })

  it('waits up to 3 s where the way is long, or nobody knows how long', () => {
    const { world: far, room: farRoom } = inside()
    answer(far, 1900)
    const { world: unknown, room } = inside()
    for (const world of [far, unknown]) {
      world.pass(1)
      world.wake()
      world.pass(2999)
    }
    expect([farRoom.state.phase, room.state.phase]).toEqual(['connected', 'connected'])
    for (const world of [far, unknown]) world.pass(1)
    expect([reconnecting(farRoom).code, reconnecting(room).code]).toEqual([4002, 4002])
  })

  it('remembers the longest round trip for a while', () => {
    const { world, room } = inside()
    answer(world, 1000)
    answer(world, 40)
    world.pass(1)
    world.wake()
    world.pass(1500)
    expect(room.state.phase, 'one quick answer does not make the way short').toBe('connected')
  })

  it('asks after a sleep instead of calling its own late timers silence', () => {
    const { world, room } = inside()
    world.sleep(40_000)
    expect(room.state.phase, 'nobody had a chance to be heard').toBe('connected')
    world.socket.say(frame([17, 900, [1, 'a']]))
    alive(world, 5000)
    expect(room.state.phase).toBe('connected')
  })

  it('pings also while its timers sleep, when it hears something', () => {
    const { world } = near()
    alive(world, 10_000)
    const before = world.socket.sent.length
    world.time += 6000 // a hidden page is told what comes, and its timers fire once a minute
    world.socket.say(frame([17, 900, [1, 'a']]))
    expect(world.socket.kinds().slice(before)).toContain(5)
  })

  it('does not wait out its pause when the network returns', () => {
    const { world } = inside()
    world.chance = 1
    world.socket.end(1006)
    world.pass(0)
    world.socket.end(1006)
    const n = world.sockets.length
    world.wake(true)
    expect(world.sockets).toHaveLength(n + 1)
  })

  it('dials anew when the network returns, however young the dial: it began without one', () => {
    const { world } = dialed()
    world.wake(true)
    expect(world.sockets).toHaveLength(2)
    expect(world.sockets[0]?.shut).toBe(true)
  })

  it('leaves a young dial alone when the page is shown', () => {
    const { world } = dialed()
    world.wake()
    expect(world.sockets).toHaveLength(1)
    world.socket.open()
    world.pass(3001)
    world.wake()
    expect(world.sockets, 'an old one is made anew').toHaveLength(2)
  })

  it('makes one more try when it wakes after the grace: the server knows whether the seat is kept', () => {
    const { world, room } = inside()
    world.chance = 1
    world.socket.end(1006)
    world.pass(0)
    world.socket.end(1006)
    world.sleep(90_000)
    expect(world.sockets).toHaveLength(3)
    resume(world)
    expect(room.state.phase).toBe('connected')
  })
})

describe('closing', () => {
  it('ends here, keeps the seat, and leaves nothing running', () => {
    const { world, room } = inside()
    room.close()
    expect(room.state).toMatchObject({ phase: 'closed', code: 3002 })
    expect(world.socket.kinds(), 'the seat is not given up').not.toContain(6)
    expect(world.timers).toBe(0)
    world.wake()
    expect(world.sockets).toHaveLength(1)
  })
})
