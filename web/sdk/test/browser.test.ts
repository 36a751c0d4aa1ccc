// What a browser is asked for, with a browser's globals played by the test.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { browser } from '../src/browser.ts'
import type { SocketHandler } from '../src/index.ts'

afterEach(() => vi.unstubAllGlobals())

const nobody: SocketHandler = { open: () => {}, message: () => {}, closed: () => {} }

class FakeWebSocket {
  static made: FakeWebSocket[] = []
  readonly url: string
  readonly protocol: string
  binaryType = ''
  bufferedAmount = 7
  onopen?: () => void
  onmessage?: (e: { data: unknown }) => void
  onclose?: (e: { code: number; reason: string }) => void
  close = vi.fn()

  constructor(url: string, protocol: string) {
    this.url = url
    this.protocol = protocol
    FakeWebSocket.made.push(this)
  }
}

describe('a WebSocket', () => {
  it.each([
    ['/v1/play', 'wss://play.example/v1/play'],
    ['https://other.example/v1/play', 'wss://other.example/v1/play'],
    ['ws://127.0.0.1:8080/v1/play?room=7', 'ws://127.0.0.1:8080/v1/play?room=7'],
  ])('to %s goes to %s, speaks our protocol, in bytes', (url, to) => {
    vi.stubGlobal('location', { href: 'https://play.example/?room=1' })
    vi.stubGlobal('WebSocket', FakeWebSocket)
    const heard: unknown[] = []
    const socket = browser.connect(url, { ...nobody, message: (m) => heard.push(m), closed: (code) => heard.push(code) }, 'websocket')
    const ws = FakeWebSocket.made.at(-1)
    expect([ws?.url, ws?.protocol, ws?.binaryType, socket.backlog]).toEqual([to, 'tickroom.1', 'arraybuffer', 7])
    ws?.onmessage?.({ data: Uint8Array.of(1, 2).buffer })
    ws?.onmessage?.({ data: 'text' })
    ws?.onclose?.({ code: 1006, reason: '' })
    expect(heard, 'text is handed on as a frame that is none').toEqual([Uint8Array.of(1, 2), new Uint8Array(0), 1006])
    socket.close()
    expect(ws?.onmessage, 'nothing is heard after closing').toBeNull()
  })
})

describe('plain HTTP', () => {
  it.each([
    ['wss://play.example/v1/play', 'stream', 'https://play.example/v1/play/stream'],
    ['/v1/play', 'poll', 'https://play.example/v1/play/poll'],
    ['wss://play.example/v1/play?room=7', 'poll', 'https://play.example/v1/play/poll?room=7'],
  ] as const)('to %s as a %s posts bytes to %s, and nowhere else', async (url, via, to) => {
    vi.stubGlobal('location', { href: 'https://play.example/?room=1' })
    const fetched = vi.fn((_url: string, _init: RequestInit) => new Promise<Response>(() => {}))
    vi.stubGlobal('fetch', fetched)
    const socket = browser.connect(url, { ...nobody, open: () => socket.send(Uint8Array.of(9)) }, via)
    await Promise.resolve()
    const [asked, init] = fetched.mock.calls[0] ?? []
    expect(asked).toBe(to)
    expect(init).toMatchObject({ method: 'POST', redirect: 'error', headers: { 'Content-Type': 'application/octet-stream' }, body: Uint8Array.of(1, 9) })
    socket.close()
    expect(init?.signal?.aborted).toBe(true)
  })
})

describe('a name', () => {
  it('is another each time, and fits where links are named', () => {
    const names = Array.from({ length: 100 }, () => browser.name())
    expect(new Set(names).size).toBe(100)
    for (const name of names) expect(name).toMatch(/^\d+(-\d+){3}$/)
    expect(Math.max(...names.map((n) => n.length))).toBeLessThanOrEqual(64)
  })
})

describe('waking', () => {
  it('is being seen or shown again, or the return of the network, until it is taken back', () => {
    const [page, doc] = [new EventTarget(), Object.assign(new EventTarget(), { visibilityState: 'visible' })]
    vi.stubGlobal('document', doc)
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    const heard: boolean[] = []
    const stop = browser.onWake((network) => heard.push(network))
    const all = (): void => {
      doc.dispatchEvent(new Event('visibilitychange'))
      page.dispatchEvent(new Event('pageshow'))
      page.dispatchEvent(new Event('online'))
    }
    all()
    expect(heard, 'only the network may be another').toEqual([false, false, true])
    doc.visibilityState = 'hidden'
    doc.dispatchEvent(new Event('visibilitychange'))
    stop()
    all()
    expect(heard).toHaveLength(3)
  })
})
