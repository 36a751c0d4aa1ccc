// Whatever happens to the connections: what the server tells is heard once and
// in order, what is asked is done once and in order, and who asked is told the
// truth about it. Everything is drawn from a seed, which a failure names.

import { expect, it } from 'vitest'
import { connect, Refusal, Unanswered, type Room } from '../src/index.ts'
import { fates, FakeServer } from './server.ts'
import { FakeWorld } from './world.ts'

type Random = (below: number) => number

/** Numbers from 0 to below, by Marsaglia's xorshift. */
function randomFrom(seed: number): Random {
  let x = (seed * 2654435761 + 1) >>> 0
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}

interface Asked {
  readonly step: number
  readonly hurried: boolean
  end: string
}

class Universe {
  readonly world = new FakeWorld()
  readonly server = new FakeServer(this.world)
  readonly room: Room<{ step: number }, unknown, { hop: { by: number } }>
  readonly asked: Asked[] = []
  readonly wrong: string[] = []
  heard = 0 // the newest thing the server told

  constructor() {
    this.room = connect({ url: 'ws://here/v1/play', ticket: 'T' }, { world: this.world })
    this.room.onWelcome((info) => (this.heard = info.options['told'] ?? NaN))
    this.room.on('hop', (e) => this.#hear(e.by))
    this.room.onChat((line) => this.#hear(Number(line.text)))
  }

  #hear(n: number): void {
    if (n !== this.heard + 1) this.wrong.push(`heard ${n} after ${this.heard}`)
    this.heard = n
  }

  ask(timeout?: number): void {
    const asked: Asked = { step: this.asked.length + 1, hurried: timeout !== undefined, end: 'open' }
    this.asked.push(asked)
    this.room.request({ step: asked.step }, timeout === undefined ? {} : { timeout }).then(
      () => (asked.end = 'done'),
      (e: unknown) => (asked.end = e instanceof Refusal || e instanceof Unanswered ? e.code : String(e)),
    )
  }

  /** One thing happens. `rough` servers forget and fall behind. */
  step(random: Random, rough: boolean): void {
    const { world, server } = this
    world.chance = random(1000) / 1000
    const which = random(6)
    switch (random(26)) {
      case 0: case 1: return this.ask()
      case 2: return this.ask(random(4000))
      case 3: case 4: return server.tell(random(2) === 0)
      case 5: case 6: case 7: case 8: case 9: return repeat(random(6), () => server.deliver(which))
      case 10: case 11: case 12: case 13: return repeat(random(6), () => server.read(which))
      case 14: case 15: return server.tick()
      case 16: case 17: return server.accept()
      case 18: return random(2) === 0 ? server.cut(random(3) > 0) : undefined
      case 19: case 20: return world.pass(random(1000))
      case 21: return random(8) === 0 ? world.pass(this.room.info ? 13_000 : 100) : world.pass(random(100))
      case 22: return random(3) === 0 ? world.wake(random(2) === 0) : this.room.retry()
      case 23: return rough && random(6) === 0 ? (random(2) === 0 ? server.restart() : server.fallBehind()) : undefined
      case 24: return this.room.info && void (server.websockets = fates[random(3)] ?? 'passes')
      case 25: return this.room.info && void (server.streams = fates[random(3)] ?? 'passes')
    }
  }

  /** The network is good from now on, until all is quiet. */
  async heal(): Promise<void> {
    const { server, world } = this
    server.websockets = server.streams = 'passes'
    for (let i = 0; i < 200; i++) {
      if (i === 100) world.wake(true) // so that it need not wait for a WebSocket
      server.accept()
      for (let c = server.connections; c-- > 0; ) repeat(20, () => server.read(c))
      server.tick()
      for (let c = server.connections; c-- > 0; ) repeat(20, () => server.deliver(c))
      world.pass(500)
    }
    await new Promise((resolve) => setTimeout(resolve))
  }
}

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run()
}

const wasDone = new Set(['done', 'lost', 'open'])
const wasNot = new Set(['no', 'lost', 'expired', 'full'])

async function live(seed: number, rough: boolean): Promise<Universe> {
  const random = randomFrom(seed)
  const u = new Universe()
  repeat(300, () => u.step(random, rough))
  await u.heal()
  return u
}

function judge(u: Universe, why: string): void {
  expect(u.world.errors, why).toEqual([])
  expect(u.room.state, `${why}: by the best way there is`).toMatchObject({ phase: 'connected', via: 'websocket' })
  expect(u.wrong, `${why}: nothing is missed or heard twice`).toEqual([])
  expect(u.heard, `${why}: all is heard in the end`).toBe(u.server.told)
  const lines = u.room.chat.map((line) => Number(line.text))
  expect(lines, `${why}: no line stands twice`).toEqual([...new Set(lines)].sort((a, b) => a - b))
  expect(u.server.done, `${why}: done once, in the order asked`).toEqual([...new Set(u.server.done)].sort((a, b) => a - b))
  const done = new Set(u.server.done)
  for (const a of u.asked) {
    const truth = done.has(a.step) ? wasDone : wasNot
    expect(a.end, `${why}: ${a.step} has its answer`).not.toBe('open')
    expect(truth, `${why}: ${a.step} was ${done.has(a.step) ? '' : 'not '}done, its asker heard ${a.end}`).toContain(a.end)
    if (a.end === 'expired') expect(a.hurried, `${why}: only what has a timeout expires`).toBe(true)
  }
}

const universes = 300
const timeout = 60_000 // on a machine that does other things as well

it('over connections that break anywhere, everything arrives once and in order, and nothing is lost', { timeout }, async () => {
  let [answered, moved, checked] = [0, 0, 0]
  for (let seed = 1; seed <= universes; seed++) {
    const u = await live(seed, false)
    judge(u, `seed ${seed}`)
    const lost = u.asked.filter((a) => a.end === 'lost')
    if (u.server.begunAnew === 0) expect(lost, `seed ${seed}: a link that is always resumed loses nothing`).toEqual([])
    answered += u.asked.filter((a) => a.end === 'done').length
    moved += u.server.moved
    checked += u.server.checked
  }
  expect(moved, 'often a link goes from one connection to another that is there beside it').toBeGreaterThan(universes / 4)
  expect(checked, 'now and then a client says what it has of a view, and is right').toBeGreaterThan(universes)
  expect(answered, 'most of what is asked is done').toBeGreaterThan(universes * 10)
})

it('and with a server that forgets and cannot keep up, each is told the truth', { timeout }, async () => {
  let [lost, begunAnew] = [0, 0]
  for (let seed = 1; seed <= universes; seed++) {
    const u = await live(seed, true)
    judge(u, `rough seed ${seed}`)
    lost += u.asked.filter((a) => a.end === 'lost').length
    begunAnew += u.server.begunAnew
  }
  expect(lost, 'some was under way when the server forgot').toBeGreaterThan(0)
  expect(begunAnew).toBeGreaterThan(universes / 2)
})
