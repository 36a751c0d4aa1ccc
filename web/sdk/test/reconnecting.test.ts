// The edges of reconnecting, as partysocket (reconnecting-websocket) asks them
// of its sockets, asked of a room. Each of its cases, and what shows it here:
//
//   getters when not ready                   "knows nothing yet, and says so"
//   connect and close before it is open      "closed before it is open never opens"
//   closing several times                    "closed twice is closed once"
//   reconnecting while not ready             "asked to try again while it tries makes no second connection"
//   reconnecting after closing               "closed is for good: the next conversation is another room"
//   connect, send, receive, again and again  "three rounds: each connection carries what is asked and what is said"
//   the other side closes                    "of WebSocket’s own, %d: comes back at once" (dialer.test.ts)
//   the other side closes, and it stays so   "shows nothing running to who closes while being told of it" (dialer.test.ts)
//   a try that fails at once, no timeout     "a try that failed at once is not counted again as silent"
//   a try that must not be made again        "%d: does not come back" (dialer.test.ts)
//   a server that accepts and is silent      "of a server that does not let us in ends that try after 12 s" (dialer.test.ts)
//   the most tries                           "then waits 0.25 to 8 s with full jitter, and gives up when the grace is over" (dialer.test.ts)
//   waits grow                               the same
//   a connection that lasted too short       "counts the tries on when the connection comes and goes at once" (dialer.test.ts)
//   messages wait, in order                  "what is asked before there is a connection goes out first, in order"
//   messages wait up to a bound              "is refused as full when 256 wait already" (link.test.ts)
//   listeners are kept                       "listeners stay over connections, and hear each thing once"
//   adding twice, removing what is not there "the same listener twice is two, and each undo takes back its own"
//   states by name                           "tells every state on its way, in order"
//   kinds of binary                          "a text frame is not a message"
//
// It has cases for a url, a subprotocol and a WebSocket class given in every
// form; here a ticket's url is the only one, the subprotocol is fixed, and the
// class is World.connect. It can begin closed; a room begins by connecting.

import { describe, expect, it } from 'vitest'
import { connect, Unanswered, type Room, type State } from '../src/index.ts'
import { alive, FakeWorld, frame, letIn, resume } from './world.ts'

interface Command {
  step: number
}
type HopRoom = Room<Command, { at: number; name: string }, { hop: { by: number } }>

interface Scene {
  world: FakeWorld
  room: HopRoom
  states: State['phase'][]
}

function dialed(): Scene {
  const world = new FakeWorld()
  world.chance = 1
  const room: HopRoom = connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world })
  const states: State['phase'][] = []
  room.onState((s) => states.push(s.phase))
  return { world, room, states }
}

function inside(): Scene {
  const scene = dialed()
  letIn(scene.world)
  return scene
}

/** The connection breaks, and the next is made when it is due. */
function breakOff({ world, room }: Scene): void {
  world.socket.end(1006)
  if (room.state.phase === 'reconnecting') world.pass(Math.max(0, room.state.next - world.time))
}

const hop = (by: number): Uint8Array => frame([18, 100, 'hop', [by]])
const step = (n: number, by: number): Uint8Array => frame([2, n, [by]])
const done = (n: number): Uint8Array => frame([19, n, '', ''])

/** The frames of what was asked, over the newest connection. */
const acts = (world: FakeWorld): Uint8Array[] => world.socket.sent.filter((_, i) => world.socket.kinds()[i] === 2)

describe('a room that has only dialed', () => {
  it('knows nothing yet, and says so', () => {
    const { room } = dialed()
    expect(room.state).toEqual({ phase: 'connecting' })
    expect(room.seat, 'who watches and who is not in yet have no seat').toBe(-1)
    expect([room.info, room.view, room.over]).toEqual([undefined, undefined, undefined])
    expect([room.members, room.chat]).toEqual([[], []])
  })

  it('closed before it is open never opens', () => {
    const { world, room, states } = dialed()
    room.close()
    world.socket.open()
    world.socket.say(frame([17, 100, [1, 'a']]))
    world.pass(100_000)
    expect(states).toEqual(['closed'])
    expect(world.socket.sent, 'not even hello').toEqual([])
    expect([world.sockets.length, world.timers], 'nothing is tried again').toEqual([1, 0])
  })

  it('asked to try again while it tries makes no second connection', () => {
    const { world, room } = dialed()
    room.retry()
    room.retry()
    expect(world.sockets).toHaveLength(1)
    letIn(world)
    room.retry()
    expect(world.sockets, 'nor when it is connected: it asks whether it still is').toHaveLength(1)
    expect(world.socket.kinds().at(-1)).toBe(5)
  })

  it('what is asked before there is a connection goes out first, in order', () => {
    const { world, room } = dialed()
    room.onState((s) => s.phase === 'connected' && void room.request({ step: 4 }))
    for (const by of [1, 2, 3]) void room.request({ step: by })
    letIn(world)
    expect(acts(world), 'the fourth was asked by who heard that it is connected').toEqual([step(1, 1), step(2, 2), step(3, 3), step(4, 4)])
  })
})

describe('trying', () => {
  it('a try that failed at once is not counted again as silent', () => {
    const scene = inside()
    const { world, room } = scene
    breakOff(scene) // the first try, at once
    breakOff(scene) // the second, after a wait
    const tries = world.sockets.length
    world.socket.end(1006)
    if (room.state.phase !== 'reconnecting') throw new Error('it does not try again')
    const { attempt, next } = room.state
    world.pass(next - world.time - 1)
    expect(room.state, 'the failed try says nothing more while the next one is waited for').toMatchObject({ attempt, next })
    world.pass(1)
    expect(world.sockets, 'and is followed by one try, not two').toHaveLength(tries + 1)
  })

  it('tells every state on its way, in order', () => {
    const scene = inside()
    breakOff(scene)
    breakOff(scene)
    resume(scene.world)
    scene.room.close()
    expect(scene.states).toEqual(['connected', 'reconnecting', 'reconnecting', 'connected', 'closed'])
  })

  it('three rounds: each connection carries what is asked and what is said', async () => {
    const scene = inside()
    const { world, room } = scene
    const heard: number[] = []
    room.on('hop', (e) => heard.push(e.by))
    for (const round of [1, 2, 3]) {
      const asked = room.request({ step: round })
      expect(acts(world), 'over this connection, and nothing of the last').toEqual([step(round, round)])
      world.socket.say(hop(round))
      world.socket.say(done(round))
      await asked
      breakOff(scene)
      resume(world, round)
      alive(world, 10_000 - 1) // long enough to be a good one
    }
    expect(heard).toEqual([1, 2, 3])
    expect(room.state.phase).toBe('connected')
  })
})

describe('closing', () => {
  it('closed twice is closed once', () => {
    const { world, room, states } = inside()
    room.close()
    room.close()
    world.socket.end(1000)
    expect(states).toEqual(['connected', 'closed'])
  })

  it('closed is for good: the next conversation is another room', async () => {
    const { world, room } = inside()
    room.close()
    room.retry()
    world.wake()
    world.pass(100_000)
    expect(world.sockets, 'it cannot be taken back').toHaveLength(1)
    await expect(room.request({ step: 1 })).rejects.toEqual(new Unanswered('closed'))
    const again: HopRoom = connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world })
    letIn(world)
    expect(again.state).toEqual({ phase: 'connected', began: 'new', via: 'websocket' })
    expect(room.state.phase, 'and the old one stays as it was').toBe('closed')
  })

  it('a text frame is not a message', () => {
    const { world, room } = inside()
    world.socket.handler.message(new Uint8Array(0))
    expect(room.state).toMatchObject({ phase: 'closed', code: 3001 })
  })
})

describe('listeners', () => {
  it('listeners stay over connections, and hear each thing once', () => {
    const scene = inside()
    const heard: string[] = []
    scene.room.on('hop', (e) => heard.push(`hop ${e.by}`))
    scene.room.onView((v) => heard.push(`view ${v.at}`))
    scene.room.onChat((c) => heard.push(c.text))
    for (let i = 0; i < 4; i++) breakOff(scene)
    resume(scene.world)
    for (const f of [hop(7), frame([17, 101, [8, 'a']]), frame([20, 1, 'Bo', 'hi'])]) scene.world.socket.say(f)
    expect(heard).toEqual(['hop 7', 'view 8', 'hi'])
  })

  it('the same listener twice is two, and each undo takes back its own', () => {
    const { world, room } = inside()
    const heard: number[] = []
    const listen = (e: { by: number }): void => void heard.push(e.by)
    const undoFirst = room.on('hop', listen)
    const undoSecond = room.on('hop', listen)
    world.socket.say(hop(1))
    undoFirst()
    undoFirst()
    world.socket.say(hop(2))
    undoSecond()
    world.socket.say(hop(3))
    expect(heard, 'twice, once, never').toEqual([1, 1, 2])
  })

  it('a listener that undoes itself while it hears harms no other', () => {
    const { world, room } = inside()
    const heard: string[] = []
    const undo = room.on('hop', () => {
      heard.push('once')
      undo()
    })
    room.on('hop', () => heard.push('other'))
    world.socket.say(hop(1))
    world.socket.say(hop(2))
    expect(heard).toEqual(['once', 'other', 'other'])
  })
})
