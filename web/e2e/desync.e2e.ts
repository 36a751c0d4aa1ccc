// A page that writes into what it was shown, and how that is found out: the
// package as it is built, against the real server.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { startFront } from './run/front.ts'
import { test } from './run/test.ts'
import { until } from './run/wait.ts'

const sdk = join(import.meta.dirname, '../sdk')

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: sdk, stdio: ['ignore', 'ignore', 'inherit'] })
})

/** A page in an arena, that gives every ship a point when it is told to. */
const html = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "tickroom": "/dist/index.js", "tickroom/lobby": "/dist/lobby.js" } }</script>
<script type="module">
import { connect } from 'tickroom'
import { Rest } from 'tickroom/lobby'
window.reported = []
onerror = (message) => reported.push(message)
const lobby = new Rest()
const { token } = await lobby.guest('Eve')
window.room = connect(await lobby.seatInGame(token, 'arena'))
room.onView((view) => {
  if (window.spoils) for (const ship of view.ships) ship.score++
})
</script>`

const reported = (page: Page): Promise<string[]> => page.evaluate('reported')

/** How many views the server says were other ones than it sent. */
async function desyncs(server: string): Promise<number> {
  const metrics = await (await fetch(`${server}/metrics`)).text()
  return Number(/^tickroom_desyncs_total (\d+)$/m.exec(metrics)?.[1] ?? NaN)
}

test('a page that reads its views is never told that it is wrong, and one that writes into them is', async ({ server, open, onTestFinished }) => {
  const front = await startFront(server, (path) => (path === '/spoiling' ? { html } : path.startsWith('/dist/') ? { file: join(sdk, path) } : undefined))
  onTestFinished(() => front.stop())
  const { page, channel } = await open(`${front.url}/spoiling`, { spoils: true })
  let checks = 0
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void (typeof payload !== 'string' && payload[1] === 10 && checks++)))
  await page.reload()
  await until('two views were checked', 20_000, () => checks >= 2)
  expect(await desyncs(server), 'a browser reads what was written').toBe(0)
  expect(await reported(page)).toEqual([])

  await page.evaluate('window.spoils = true')
  await until('the page is told', 20_000, async () => (await reported(page)).length > 0)
  expect((await reported(page))[0]).toMatch(/The view of tick \d+ was not as it was sent\./)
  expect(await desyncs(server)).toBeGreaterThan(0)

  await page.evaluate('window.spoils = false')
  const told = channel.tick
  await until('newer views come', 5000, () => channel.tick > told)
  const before = await desyncs(server)
  const from = checks
  await until('two more were checked', 20_000, () => checks >= from + 2)
  expect(await desyncs(server), 'it is right again').toBe(before)
})
