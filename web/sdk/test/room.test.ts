import { describe, expect, it } from 'vitest'
import { connect, Refusal, Unanswered, type Room, type State } from '../src/index.ts'
import { MsgpackError, Reader } from '../src/msgpack.ts'
import { alive, FakeWorld, frame, letIn, linked, resume, welcome } from './world.ts'

interface Command {
  step: number
}
interface View {
  at: number
  name: string
}
interface Events {
  hop: { by: number }
}
type HopRoom = Room<Command, View, Events>

interface Scene {
  world: FakeWorld
  room: HopRoom
  states: State['phase'][]
}

/** A room that has dialed and nothing else. */
function dialed(): Scene {
  const world = new FakeWorld()
  const room = connect<Command, View, Events>({ url: 'ws://here/v1/play', ticket: 'T' }, { world, client: 'test/1' })
  const states: State['phase'][] = []
  room.onState((s) => states.push(s.phase))
  return { world, room, states }
}

/** A room that is in. */
function inside(): Scene {
  const scene = dialed()
  letIn(scene.world)
  return scene
}

/** A refused promise's code. */
const codeOf = (p: Promise<void>): Promise<string> =>
  p.then(
    () => 'done',
    (e: unknown) => (e instanceof Refusal || e instanceof Unanswered ? e.code : String(e)),
  )

describe('coming in', () => {
  it('says hello with the ticket first, and is connected by the welcome', () => {
    const { world, room, states } = dialed()
    expect(room.state.phase).toBe('connecting')
    world.socket.open()
    expect(world.socket.hello).toEqual(frame([1, 'T', 'test/1', 'L1', 0, 1]))
    expect(states, 'an open socket is not a seat').toEqual([])
    world.socket.say(linked('new'))
    expect(states, 'nor is a link: the ticket was not looked at').toEqual([])
    world.socket.say(welcome())
    expect(states).toEqual(['connected'])
    expect(room.seat).toBe(0)
    expect(room.info).toMatchObject({ room: 'room-1', game: 'hop', tickRate: 20, options: { speed: 3 } })
    expect(room.members).toEqual([
      { seat: 0, state: 'taken', name: 'Ann' },
      { seat: 1, state: 'held', name: 'Bo' },
    ])
  })

  it('syncs its clock with a burst of pings, then every 5 s', () => {
    const { world } = inside()
    const pings = (): number => world.socket.kinds().slice(world.socket.kinds().indexOf(1)).filter((k) => k === 5).length
    expect(pings(), 'one at once').toBe(1)
    for (let s = 0; s < 4; s++) {
      world.pass(1000)
      world.socket.say(frame([22, world.time * 1000, 100 + s, 0]))
    }
    expect(pings(), 'one a second at first').toBe(5)
    alive(world, 4900)
    expect(pings()).toBe(5)
    alive(world, 200)
    expect(pings(), 'then every five seconds').toBe(6)
  })
})

describe('what is said', () => {
  it('keeps the newest view and tells it to who listens later', () => {
    const { world, room } = inside()
    world.socket.say(frame([17, 101, [7, 'a']]))
    world.socket.say(frame([17, 102, [8, 'b']]))
    expect(room.tick).toBe(102)
    const seen: [View, number][] = []
    room.onView((v, tick) => seen.push([v, tick]))
    expect(seen).toEqual([[{ at: 8, name: 'b' }, 102]])
  })

  it('hands events to who asked for that name and to who asked for all, until they undo it', () => {
    const { world, room } = inside()
    const heard: string[] = []
    const undo = room.on('hop', (e, tick) => heard.push(`hop ${e.by} at ${tick}`))
    room.on('*', (e) => heard.push(`* ${e.name}`))
    world.socket.say(frame([18, 105, 'hop', [3]]))
    undo()
    undo()
    world.socket.say(frame([18, 106, 'hop', [4]]))
    expect(heard).toEqual(['hop 3 at 105', '* hop', '* hop'])
  })

  it('lets a listener that throws harm nobody else', () => {
    const { world, room } = inside()
    const heard: number[] = []
    room.on('hop', () => {
      throw new Error('mine')
    })
    room.on('hop', (e) => heard.push(e.by))
    world.socket.say(frame([18, 105, 'hop', [3]]))
    expect(heard).toEqual([3])
    expect(world.errors).toEqual([new Error('mine')])
  })

  it('tracks members, chat, notices and the end', () => {
    const { world, room } = inside()
    const heard: string[] = []
    room.onMember((m, before) => heard.push(`${m.name}: ${before?.state} to ${m.state}`))
    room.onChat((c) => heard.push(`${c.name}: ${c.text}`))
    room.onNotice((n) => heard.push(n.code))
    room.onOver((o) => heard.push(o.reason))
    world.socket.say(frame([21, 1, 2, 'Bo']))
    world.socket.say(frame([20, 1, 'Bo', 'hi']))
    world.socket.say(frame([24, 'saving', 'The result is being kept.']))
    world.socket.say(frame([23, 900, 'finished', 'time', [[1, 'Bo', 1, 5], [0, 'Ann', 2, -1]]]))
    expect(heard).toEqual(['Bo: held to taken', 'Bo: hi', 'saving', 'time'])
    expect(room.over?.standings[1]).toEqual({ seat: 0, name: 'Ann', place: 2, score: -1 })
    world.socket.say(frame([21, 1, 0, '']))
    expect(room.members.map((m) => m.seat), 'an open seat has no member').toEqual([0])
  })

  it('knows how the room is until it goes on, or the connection is another', () => {
    const { world, room } = inside()
    const heard: string[] = []
    room.onNotice((n) => heard.push(`${n.code}, then ${room.notice?.code}`))
    expect(room.notice, 'the match goes on').toBeUndefined()
    world.socket.say(frame([24, 'paused', 'The match stands still.']))
    expect(room.notice?.text).toBe('The match stands still.')
    world.socket.say(frame([24, 'playing', 'The match goes on.']))
    expect(heard, 'who hears of it finds it so').toEqual(['paused, then paused', 'playing, then undefined'])

    world.socket.say(frame([24, 'paused', 'The match stands still.']))
    world.socket.end(1006)
    expect(room.notice, 'nobody knows how it is').toBeUndefined()
    world.pass(1000)
    resume(world)
    expect(room.notice, 'nothing was said over this connection: it goes on').toBeUndefined()
    expect(world.errors).toEqual([])
  })

  it('counts no notice among what must arrive', () => {
    const { world } = inside()
    world.socket.say(frame([24, 'paused', 'The match stands still.']))
    world.socket.say(frame([20, 1, 'Bo', 'hi']))
    world.socket.end(1006)
    world.pass(1000)
    world.socket.open()
    expect(world.socket.hello, 'the welcome and a line of chat').toEqual(frame([1, 'T', 'test/1', 'L1', 2, 2]))
  })

  it('measures the clock anew after a pause, which the match did not run through', () => {
    const { world, room } = inside()
    const pong = (tick: number): void => world.socket.say(frame([22, world.time * 1000, tick, 0]))
    pong(100)
    world.socket.say(frame([24, 'paused', 'The match stands still.']))
    for (let s = 0; s < 10; s++) {
      world.pass(1000)
      pong(100)
    }
    world.socket.say(frame([24, 'playing', 'The match goes on.']))
    world.pass(1000)
    pong(120)
    expect(room.clock.tickAt(world.time), 'at once, and not by and by').toBeCloseTo(120, 3)
  })

  it('takes no view that is older than the one it has', () => {
    const { world, room } = inside()
    const seen: number[] = []
    room.onView((_, tick) => seen.push(tick))
    world.socket.say(frame([17, 105, [5, 'five']]))
    world.socket.say(frame([17, 103, [3, 'overtaken']]))
    expect(room.view, 'a transport without order delivered it late').toEqual({ at: 5, name: 'five' })
    expect(room.tick).toBe(105)
    world.socket.say(frame([17, 105, [6, 'the same tick']]))
    expect(room.view?.name, 'a tick seen again may tell more').toBe('the same tick')
    world.socket.say(frame([17, 106, [7, 'seven']]))
    expect(seen).toEqual([105, 105, 106])
  })

  it('takes what a new welcome brings, however old its tick', () => {
    const { world, room } = inside()
    world.socket.say(frame([17, 900, [9, 'late in the match']]))
    world.socket.end(1006)
    world.pass(0)
    world.socket.open()
    world.socket.say(linked('unknown'))
    world.socket.say(welcome(10))
    world.socket.say(frame([17, 11, [1, 'early in the match']]))
    expect(room.view, 'the server begins anew, and so does the room').toEqual({ at: 1, name: 'early in the match' })
    expect(room.tick).toBe(11)
  })

  it('keeps no more chat than a person scrolls back', () => {
    const { world, room } = inside()
    for (let i = 0; i < 250; i++) world.socket.say(frame([20, 1, 'Bo', `line ${i}`]))
    expect(room.chat).toHaveLength(200)
    expect(room.chat.at(-1)?.text).toBe('line 249')
  })

  it.each([
    ['an unknown kind', frame([99])],
    ['a missing part', frame([17, 101])],
    ['bytes after the end', Uint8Array.of(...frame([24, 'a', 'b']), 0)],
    ['an event that is not in the schema', frame([18, 101, 'boo', []])],
    ['a state of seats that does not exist', frame([21, 0, 9, 'x'])],
    ['no msgpack at all', Uint8Array.of(0xc1, 0xff)],
  ])('closes for good on %s', (_, bytes) => {
    const { world, room } = inside()
    world.socket.say(bytes)
    expect(room.state).toMatchObject({ phase: 'closed', code: 3001 })
    expect(world.errors[0]).toBeInstanceOf(MsgpackError)
    expect(world.socket.shut).toBe(true)
    expect(world.timers, 'nothing is left running').toBe(0)
  })

  it('closes when anything needing the schema comes before the welcome', () => {
    const { world, room } = dialed()
    world.socket.open()
    world.socket.say(linked('new'))
    world.socket.say(frame([17, 1, [1, 'a']]))
    expect(room.state).toMatchObject({ phase: 'closed', code: 3001 })
  })
})

describe('acting', () => {
  it('numbers requests and settles each by its reply', async () => {
    const { world, room } = inside()
    const first = codeOf(room.request({ step: 1 }))
    const second = codeOf(room.request({ step: 2 }))
    const third = codeOf(room.say('hello'))
    expect(world.socket.sent.slice(-3)).toEqual([frame([2, 1, [1]]), frame([2, 2, [2]]), frame([4, 3, 'hello'])])
    world.socket.say(frame([19, 2, 'too-far', 'That is too far.']))
    world.socket.say(frame([19, 1, '', '']))
    world.socket.say(frame([19, 3, '', '']))
    expect(await Promise.all([first, second, third])).toEqual(['done', 'too-far', 'done'])
  })

  it('rejects a command that is not of the type, and sends nothing', async () => {
    const { world, room } = inside()
    const before = world.socket.sent.length
    await expect(room.request({ step: 0.5 })).rejects.toThrow('command.step must be a whole number')
    expect(world.socket.sent.length).toBe(before)
  })

  it('takes no frame that the server would close the room for', async () => {
    const { world, room } = inside()
    await expect(room.say('x'.repeat(9000))).rejects.toThrow('larger than 8192')
    room.say('short').catch(() => {})
    expect(world.socket.sent.at(-1), 'and spends no number on it').toEqual(frame([4, 1, 'short']))
  })

  it('asks what was meant then, whatever becomes of the object', () => {
    const { world, room } = dialed()
    const command = { step: 1 }
    room.request(command).catch(() => {})
    command.step = 2
    letIn(world)
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 1, [1]]))
  })

  it('holds inputs back while the socket is full, and then sends the newest only', () => {
    const { world, room } = inside()
    world.socket.backlog = 10_000
    for (let tick = 200; tick < 220; tick++) room.input(tick, { step: tick })
    expect(world.socket.kinds()).not.toContain(3)
    world.socket.backlog = 0
    world.socket.say(frame([17, 150, [1, 'a']]))
    expect(world.socket.sent.at(-1)).toEqual(frame([3, 219, [219]]))
    expect(world.socket.kinds().filter((k) => k === 3)).toHaveLength(1)
  })

  it('drops inputs while away: a newer one follows', () => {
    const { world, room } = inside()
    world.socket.end(1006)
    room.input(200, { step: 1 })
    world.pass(0)
    world.socket.open()
    world.socket.say(linked('resumed'))
    expect(world.socket.kinds()).not.toContain(3)
  })

  it('leaves: says so and is closed by the server’s last word', async () => {
    const { world, room, states } = inside()
    const left = room.leave()
    void room.leave()
    expect(world.socket.kinds().filter((k) => k === 6), 'once').toHaveLength(1)
    expect(world.socket.sent.at(-1)).toEqual(frame([6, 1]))
    world.socket.say(frame([25, 4505, 'You left.']))
    await left
    expect(room.state).toEqual({ phase: 'closed', code: 4505, reason: 'You left.', comeBack: false })
    expect(states).toEqual(['connected', 'closed'])
    expect(world.timers).toBe(0)
    expect(await codeOf(room.request({ step: 1 }))).toBe('closed')
  })
})

describe('the frames a test reads', () => {
  it('are what the client wrote, so that these tests compare bytes', () => {
    const r = new Reader(frame([1, -5, 'x', null, true, Uint8Array.of(1)]))
    expect([r.array(), r.uint(), r.int(), r.str(), r.nil(), r.bool(), r.bin()]).toEqual([6, 1, -5, 'x', true, true, Uint8Array.of(1)])
  })
})
