// The network between a browser and the server, in our hands: a proxy that can
// be cut and plugged in again, and that treats what passes as some do: it
// refuses WebSockets, never answers them, swallows what they carry, or keeps
// every answer until it has all of it.

import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What becomes of a WebSocket: it passes, its upgrade gets this status or no answer, or it opens and carries nothing. */
export type Fate = 'pass' | 403 | 502 | 'hold' | 'swallow'

export class Cable {
  /** Of those that are opened from now on; to swallow, it takes those that are open as well. */
  websockets: Fate = 'pass'
  /** Answers that begin from now on are kept until they are whole. */
  buffers = false

  readonly #to: URL
  readonly #near = new Set<Socket>()
  readonly #lost = new WeakSet<Duplex>()
  readonly #server = createServer((asked, answer) => this.#forward(asked, answer))
  #plugged = true
  #asked = 0 // connections tried while cut

  private constructor(to: URL) {
    this.#to = to
    this.#server.on('connection', (near) => this.#plug(near))
    this.#server.on('upgrade', (asked, near) => this.#upgrade(asked, near))
  }

  static async to(url: string): Promise<Cable> {
    const c = new Cable(new URL(url))
    c.#server.listen(0, '127.0.0.1')
    await once(c.#server, 'listening')
    return c
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  // tries is how many connections were refused since the cut.
  get tries(): number {
    return this.#asked
  }

  // drop ends every connection, and takes new ones.
  drop(): void {
    for (const near of this.#near) near.resetAndDestroy()
  }

  // lose has every connection of now go on without carrying anything, and nobody is told.
  lose(): void {
    for (const near of this.#near) this.#lost.add(near)
  }

  // cut ends every connection and refuses new ones.
  cut(): void {
    this.#plugged = false
    this.#asked = 0
    this.drop()
  }

  plug(): void {
    this.#plugged = true
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #plug(near: Socket): void {
    near.on('error', () => {}) // both ends go down together, by their close
    near.setNoDelay(true)
    if (this.#plugged) {
      this.#near.add(near)
      near.on('close', () => this.#near.delete(near))
    } else {
      this.#asked++
      near.resetAndDestroy()
    }
  }

  #ask(asked: IncomingMessage) {
    const { method, url: path, headers } = asked
    return request({ host: this.#to.hostname, port: this.#to.port, agent: false, method, path, headers })
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    const far = this.#ask(asked)
    far.on('response', (came) => {
      came.on('error', () => answer.destroy())
      if (!this.buffers) {
        answer.writeHead(came.statusCode ?? 502, came.rawHeaders)
        answer.flushHeaders()
        came.pipe(answer)
        return
      }
      const whole: Buffer[] = []
      came.on('data', (part: Buffer) => whole.push(part))
      came.on('end', () => {
        answer.writeHead(came.statusCode ?? 502, came.rawHeaders)
        answer.end(Buffer.concat(whole))
      })
    })
    far.on('error', () => answer.destroy())
    answer.on('close', () => far.destroy())
    asked.pipe(far)
  }

  #upgrade(asked: IncomingMessage, near: Duplex): void {
    const fate = this.websockets
    if (fate === 'hold') return
    if (typeof fate === 'number') {
      near.end(`HTTP/1.1 ${fate} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    const far = this.#ask(asked)
    far.on('error', () => near.destroy())
    far.on('response', () => near.destroy()) // the server would not
    far.on('upgrade', (came, end, first) => {
      end.on('error', () => {})
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${pairs(came.rawHeaders)}\r\n`)
      this.#carry(end, near, near)
      this.#carry(near, end, near)
      if (first.length > 0) end.unshift(first)
    })
    far.end()
  }

  /** Carries what one end says to the other, until it is to be swallowed. */
  #carry(from: Duplex, to: Duplex, near: Duplex): void {
    from.on('data', (part: Buffer) => {
      if (this.websockets === 'swallow') this.#lost.add(near)
      if (!this.#lost.has(near)) to.write(part)
    })
    from.on('close', () => to.destroy())
  }
}

function pairs(raw: string[]): string {
  let head = ''
  for (let i = 0; i < raw.length; i += 2) head += `${raw[i]}: ${raw[i + 1]}\r\n`
  return head
}
