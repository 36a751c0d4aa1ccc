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
  stop(): Promise<void>
}

const startWithin = 20_000 // a busy machine, and the first start migrates

// startServer keeps everything in the database, or without one in a SQLite file
// of its own. Where TICKROOM_URL names a server that already runs, it is used.
export async function startServer(database?: string): Promise<Server> {
  const running = process.env['TICKROOM_URL']
  if (running) {
    await ready(running)
    return { url: running, stop: async () => {} }
  }

  const dir = mkdtempSync(join(tmpdir(), 'tickroom-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  const child = spawn(inject('binary'), ['-listen', listen, '-database', database ?? `sqlite:${join(dir, 'test.db')}`], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      rmSync(dir, { recursive: true })
      if (code !== 0) throw new Error(`the server, told to stop, ended with ${code}:\n${said}`)
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
