// A site of somebody else in front of the server, as a proxy puts it there: its
// own files by their paths, and everything else, sockets too, from the server.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { extname } from 'node:path'

export interface Front {
  readonly url: string
  stop(): Promise<void>
}

/** A file of the site: text, or what is read from a path. */
export type Find = (path: string) => { html: string } | { file: string } | undefined

const kinds: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.map': 'application/json' }

export async function startFront(to: string, find: Find): Promise<Front> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  const pass = (q: IncomingMessage, s: ServerResponse): void => {
    const onward = request({ hostname, port, method: q.method, path: q.url, headers: q.headers }, (r) => {
      s.writeHead(r.statusCode ?? 502, r.headers)
      r.pipe(s)
    })
    onward.on('error', () => s.destroy())
    s.on('close', () => onward.destroy())
    q.pipe(onward)
  }
  const server = createServer(async (q, s) => {
    const found = find(new URL(q.url ?? '/', to).pathname)
    if (!found) return pass(q, s)
    if ('html' in found) return s.setHeader('Content-Type', 'text/html; charset=utf-8').end(found.html)
    const text = await readFile(found.file).catch(() => undefined)
    if (text === undefined) return s.writeHead(404).end()
    s.setHeader('Content-Type', kinds[extname(found.file)] ?? 'application/octet-stream').end(text)
  })
  server.on('upgrade', (q, near: Socket, head: Buffer) => {
    const far = connect(Number(port), hostname)
    const lines = q.rawHeaders.reduce((all, h, i) => all + (i % 2 === 0 ? `${h}: ` : `${h}\r\n`), '')
    far.write(`${q.method} ${q.url} HTTP/1.1\r\n${lines}\r\n`)
    far.write(head)
    for (const [from, into] of [[near, far], [far, near]] as const) {
      from.on('error', () => {}) // both ends go down together, below
      from.on('close', () => into.destroy())
      from.pipe(into)
    }
  })
  server.on('connection', (s) => {
    sockets.add(s)
    s.on('close', () => sockets.delete(s))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      for (const s of sockets) s.destroy()
      await once(server, 'close')
    },
  }
}
