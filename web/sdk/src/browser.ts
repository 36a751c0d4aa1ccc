// The surroundings that a browser is.

import { HttpSocket } from './http.ts'
import { subprotocol } from './protocol.ts'
import type { Via } from './via.ts'
import type { Socket, SocketHandler, World } from './world.ts'

export const browser: World = {
  connect,
  name: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
  now: () => performance.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  onWake,
  report: (error) => reportError(error),
}

function connect(url: string, handler: SocketHandler, via: Via): Socket {
  if (via === 'websocket') return webSocket(absolute(url, 'ws'), handler)
  const headers = { 'Content-Type': 'application/octet-stream' }
  // A redirect would take the ticket elsewhere.
  const post = (to: string, body: BodyInit, signal: AbortSignal): Promise<Response> =>
    fetch(absolute(url, 'http', `/${to}`), { method: 'POST', headers, body, signal, redirect: 'error' })
  return new HttpSocket(post, via, handler)
}

function webSocket(url: string, handler: SocketHandler): Socket {
  const ws = new WebSocket(url, subprotocol)
  ws.binaryType = 'arraybuffer'
  ws.onopen = () => handler.open()
  ws.onmessage = (e) => handler.message(new Uint8Array(e.data instanceof ArrayBuffer ? e.data : []))
  ws.onclose = (e) => handler.closed(e.code, e.reason)
  return {
    send: (frame) => ws.send(frame),
    get backlog() {
      return ws.bufferedAmount
    },
    close() {
      ws.onopen = ws.onmessage = ws.onclose = null
      ws.close()
    },
  }
}

/** A grant's url may be a path, or http: what matters is the place. What is below it has its query. */
function absolute(url: string, scheme: 'ws' | 'http', below = ''): string {
  const place = new URL(url, location.href)
  place.pathname += below
  place.protocol = place.protocol.replace(/http|ws/, scheme)
  return place.href
}

// A page that was hidden, frozen or offline may hold a socket that only looks
// open: these are the moments to find out.
function onWake(run: (network: boolean) => void): () => void {
  const stop = new AbortController()
  const visible = (): void => {
    if (document.visibilityState === 'visible') run(false)
  }
  document.addEventListener('visibilitychange', visible, { signal: stop.signal })
  addEventListener('pageshow', () => run(false), { signal: stop.signal })
  addEventListener('online', () => run(true), { signal: stop.signal })
  return () => stop.abort()
}
