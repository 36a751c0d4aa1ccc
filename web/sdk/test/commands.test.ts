// Commands by their name, and commands that nobody waits for.

import { describe, expect, it } from 'vitest'
import { connect, Refusal, Unanswered, type Room } from '../src/index.ts'
import { FakeWorld, frame, linked } from './world.ts'

/** The commands of a game that has every form of field. */
interface Order {
  readonly fire: { readonly x: number; readonly y: number } | null
  readonly ready: boolean
  readonly name: string
  readonly to: number
  readonly seat: number
  readonly path: readonly number[]
  readonly data: Uint8Array
  readonly from: { readonly x: number; readonly y: number }
}
const cell = ['struct', [['x', 'int'], ['y', 'int']]] as const
const orders = (fields: Parameters<typeof frame>[0]): Uint8Array =>
  frame([16, 'room-1', 'orders', 0, 100, 20, 20, 60, [['struct', fields], ['struct', []], []], [], []])
const orderForms = [
  ['fire', ['opt', cell]], ['ready', 'bool'], ['name', 'str'], ['to', 'int'], ['seat', 'uint'],
  ['path', ['list', 'int']], ['data', 'bin'], ['from', cell],
] as const

/** A room of that game that is in, unless it waits for the welcome. */
function ordering(waits = false): { world: FakeWorld; room: Room<Order> } {
  const world = new FakeWorld()
  const room = connect<Order>({ url: 'ws://here/v1/play', ticket: 'T' }, { world })
  world.socket.open()
  world.socket.say(linked('new'))
  if (!waits) world.socket.say(orders(orderForms))
  return { world, room }
}

/** "done", or why not. */
const outcome = (asked: Promise<void>): Promise<string> => asked.then(() => 'done', (e: Refusal | Unanswered) => e.code)

const none = new Uint8Array()
const still = [0, 0]

describe('a command by its name', () => {
  it('says that field, and nothing in all others', () => {
    const { world, room } = ordering()
    void room.request('fire', { x: 3, y: 4 })
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 1, [[3, 4], false, '', 0, 0, [], none, still]]))
    void room.request('path', [7, 8])
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 2, [null, false, '', 0, 0, [7, 8], none, still]]))
    void room.request('from', { x: 1, y: 2 })
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 3, [null, false, '', 0, 0, [], none, [1, 2]]]))
    void room.request('data', Uint8Array.of(9))
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 4, [null, false, '', 0, 0, [], Uint8Array.of(9), still]]))
  })

  it('says yes where the field is a yes or no', () => {
    const { world, room } = ordering()
    void room.request('ready')
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 1, [null, true, '', 0, 0, [], none, still]]))
    void room.request('ready', true, { timeout: 1000 })
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 2, [null, true, '', 0, 0, [], none, still]]))
  })

  it('settles like any other', async () => {
    const { world, room } = ordering()
    const fired = outcome(room.request('fire', { x: 0, y: 0 }))
    const again = outcome(room.request('ready'))
    world.socket.say(frame([19, 1, 'not-your-turn', 'It is not your turn.']))
    world.socket.say(frame([19, 2, '', '']))
    expect(await Promise.all([fired, again])).toEqual(['not-your-turn', 'done'])
  })

  it('is asked as it was meant, by the schema of who hears it', () => {
    const { world, room } = ordering(true)
    const at = { x: 1, y: 1 }
    void room.request('fire', at)
    at.x = 5
    world.socket.say(orders([['more', 'bool'], ['fire', ['opt', cell]]]))
    expect(world.socket.sent.at(-1), 'fields that were not known then say nothing too').toEqual(frame([2, 1, [false, [1, 1]]]))
  })

  it('expires when it has not arrived within its timeout', async () => {
    const { world, room } = ordering(true)
    const fired = outcome(room.request('fire', { x: 0, y: 0 }, { timeout: 2000 }))
    const ready = outcome(room.request('ready', true, { timeout: 9000 }))
    world.pass(2000)
    world.socket.say(orders(orderForms))
    world.socket.say(frame([19, 1, '', '']))
    expect(await Promise.all([fired, ready])).toEqual(['expired', 'done'])
  })

  it('rejects a name that is none, and data that is not of the type, and sends nothing', async () => {
    const { world, room } = ordering()
    const before = world.socket.sent.length
    // @ts-expect-error a command of this game has no such field
    await expect(room.request('jump', { x: 1 })).rejects.toThrow(/no "jump"; it has fire, ready, name/)
    // @ts-expect-error toString is nothing that the game said
    await expect(room.request('toString')).rejects.toThrow('no "toString"')
    // @ts-expect-error a shot goes somewhere
    await expect(room.request('fire')).rejects.toThrow('command.fire must be an object, not true')
    // @ts-expect-error y is missing
    await expect(room.request('fire', { x: 1 })).rejects.toThrow('command.fire.y must be a whole number, not undefined')
    expect(world.socket.sent.length).toBe(before)
  })
})

describe('sending without waiting', () => {
  it('keeps the order of requests, and takes names and whole commands', () => {
    const { world, room } = ordering()
    room.send('to', 1)
    void room.request('to', 2)
    room.send({ fire: null, ready: false, name: 'whole', to: 3, seat: 0, path: [], data: none, from: { x: 0, y: 0 } })
    room.send('ready')
    expect(world.socket.sent.slice(-4)).toEqual([
      frame([2, 1, [null, false, '', 1, 0, [], none, still]]),
      frame([2, 2, [null, false, '', 2, 0, [], none, still]]),
      frame([2, 3, [null, false, 'whole', 3, 0, [], none, still]]),
      frame([2, 4, [null, true, '', 0, 0, [], none, still]]),
    ])
  })

  it('is done once, over another connection if it must', () => {
    const { world, room } = ordering()
    world.socket.end(1006)
    room.send('to', 1)
    world.pass(0)
    world.socket.open()
    world.socket.say(linked('resumed'))
    expect(world.socket.sent.at(-1)).toEqual(frame([2, 1, [null, false, '', 1, 0, [], none, still]]))
    world.socket.end(1006)
    world.pass(10_000)
    world.socket.open()
    world.socket.say(linked('resumed', 1))
    expect(world.socket.kinds(), 'the server has it').not.toContain(2)
  })

  it('tells what was refused, what expired and what is no command', async () => {
    const { world, room } = ordering()
    const failed: unknown[] = []
    const undo = room.onFailed((error, command) => failed.push([error, command]))
    room.send('fire', { x: 1, y: 2 })
    room.send('ready')
    // @ts-expect-error a name is a string
    room.send('name', 7)
    await new Promise(setImmediate)
    world.socket.say(frame([19, 1, 'not-your-turn', 'It is not your turn.']))
    world.socket.say(frame([19, 2, '', '']))
    world.socket.end(1006)
    room.send('to', 5, { timeout: 100 })
    world.pass(100)
    await new Promise(setImmediate)
    expect(failed, 'what was done is told to nobody').toEqual([
      [new TypeError('command.name must be a string, not 7'), { name: 7 }],
      [new Refusal('not-your-turn', 'It is not your turn.'), { fire: { x: 1, y: 2 } }],
      [new Unanswered('expired'), { to: 5 }],
    ])
    expect(world.errors, 'somebody was told').toEqual([])

    undo()
    room.close()
    room.send('to', 6)
    await new Promise(setImmediate)
    expect(world.errors, 'where nobody listens the world is told, so that it does not get lost').toEqual([new Unanswered('closed')])
    expect(failed).toHaveLength(3)
  })
})
