// A world that tests step: time moves when told, sockets are played by hand,
// and chance is what the test says.

import type { Socket, SocketHandler, World } from '../src/index.ts'
import { Reader, Writer } from '../src/msgpack.ts'
import type { Via } from '../src/via.ts'

interface Timer {
  at: number
  run(): void
}

/** One connection that the client made, seen from the server's end. */
export class FakeSocket implements Socket {
  readonly sent: Uint8Array[] = []
  backlog = 0
  shut = false // closed by the client
  readonly handler: SocketHandler
  readonly via: Via
  readonly url: string

  constructor(url: string, handler: SocketHandler, via: Via) {
    this.url = url
    this.handler = handler
    this.via = via
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    this.sent.push(frame)
  }

  close(): void {
    this.shut = true
  }

  /** Kinds of the frames the client sent, in order. */
  kinds(): number[] {
    return this.sent.map((frame) => {
      const r = new Reader(frame)
      r.array()
      return r.uint()
    })
  }

  /** What the client said first that was no ping: hello. */
  get hello(): Uint8Array | undefined {
    return this.sent.find((_, i) => this.kinds()[i] !== 5)
  }

  /** Frames pass: a client that asks so by a ping has its pong. */
  open(): void {
    this.openSilent()
    const [asked] = this.sent
    if (asked && this.kinds()[0] === 5) this.say(pongTo(asked))
  }

  /** Frames may be sent, and nothing comes of them. */
  openSilent(): void {
    if (!this.shut) this.handler.open()
  }

  say(frame: Uint8Array): void {
    if (!this.shut) this.handler.message(frame)
  }

  end(code: number, reason = ''): void {
    if (!this.shut) this.handler.closed(code, reason)
  }
}

export class FakeWorld implements World {
  time = 0
  chance = 0.5
  readonly sockets: FakeSocket[] = []
  readonly errors: unknown[] = []
  #names = 0
  #timers: Timer[] = []
  #wakers = new Set<(network: boolean) => void>()
  via: Via | undefined

  connect(url: string, handler: SocketHandler, via: Via): Socket {
    const socket = new FakeSocket(url, handler, via)
    this.sockets.push(socket)
    return socket
  }

  name(): string {
    return `L${++this.#names}`
  }

  now(): number {
    return this.time
  }

  random(): number {
    return this.chance
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer)
    }
  }

  onWake(run: (network: boolean) => void): () => void {
    this.#wakers.add(run)
    return () => this.#wakers.delete(run)
  }

  report(error: unknown): void {
    this.errors.push(error)
  }

  /** The page is seen again, or the network returned. */
  wake(network = false): void {
    for (const run of this.#wakers) run(network)
  }

  /** Time passes, and every timer fires when it is due. */
  pass(ms: number): void {
    const end = this.time + ms
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.time = Math.max(this.time, next.at)
      this.#fire(next)
    }
    this.time = end
  }

  /** Time passes while the page is asleep: timers that were due fire late, at its end. */
  sleep(ms: number): void {
    this.time += ms
    for (let next = this.#due(this.time); next; next = this.#due(this.time)) this.#fire(next)
  }

  get timers(): number {
    return this.#timers.length
  }

  /** The newest connection. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('the client has not connected')
    return socket
  }

  #due(end: number): Timer | undefined {
    return this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((t) => t !== timer)
    timer.run()
  }
}

/** The answer to a ping. */
function pongTo(ping: Uint8Array): Uint8Array {
  const r = new Reader(ping)
  r.array()
  r.uint()
  return frame([22, r.uint(), 0, 0])
}

type Plain = null | boolean | number | string | Uint8Array | readonly Plain[]

/** Writes any value as a frame. */
export function frame(value: Plain): Uint8Array {
  const w = new Writer()
  write(w, value)
  return w.bytes()
}

function write(w: Writer, v: Plain): void {
  if (v === null) w.nil()
  else if (typeof v === 'boolean') w.bool(v)
  else if (typeof v === 'number') w.int(v)
  else if (typeof v === 'string') w.str(v)
  else if (v instanceof Uint8Array) w.bin(v)
  else {
    w.array(v.length)
    for (const x of v) write(w, x)
  }
}

/** A small game: commands {step}, views {at, name}, the event hop {by}. */
export const schema: Plain = [
  ['struct', [['step', 'int']]],
  ['struct', [['at', 'uint'], ['name', 'str']]],
  [['hop', ['struct', [['by', 'uint']]]]],
]

/** The welcome of that game: seat 0, 20 ticks a second, a grace of 60 s. */
export const welcome = (tick = 100): Uint8Array =>
  frame([16, 'room-1', 'hop', 0, tick, 20, 20, 60, schema, [['speed', 3]], [[0, 2, 'Ann'], [1, 1, 'Bo']]])

/** The same, by a server that has told so many things before and keeps seats for long. */
export const welcomeOf = (told: number): Uint8Array => frame([16, 'room-1', 'hop', 0, 100, 20, 20, 9999, schema, [['told', told]], []])

/** The answer to hello. */
export const linked = (began: 'new' | 'resumed' | 'unknown' | 'behind', received = 0): Uint8Array =>
  frame([26, began === 'resumed', began === 'resumed' ? '' : began, received])

/** The server lets the client in for the first time. */
export function letIn(world: FakeWorld): void {
  world.socket.open()
  world.socket.say(linked('new'))
  world.socket.say(welcome())
}

/** Time passes in a room that shows something every second. */
export function alive(world: FakeWorld, ms: number): void {
  for (let left = ms; left > 0; left -= 1000) {
    world.pass(Math.min(left, 1000))
    world.socket.say(frame([17, 100, [1, 'a']]))
  }
}

/** The server goes on with the link, and has so many of the client's messages. */
export function resume(world: FakeWorld, received = 0): void {
  world.socket.open()
  world.socket.say(linked('resumed', received))
}
