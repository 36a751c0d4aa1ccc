// The golden vectors beside the protocol's description: the server's own tests
// hold it to them, and these hold the client.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MsgpackError } from '../src/msgpack.ts'
import * as protocol from '../src/protocol.ts'
import { mustArrive, type ServerMessage, type Welcome } from '../src/protocol.ts'
import type { Schema } from '../src/schema.ts'

interface Vector {
  readonly name: string
  readonly direction: 'client' | 'server'
  readonly hex: string
  /** The frame's parts; bytes are {$bin: hex}. */
  readonly message: readonly unknown[]
  /** The game's value in it, with names. */
  readonly value?: unknown
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (b) => parseInt(b, 16))
const file = new URL('../../../net/wire/testdata/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8'), asBytes) as Vector[]

function asBytes(_: string, v: unknown): unknown {
  const hex = typeof v === 'object' && v !== null && '$bin' in v ? String(v.$bin) : undefined
  return hex === undefined ? v : fromHex(hex)
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')

const of = (direction: Vector['direction']): Vector[] => vectors.filter((v) => v.direction === direction)
const named = (name: string): Vector => {
  const found = vectors.find((v) => v.name === name)
  if (!found) throw new Error(`there is no vector "${name}"`)
  return found
}

function welcomeOf(v: Vector): Welcome {
  const message = protocol.decode(fromHex(v.hex))
  if (message.kind !== 'welcome') throw new Error(`"${v.name}" is a ${message.kind}`)
  return message.welcome
}

/** The schema that the vectors' values are of. */
const schema: Schema = welcomeOf(named('welcome')).schema

const opened = named('opened')

/** What the client would say to mean a vector. */
function say(v: Vector): Uint8Array {
  const [kind, a, b, link, seen, nth] = v.message as [number, never, never, never, never, never]
  switch (kind) {
    case 1: return protocol.hello(a, b, link, seen, nth)
    case 2: return protocol.command(a, v.value, schema)
    case 3: return protocol.input(a, v.value, schema)
    case 4: return protocol.say(a, b)
    case 5: return protocol.ping(a, b)
    case 6: return protocol.leave(a)
    case 7: return protocol.ack(a)
    case 8: return protocol.post(a, b)
    case 9: return protocol.show(a, b, link)
    case 10: return protocol.check(a, v.value, schema)
  }
  throw new Error(`the client says nothing of kind ${kind}`)
}

/** What the client heard, in the vectors' form; the game's value is left out. */
function heard(m: ServerMessage): unknown[] {
  switch (m.kind) {
    case 'welcome': {
      const w = m.welcome
      return [16, w.room, w.game, w.seat, w.tick, w.tickRate, w.snapshotRate, w.grace, 'schema', Object.entries(w.options), w.members.map(member)]
    }
    case 'snapshot': return [17, m.tick, 'value']
    case 'event': return [18, m.tick, m.name, 'value']
    case 'reply': return [19, m.n, m.code, m.text]
    case 'chat': return [20, m.line.seat, m.line.name, m.line.text]
    case 'member': return [21, ...member(m.member)]
    case 'pong': return [22, m.t, m.tick, m.micros]
    case 'over': return [23, m.over.tick, m.over.ending, m.over.reason, m.over.standings.map((s) => [s.seat, s.name, s.place, s.score])]
    case 'notice': return [24, m.notice.code, m.notice.text]
    case 'bye': return [25, m.code, m.text]
    case 'moved': return [28, m.url]
    case 'desync': return [29, m.tick]
    case 'linked': {
      const { began, received } = m.linked
      return [26, began === 'resumed', began === 'resumed' ? '' : began, received]
    }
  }
}

const member = (m: protocol.Member): unknown[] => [m.seat, protocol.seatStates.indexOf(m.state), m.name]

/** A vector's parts, with the game's value and the schema left out. */
function parts(v: Vector): unknown[] {
  const all = [...v.message]
  if (v.message[0] === 16) all[8] = 'schema'
  if ('value' in v) all[all.length - 1] = 'value'
  return all
}

describe('what the client says', () => {
  it.each(of('client').map((v) => [v.name, v] as const))('%s: byte for byte', (_, v) => {
    expect(toHex(say(v))).toBe(v.hex)
  })
})

describe('what the client hears', () => {
  it.each(of('server').filter((v) => v !== opened).map((v) => [v.name, v] as const))('%s: every part', (_, v) => {
    const message = protocol.decode(fromHex(v.hex), schema)
    expect(heard(message)).toEqual(parts(v))
    if (message.kind === 'snapshot') {
      expect(message.view).toEqual(v.value)
      const same = of('client').find((c) => c.message[0] === 10 && c.message[1] === message.tick)
      expect(toHex(protocol.check(message.tick, message.view, schema)), 'and says so when it checks').toBe(same?.hex)
    }
    if (message.kind === 'event') expect(message.data).toEqual(v.value)
  })

  it('opened: the name of the connection, which is no message of the link', () => {
    expect([27, protocol.opened(fromHex(opened.hex))]).toEqual(opened.message)
    expect(() => protocol.decode(fromHex(opened.hex), schema)).toThrow(MsgpackError)
    expect(() => protocol.opened(fromHex(named('pong').hex))).toThrow(MsgpackError)
  })

  it('reads a schema without fields and without events', () => {
    expect(welcomeOf(named('welcome of a watcher')).schema.events.size).toBe(0)
  })

  it('covers every kind the server has', () => {
    const kinds = new Set(of('server').map((v) => v.message[0]))
    expect([...kinds].sort()).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
  })
})

describe('what must arrive', () => {
  it('is what the protocol says, and so what both sides count', () => {
    const counted = of('server').filter((v) => v !== opened).map((v) => protocol.decode(fromHex(v.hex), schema)).filter(mustArrive)
    expect([...new Set(counted.map((m) => m.kind))].sort()).toEqual(['chat', 'event', 'member', 'over', 'reply', 'welcome'])
  })
})

describe('a frame that was damaged', () => {
  const thrown = (frame: Uint8Array): unknown => {
    try {
      protocol.decode(frame, schema)
      return undefined
    } catch (error) {
      return error
    }
  }

  it('and cut off anywhere is an error of msgpack, nothing worse', () => {
    for (const v of of('server').filter((v) => v !== opened)) {
      const frame = fromHex(v.hex)
      for (let n = 0; n < frame.length; n++) expect(thrown(frame.subarray(0, n)), `${v.name}, first ${n} bytes`).toBeInstanceOf(MsgpackError)
    }
  })

  it('in one byte is read as something else or is such an error', () => {
    let seed = 7
    const random = (): number => (seed = (seed * 48271) % 0x7fffffff)
    for (const v of of('server')) {
      for (let round = 0; round < 200; round++) {
        const frame = fromHex(v.hex)
        frame[random() % frame.length] = random() % 256
        const error = thrown(frame)
        if (error !== undefined) expect(error, `${v.name}, round ${round} of seed 7: ${toHex(frame)}`).toBeInstanceOf(MsgpackError)
      }
    }
  })
})
