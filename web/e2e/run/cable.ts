// The network between a browser and the server, in our hands: a TCP proxy that
// can be cut and plugged in again.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export class Cable {
  readonly #sockets = new Set<Socket>()
  readonly #server
  #plugged = true
  #asked = 0 // connections tried while cut

  private constructor(to: URL) {
    this.#server = createServer((near) => {
      if (!this.#plugged) {
        this.#asked++
        near.resetAndDestroy()
        return
      }
      const far = connect(Number(to.port), to.hostname)
      for (const s of [near, far]) {
        this.#sockets.add(s)
        s.setNoDelay(true)
        s.on('error', () => {}) // both ends go down together, below
      }
      for (const [from, into] of [
        [near, far],
        [far, near],
      ] as const) {
        from.pipe(into)
        from.on('close', () => {
          into.destroy()
          this.#sockets.delete(from)
        })
      }
    })
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

  // cut ends every connection and refuses new ones.
  cut(): void {
    this.#plugged = false
    this.#asked = 0
    for (const s of this.#sockets) s.resetAndDestroy()
  }

  plug(): void {
    this.#plugged = true
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
