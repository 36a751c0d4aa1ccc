// The surroundings that a browser is.

import { subprotocol } from './protocol.ts'
import type { Socket, SocketHandler, World } from './world.ts'

export const browser: World = {
  connect,
  now: () => performance.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  onWake,
  report: (error) => reportError(error),
}

function connect(url: string, handler: SocketHandler): Socket {
  const ws = new WebSocket(absolute(url), subprotocol)
  ws.binaryType = 'arraybuffer'
  ws.onopen = () => handler.open()
  ws.onmessage = (e) => (e.data instanceof ArrayBuffer ? handler.message(new Uint8Array(e.data)) : handler.text())
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

/** A grant's url may be a path, or http: what matters is the place. */
function absolute(url: string): string {
  const place = new URL(url, location.href)
  place.protocol = place.protocol.replace('http', 'ws')
  return place.href
}

// A page that was hidden, frozen or offline may hold a socket that only looks
// open: these are the moments to find out.
function onWake(run: () => void): () => void {
  const stop = new AbortController()
  const visible = (): void => {
    if (document.visibilityState === 'visible') run()
  }
  document.addEventListener('visibilitychange', visible, { signal: stop.signal })
  addEventListener('pageshow', run, { signal: stop.signal })
  addEventListener('online', run, { signal: stop.signal })
  return () => stop.abort()
}
