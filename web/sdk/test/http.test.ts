// A connection over HTTP against a fetch that the test answers: what is asked,
// what is heard, and what every end of it means.

import { describe, expect, it } from 'vitest'
import { pack, Splitter } from '../src/frames.ts'
import { HttpSocket } from '../src/http.ts'
import type { Via } from '../src/via.ts'
import { frame } from './world.ts'

/** One request, to be answered by the test. */
class Request {
  readonly place: string
  readonly frames: readonly Uint8Array[]
  readonly signal: AbortSignal
  #settle: { resolve: (r: Response) => void; reject: (e: unknown) => void }
  #body: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(place: string, body: Uint8Array, signal: AbortSignal, resolve: (r: Response) => void, reject: (e: unknown) => void) {
    this.place = place
    this.frames = new Splitter().push(body)
    this.signal = signal
    this.#settle = { resolve, reject }
    signal.addEventListener('abort', () => reject(signal.reason))
  }

  /** The head of the answer; its body goes on. */
  begin(): this {
    this.#settle.resolve(new Response(new ReadableStream({ start: (c) => void (this.#body = c) })))
    return this
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    this.#body?.enqueue(bytes)
    await quiet()
  }

  async end(): Promise<void> {
    this.#body?.close()
    await quiet()
  }

  /** The whole answer at once. */
  async answer(...frames: Uint8Array[]): Promise<void> {
    this.begin()
    if (frames.length > 0) await this.bytes(pack(frames))
    await this.end()
  }

  async status(status: number): Promise<void> {
    this.#settle.resolve(new Response(null, { status }))
    await quiet()
  }

  async fail(): Promise<void> {
    this.#settle.reject(new TypeError('Failed to fetch'))
    await quiet()
  }
}

/** All that promises lead to has happened. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

class Scene {
  readonly requests: Request[] = []
  readonly heard: string[] = []
  readonly socket: HttpSocket
  onMessage = (): void => {}

  constructor(via: Via) {
    const post = (place: string, body: Uint8Array, signal: AbortSignal): Promise<Response> =>
      new Promise((resolve, reject) => this.requests.push(new Request(place, body, signal, resolve, reject)))
    this.socket = new HttpSocket(post, via, {
      open: () => this.heard.push('open'),
      message: (m) => {
        this.heard.push([...m].join(' '))
        this.onMessage()
      },
      closed: (code) => this.heard.push(`closed ${code}`),
    })
  }

  at(i: number): Request {
    const request = this.requests.at(i)
    if (!request) throw new Error(`request ${i} was not made`)
    return request
  }

  /** Where requests went, and how many frames each had. */
  get asked(): string[] {
    return this.requests.map((r) => `${r.place} ${r.frames.length}`)
  }
}

const hello = frame([1, 'T', 'c', 'L1', 0, 1]) as Uint8Array<ArrayBuffer>
const opened = frame([27, 'C'])
const [one, two, three] = [Uint8Array.of(1), Uint8Array.of(2, 2), Uint8Array.of(3)]

/** A connection that has said hello and has its name. */
async function open(via: Via): Promise<Scene> {
  const scene = new Scene(via)
  await quiet()
  scene.socket.send(hello)
  if (via === 'poll') await scene.at(0).answer(opened)
  else await scene.at(0).begin().bytes(pack([opened]))
  return scene
}

describe('a stream', () => {
  it('is open at once, and asks nothing before hello', async () => {
    const scene = new Scene('stream')
    expect(scene.heard, 'but not before its owner has it').toEqual([])
    await quiet()
    expect([scene.heard, scene.asked]).toEqual([['open'], []])
    scene.socket.send(hello)
    expect(scene.asked).toEqual(['stream 1'])
    expect(scene.at(0).frames).toEqual([hello])
  })

  it('gives each frame as it comes, after its own name', async () => {
    const scene = await open('stream')
    expect(scene.heard).toEqual(['open'])
    await scene.at(0).bytes(pack([one, two]))
    await scene.at(0).bytes(pack([three]))
    expect(scene.heard).toEqual(['open', '1', '2 2', '3'])
  })

  it('may be cut at any byte on the way', async () => {
    const body = pack([opened, one, two, three])
    for (let at = 0; at <= body.length; at++) {
      const scene = new Scene('stream')
      await quiet()
      scene.socket.send(hello)
      const answer = scene.at(0).begin()
      await answer.bytes(body.slice(0, at))
      await answer.bytes(body.slice(at))
      expect(scene.heard, `cut at ${at}`).toEqual(['open', '1', '2 2', '3'])
    }
  })

  it.each([0, 1, 4, 5, 7, 9])('whose body ends after %d bytes is lost, with all before it heard', async (bytes) => {
    const body = pack([opened, one, two])
    const scene = new Scene('stream')
    await quiet()
    scene.socket.send(hello)
    await scene.at(0).begin().bytes(body.slice(0, bytes))
    await scene.at(0).end()
    expect(scene.heard).toEqual(bytes < 7 ? ['open', 'closed 1006'] : ['open', '1', 'closed 1006'])
  })

  it('says nothing after it was closed, and lets its requests go', async () => {
    const scene = await open('stream')
    scene.socket.send(one)
    await quiet()
    scene.socket.close()
    await scene.at(0).bytes(pack([two]))
    expect(scene.heard).toEqual(['open'])
    expect(scene.requests.map((r) => r.signal.aborted)).toEqual([true, true])
  })

  it('closed by who hears a frame gives no more of what came with it', async () => {
    const scene = await open('stream')
    scene.onMessage = () => scene.socket.close()
    await scene.at(0).bytes(pack([one, two]))
    expect(scene.heard).toEqual(['open', '1'])
  })

  it('closed before it was open never opens', async () => {
    const scene = new Scene('stream')
    scene.socket.close()
    await quiet()
    expect(scene.heard).toEqual([])
  })
})

describe('polling', () => {
  it('asks again, by number, when the last answer has ended', async () => {
    const scene = await open('poll')
    expect(scene.asked).toEqual(['poll 1', 'poll 1'])
    expect(scene.at(1).frames).toEqual([frame([8, 'C', 1])])
    await scene.at(1).answer(one, two)
    expect(scene.heard).toEqual(['open', '1', '2 2'])
    expect(scene.at(2).frames).toEqual([frame([8, 'C', 2])])
    await scene.at(2).answer()
    expect(scene.asked, 'also when there was nothing').toHaveLength(4)
    expect(scene.at(3).frames).toEqual([frame([8, 'C', 3])])
  })

  it('whose answer is cut off is lost: what was in it will be said again to who comes back', async () => {
    const scene = await open('poll')
    await scene.at(1).begin().bytes(pack([one, two]).slice(0, 4))
    await scene.at(1).end()
    expect(scene.heard).toEqual(['open', '1', 'closed 1006'])
    expect(scene.requests).toHaveLength(2)
  })

  it('that is not given a name asks no more', async () => {
    const scene = new Scene('poll')
    await quiet()
    scene.socket.send(hello)
    await scene.at(0).answer()
    expect([scene.heard, scene.requests.length]).toEqual([['open', 'closed 1006'], 1])
  })
})

describe('what is said', () => {
  it('goes up one request at a time; what is said meanwhile goes with the next', async () => {
    const scene = await open('stream')
    scene.socket.send(one)
    scene.socket.send(two)
    await quiet()
    expect(scene.at(1).frames, 'said at once, sent at once').toEqual([frame([8, 'C', 1]), one, two])
    scene.socket.send(three)
    scene.socket.send(one)
    await quiet()
    expect(scene.requests).toHaveLength(2)
    await scene.at(1).status(204)
    expect(scene.at(2).frames).toEqual([frame([8, 'C', 2]), three, one])
    await scene.at(2).status(204)
    expect(scene.requests).toHaveLength(3)
  })

  it('is no more than a request may have', async () => {
    const scene = await open('stream')
    const long = new Uint8Array(8192)
    for (let i = 0; i < 20; i++) scene.socket.send(long)
    await quiet()
    const batches: number[] = []
    for (let i = 1; i < scene.requests.length; i++) {
      const { frames } = scene.at(i)
      expect(pack(frames).length, `request ${i}`).toBeLessThanOrEqual(65_536)
      batches.push(frames.length - 1)
      await scene.at(i).status(204)
    }
    expect(batches).toEqual([7, 7, 6])
  })

  it('waits wholly while something is on its way, so that what is newest is not queued', async () => {
    const scene = new Scene('stream')
    await quiet()
    expect(scene.socket.backlog, 'nor before there is a name').toBe(Infinity)
    scene.socket.send(hello)
    await scene.at(0).begin().bytes(pack([opened]))
    expect(scene.socket.backlog).toBe(0)
    scene.socket.send(one)
    expect(scene.socket.backlog).toBe(Infinity)
    await quiet()
    await scene.at(1).status(204)
    expect(scene.socket.backlog).toBe(0)
  })
})

describe('a request that is', () => {
  const meant = [
    [400, 4500], [403, 4500], [413, 4501], [503, 4003],
    [404, 1006], [409, 1006], [410, 1006], [500, 1006], [502, 1006], [504, 1006],
  ] as const

  it.each(meant)('answered %d closes with %d', async (status, code) => {
    const scene = new Scene('stream')
    await quiet()
    scene.socket.send(hello)
    await scene.at(0).status(status)
    expect(scene.heard).toEqual(['open', `closed ${code}`])
  })

  it('to say something and comes too late leaves the last word to the stream', async () => {
    const scene = await open('stream')
    scene.socket.send(one)
    await quiet()
    await scene.at(1).status(410)
    scene.socket.send(two)
    await quiet()
    expect([scene.heard, scene.requests.length], 'and nothing more is said').toEqual([['open'], 2])
    await scene.at(0).bytes(pack([three]))
    await scene.at(0).end()
    expect(scene.heard).toEqual(['open', '3', 'closed 1006'])
  })

  it.each(meant.filter(([status]) => status !== 410))('a poll or a say and answered %d does the same', async (status, code) => {
    const polling = await open('poll')
    await polling.at(1).status(status)
    const saying = await open('stream')
    saying.socket.send(one)
    await quiet()
    await saying.at(1).status(status)
    expect([polling.heard, saying.heard]).toEqual([['open', `closed ${code}`], ['open', `closed ${code}`]])
    expect(saying.at(0).signal.aborted, 'and the stream is let go').toBe(true)
  })

  it('not answered at all closes with 1006, once', async () => {
    const scene = await open('poll')
    scene.socket.send(one)
    await quiet()
    await scene.at(2).fail()
    await scene.at(1).fail()
    expect(scene.heard).toEqual(['open', 'closed 1006'])
  })

  it('answered by somebody else is of the network, until the server has said who it is', async () => {
    const scene = new Scene('stream')
    await quiet()
    scene.socket.send(hello)
    await scene.at(0).begin().bytes(new TextEncoder().encode('<html>Please log in to the network of this hotel. It has everything.</html>'))
    expect(scene.heard).toEqual(['open', 'closed 1006'])
  })

  it('answered by a frame that nobody could have sent is handed on as one that nobody understands', async () => {
    const scene = await open('stream')
    await scene.at(0).bytes(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
    expect(scene.heard).toEqual(['open', ''])
  })
})
