// A server of its own for a file of tests: the real binary on a free port.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { until } from './wait.ts'

export interface Server {
  url: string
  /** Ends it in order, and forgets what it kept. */
  stop(): Promise<void>
  /** Ends it, in order or not, and keeps what it kept. */
  dies(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Starts it again, at the same place with the same database. */
  again(): Promise<Server>
}

const startWithin = 20_000 // a busy machine, and the first start migrates

// startServer keeps everything in the database, or without one in a SQLite file
// of its own. Where TICKROOM_URL names a server that already runs, it is used.
// The flags are of a server at that url.
export async function startServer(database?: string, flags: (url: string) => readonly string[] = () => []): Promise<Server> {
  const running = process.env['TICKROOM_URL']
  if (running) {
    await ready(running)
    const other = async (): Promise<never> => {
      throw new Error('this server is not ours to end')
    }
    return { url: running, stop: async () => {}, dies: other, again: other }
  }
  const dir = mkdtempSync(join(tmpdir(), 'tickroom-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  return start(dir, listen, ['-database', database ?? `sqlite:${join(dir, 'test.db')}`, ...flags(`http://${listen}`)])
}

async function start(dir: string, listen: string, flags: readonly string[]): Promise<Server> {
  const child = spawn(inject('binary'), ['-listen', listen, ...flags], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (d) => (said += d))
  child.stderr.on('data', (d) => (said += d))
  const ended = once(child, 'exit')

  const url = `http://${listen}`
  try {
    await Promise.race([ready(url), ended.then(([code]) => Promise.reject(new Error(`the server ended with ${code}:\n${said}`)))])
  } catch (e) {
    child.kill('SIGKILL')
    throw e
  }
  const dies = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    const [code] = await ended
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`the server, told to stop, ended with ${code}:\n${said}`)
  }
  return {
    url,
    dies,
    again: () => start(dir, listen, flags),
    async stop() {
      await dies('SIGTERM')
      rmSync(dir, { recursive: true })
    },
  }
}

function ready(url: string): Promise<void> {
  return until(`${url} is ready`, startWithin, () =>
    fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    ),
  )
}

async function freePort(): Promise<number> {
  const s = createServer().listen(0, '127.0.0.1')
  await once(s, 'listening')
  const { port } = s.address() as AddressInfo
  s.close()
  await once(s, 'close')
  return port
}
