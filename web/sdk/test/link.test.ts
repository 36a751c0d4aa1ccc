// What must arrive does, once and in order, over any number of connections:
// each case of it. link.model.test.ts has all of them mixed.

import { describe, expect, it } from 'vitest'
import { connect, Refusal, Unanswered, type Room, type State } from '../src/index.ts'
import { alive, FakeWorld, frame, letIn, linked, resume, welcome } from './world.ts'

interface Command {
  step: number
}
type HopRoom = Room<Command, { at: number; name: string }, { hop: { by: number } }>

interface Scene {
  world: FakeWorld
  room: HopRoom
}

function dialed(): Scene {
  const world = new FakeWorld()
  return { world, room: connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world, client: 'c' }) }
}

function inside(): Scene {
  const scene = dialed()
  letIn(scene.world)
  return scene
}

/** The connection breaks, and the next one opens at once. */
function cut(world: FakeWorld): void {
  world.chance = 0
  world.socket.end(1006)
  world.pass(0)
}

/** The connection breaks, and the server begins anew. */
function beginAgain(world: FakeWorld, began: 'unknown' | 'behind', received = 0): void {
  cut(world)
  world.socket.open()
  world.socket.say(linked(began, received))
}

/** How an act ends, once it has. */
function outcome(act: Promise<void>): { is: string } {
  const end = { is: 'open' }
  act.then(
    () => (end.is = 'done'),
    (e: unknown) => (end.is = e instanceof Refusal || e instanceof Unanswered ? e.code : String(e)),
  )
  return end
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** What was sent over the newest connection that must arrive. */
const acts = (world: FakeWorld): Uint8Array[] => world.socket.sent.filter((_, i) => [2, 4, 6].includes(world.socket.kinds()[i] ?? 0))
const acks = (world: FakeWorld): Uint8Array[] => world.socket.sent.filter((_, i) => world.socket.kinds()[i] === 7)

const hop = (by: number): Uint8Array => frame([18, 100, 'hop', [by]])
const snapshot = (at: number): Uint8Array => frame([17, 100 + at, [at, 'x']])
const done = (n: number): Uint8Array => frame([19, n, '', ''])

describe('acknowledging', () => {
  it('waits 1 s from the first message that counts, and says how many have come', () => {
    const { world } = inside()
    world.pass(500)
    world.socket.say(hop(1))
    world.pass(499)
    expect(acks(world)).toEqual([])
    world.pass(1)
    expect(acks(world), 'welcome was the first, the event the second').toEqual([frame([7, 2])])
    alive(world, 10_000)
    expect(acks(world), 'and is silent when there is no news').toHaveLength(1)
  })

  it('does not wait after 64 messages', () => {
    const { world } = inside()
    for (let i = 2; i < 64; i++) world.socket.say(hop(i))
    expect(acks(world)).toEqual([])
    world.socket.say(hop(64))
    expect(acks(world)).toEqual([frame([7, 64])])
  })

  it('does not wait after 32 KiB', () => {
    const { world } = inside()
    const long = frame([20, 1, 'Bo', 'x'.repeat(11_000)])
    world.socket.say(long)
    world.socket.say(long)
    expect(acks(world)).toEqual([])
    world.socket.say(long)
    expect(acks(world)).toEqual([frame([7, 4])])
  })

  it('counts no snapshot and no pong', () => {
    const { world } = inside()
    for (let i = 0; i < 100; i++) world.socket.say(snapshot(i))
    world.socket.say(frame([22, 0, 100, 0]))
    world.pass(1000)
    expect(acks(world)).toEqual([frame([7, 1])])
  })

  it('leaves to hello what hello says', () => {
    const { world } = inside()
    world.socket.say(hop(1))
    cut(world)
    resume(world)
    expect(world.socket.hello).toEqual(frame([1, 'T', 'c', 'L1', 2, 2]))
    alive(world, 4000)
    expect(acks(world)).toEqual([])
  })
})

describe('a link that is resumed', () => {
  it('keeps members, chat, view and the end, and welcomes nobody', () => {
    const { world, room } = inside()
    world.socket.say(frame([21, 1, 2, 'Bo']))
    world.socket.say(frame([20, 1, 'Bo', 'hi']))
    world.socket.say(snapshot(7))
    world.socket.say(frame([23, 900, 'finished', 'time', []]))
    const before = { members: room.members, chat: room.chat, view: room.view, over: room.over, info: room.info }
    let welcomes = 0
    room.onWelcome(() => welcomes++)
    cut(world)
    resume(world)
    expect(room.state).toEqual({ phase: 'connected', began: 'resumed', via: 'websocket' })
    expect({ members: room.members, chat: room.chat, view: room.view, over: room.over, info: room.info }).toEqual(before)
    expect(welcomes).toBe(0)
  })

  it('hears what it missed once, in order, and counts on', () => {
    const { world, room } = inside()
    const heard: number[] = []
    room.on('hop', (e) => heard.push(e.by))
    world.socket.say(hop(1))
    cut(world)
    resume(world)
    world.socket.say(hop(2))
    world.socket.say(hop(3))
    expect(heard).toEqual([1, 2, 3])
    cut(world)
    world.socket.open()
    expect(world.socket.hello).toEqual(frame([1, 'T', 'c', 'L1', 4, 3]))
  })

  it('sends again what has not arrived, with its number, and waits for the reply of what has', async () => {
    const { world, room } = inside()
    const [first, second] = [outcome(room.request({ step: 1 })), outcome(room.request({ step: 2 }))]
    cut(world)
    const third = outcome(room.say('three'))
    resume(world, 1)
    expect(acts(world)).toEqual([frame([2, 2, [2]]), frame([4, 3, 'three'])])
    world.socket.say(done(1))
    world.socket.say(frame([19, 2, 'too-far', 'That is too far.']))
    world.socket.say(done(3))
    await settled()
    expect([first, second, third].map((o) => o.is)).toEqual(['done', 'too-far', 'done'])
    cut(world)
    resume(world, 3)
    expect(acts(world), 'what was answered is forgotten').toEqual([])
  })

  it('sends nothing before linked says what has arrived', () => {
    const { world, room } = inside()
    cut(world)
    world.socket.open()
    room.request({ step: 1 }).catch(() => {})
    expect(acts(world)).toEqual([])
    world.socket.say(linked('resumed'))
    expect(acts(world)).toEqual([frame([2, 1, [1]])])
  })

  it('keeps the order also of what is asked by who hears that it is back', () => {
    const { world, room } = inside()
    world.socket.end(1006)
    room.request({ step: 1 }).catch(() => {})
    room.onState((s) => s.phase === 'connected' && void room.request({ step: 2 }).catch(() => {}))
    world.pass(0)
    resume(world)
    expect(acts(world)).toEqual([frame([2, 1, [1]]), frame([2, 2, [2]])])
  })

  it('waits for the welcome that was lost between linked and it', () => {
    const { world, room } = dialed()
    world.socket.open()
    world.socket.say(linked('new'))
    cut(world)
    resume(world)
    expect(world.socket.hello, 'nothing has arrived').toEqual(frame([1, 'T', 'c', 'L1', 0, 2]))
    expect(room.state.phase).toBe('reconnecting')
    world.socket.say(welcome())
    expect(room.state).toEqual({ phase: 'connected', began: 'new', via: 'websocket' })
  })
})

describe('a link that is behind', () => {
  it('begins again from the welcome and says why', () => {
    const { world, room } = inside()
    const states: State[] = []
    world.socket.say(frame([20, 1, 'Bo', 'hi']))
    world.socket.say(snapshot(7))
    world.socket.say(frame([23, 900, 'finished', 'time', []]))
    beginAgain(world, 'behind')
    room.onState((s) => states.push(s))
    expect(room.chat, 'what is there is shown until there is better').toHaveLength(1)
    world.socket.say(welcome(500))
    expect(states).toEqual([{ phase: 'connected', began: 'behind', via: 'websocket' }])
    expect([room.chat, room.view, room.over]).toEqual([[], undefined, undefined])
    world.pass(1000)
    expect(acks(world), 'and counts from 1').toEqual([frame([7, 1])])
  })

  it('loses what had arrived, whose reply is gone, and sends the rest when it is welcome', async () => {
    const { world, room } = inside()
    const three = [1, 2, 3].map((step) => outcome(room.request({ step })))
    beginAgain(world, 'behind', 2)
    expect(acts(world)).toEqual([])
    world.socket.say(welcome())
    expect(acts(world), 'numbers go on').toEqual([frame([2, 3, [3]])])
    world.socket.say(done(2)) // it was waiting for the room: nobody listens any more
    world.socket.say(done(3))
    await settled()
    expect(three.map((o) => o.is)).toEqual(['lost', 'lost', 'done'])
  })
})

describe('a link that the server does not know', () => {
  it('is another: what was sent is lost, with what was to follow it, and numbers begin at 1', async () => {
    const { world, room } = inside()
    const sent = outcome(room.request({ step: 1 }))
    world.socket.end(1006)
    const next = outcome(room.request({ step: 2 }))
    world.pass(0)
    world.socket.open()
    world.socket.say(linked('unknown'))
    await settled()
    expect([sent.is, next.is]).toEqual(['lost', 'lost'])
    world.socket.say(welcome())
    expect(room.state).toEqual({ phase: 'connected', began: 'unknown', via: 'websocket' })
    room.request({ step: 3 }).catch(() => {})
    expect(acts(world)).toEqual([frame([2, 1, [3]])])
    cut(world)
    world.socket.open()
    expect(world.socket.hello).toEqual(frame([1, 'T', 'c', 'L1', 1, 3]))
  })

  it('may be told so twice, and is new again while nothing of it was seen', () => {
    const { world, room } = dialed()
    for (const nth of [1, 2, 3]) {
      world.socket.open()
      expect(world.socket.hello, 'with the name it has for life').toEqual(frame([1, 'T', 'c', 'L1', 0, nth]))
      world.socket.say(linked('new'))
      if (nth < 3) cut(world)
    }
    world.socket.say(welcome())
    expect(room.state).toEqual({ phase: 'connected', began: 'new', via: 'websocket' })
  })

  it('because it restarted while all was told anew is not new to us, and what it never had is sent', () => {
    const { world, room } = inside()
    room.request({ step: 1 }).catch(() => {})
    beginAgain(world, 'behind') // and says that the request did not arrive
    cut(world)
    world.socket.open()
    expect(world.socket.hello, 'nothing was seen of what begins anew').toEqual(frame([1, 'T', 'c', 'L1', 0, 3]))
    world.socket.say(linked('new'))
    world.socket.say(welcome())
    expect(room.state).toEqual({ phase: 'connected', began: 'unknown', via: 'websocket' })
    expect(acts(world)).toEqual([frame([2, 1, [1]])])
  })

  it('takes what was asked while away, where nothing before it is in doubt', async () => {
    const { world, room } = inside()
    world.socket.end(1006)
    const asked = outcome(room.request({ step: 1 }))
    world.pass(0)
    world.socket.open()
    world.socket.say(linked('unknown'))
    world.socket.say(welcome())
    expect(acts(world)).toEqual([frame([2, 1, [1]])])
    world.socket.say(done(1))
    await settled()
    expect(asked.is).toBe('done')
  })
})

describe('a request', () => {
  it('of before the first welcome waits for it', async () => {
    const { world, room } = dialed()
    const [early, wrong, late] = [room.request({ step: 1 }), room.request({ step: 0.5 }), room.say('hi')].map(outcome)
    letIn(world)
    expect(acts(world), 'what is no command takes no number').toEqual([frame([2, 1, [1]]), frame([4, 2, 'hi'])])
    world.socket.say(done(1))
    world.socket.say(done(2))
    await settled()
    expect([early?.is, wrong?.is, late?.is]).toEqual(['done', 'TypeError: command.step must be a whole number, not 0.5', 'done'])
  })

  it('expires while away when its timeout is over, and takes no number', async () => {
    const { world, room } = inside()
    world.chance = 1
    world.socket.end(1006)
    const [short, long] = [outcome(room.request({ step: 1 }, { timeout: 300 })), outcome(room.say('2', { timeout: 60_000 }))]
    world.pass(299)
    await settled()
    expect(short.is).toBe('open')
    world.pass(1)
    await settled()
    expect(short.is).toBe('expired')
    resume(world)
    expect(acts(world)).toEqual([frame([4, 1, '2'])])
    expect(long.is).toBe('open')
  })

  it('that was sent expires only when the server turns out not to have it', async () => {
    const { world, room } = inside()
    const [has, hasNot, patient] = [
      outcome(room.request({ step: 1 }, { timeout: 100 })),
      outcome(room.request({ step: 2 }, { timeout: 100 })),
      outcome(room.request({ step: 3 })),
    ]
    world.pass(200)
    await settled()
    expect(hasNot.is, 'the server may have it and be slow').toBe('open')
    cut(world)
    await settled()
    expect(hasNot.is, 'the server may have it still').toBe('open')
    resume(world, 1)
    world.socket.say(done(1))
    await settled()
    expect([has.is, hasNot.is, patient.is]).toEqual(['done', 'expired', 'open'])
    expect(acts(world), 'the number goes to who follows').toEqual([frame([2, 2, [3]])])
  })

  it('is refused as full when 256 wait already', async () => {
    const { world, room } = inside()
    world.socket.end(1006)
    for (let step = 0; step < 256; step++) room.request({ step }).catch(() => {})
    const more = outcome(room.request({ step: 0 }))
    await settled()
    expect(more.is).toBe('full')
    void room.leave()
    world.pass(0)
    resume(world)
    expect(acts(world), 'leaving is never too much').toHaveLength(257)
  })

  it('is lost when the room closes under way, and closed when it was not sent', async () => {
    const { world, room } = inside()
    const sent = outcome(room.request({ step: 1 }))
    world.socket.end(1006)
    const kept = outcome(room.request({ step: 2 }, { timeout: 1000 }))
    room.close()
    const late = outcome(room.say('hello?'))
    await settled()
    expect([sent.is, kept.is, late.is]).toEqual(['lost', 'closed', 'closed'])
    expect(world.timers).toBe(0)
  })
})

describe('leaving', () => {
  it('while away is said when back, after what was asked before', async () => {
    const { world, room } = inside()
    world.socket.end(1006)
    room.say('bye').catch(() => {})
    const left = outcome(room.leave())
    const after = outcome(room.say('one more thing'))
    world.pass(0)
    resume(world)
    expect(acts(world)).toEqual([frame([4, 1, 'bye']), frame([6, 2])])
    world.socket.say(frame([25, 4505, 'You left.']))
    await settled()
    expect([left.is, after.is]).toEqual(['done', 'closed'])
  })

  it('is said again on another link: it is meant all the same', () => {
    const { world, room } = inside()
    room.say('bye').catch(() => {})
    void room.leave()
    beginAgain(world, 'unknown')
    world.socket.say(welcome())
    expect(acts(world)).toEqual([frame([6, 1])])
  })
})

describe('a server that breaks the rules of the link', () => {
  it.each<[string, readonly Uint8Array[]]>([
    ['says anything before linked', [hop(1)]],
    ['names a connection that has messages of its own', [linked('resumed'), frame([27, 'C'])]],
    ['links twice', [linked('resumed'), linked('resumed')]],
    ['has more than was sent', [linked('resumed', 1)]],
    ['has something of a link that is new', [linked('unknown', 1)]],
    ['says what counts before the welcome', [linked('behind'), hop(1)]],
    ['gives a reason that there is not', [frame([26, false, 'moody', 0])]],
  ])('because it %s is hung up on', (_, frames) => {
    const { world, room } = inside()
    cut(world)
    world.socket.open()
    for (const f of frames) world.socket.say(f)
    expect(room.state).toMatchObject({ phase: 'closed', code: 3001 })
    expect(world.errors).toHaveLength(1)
    expect(world.timers).toBe(0)
  })
})
