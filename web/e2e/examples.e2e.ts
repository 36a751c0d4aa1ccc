// The examples of the package's README, played: as its user would have them, on
// a page of their own with the package as it is built, against the real server.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { Cable } from './run/cable.ts'
import type { Channel } from './run/channel.ts'
import { startFront, type Find } from './run/front.ts'
import { test as base, type Tab } from './run/test.ts'
import { until } from './run/wait.ts'

const web = join(import.meta.dirname, '..')
const sdk = join(web, 'sdk')
let built: string

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'tickroom-examples-'))
  const config = {
    extends: join(web, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rewriteRelativeImportExtensions: true, rootDir: web, outDir: built, typeRoots: [join(web, 'node_modules/@types')] },
    include: [join(sdk, 'examples')],
  }
  writeFileSync(join(built, 'tsconfig.json'), JSON.stringify(config))
  execFileSync(join(web, 'node_modules/.bin/tsc'), ['-p', built], { stdio: 'inherit' })
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: sdk, stdio: ['ignore', 'ignore', 'inherit'] })
})
afterAll(() => rmSync(built, { recursive: true }))

const icon = '<link rel="icon" href="data:,">' // or the browser asks for one
const html = (example: string): string => `<!doctype html>
${icon}
<script type="importmap">{ "imports": { "tickroom": "/dist/index.js", "tickroom/lobby": "/dist/lobby.js" } }</script>
<body><script type="module" src="/${example}.js"></script>`

/** The page of each example, its script, and the package. */
function find(path: string): ReturnType<Find> {
  if (path === '/blank') return { html: icon }
  const name = /^\/(chat|arena|turns)$/.exec(path)?.[1]
  if (name) return { html: html(name) }
  if (/^\/(chat|arena|turns)\.js$/.test(path)) return { file: join(built, 'sdk/examples', path) }
  return path.startsWith('/dist/') ? { file: join(sdk, path) } : undefined
}

const test = base
  .extend('cable', { scope: 'file' }, async ({ server }, { onCleanup }) => {
    const cable = await Cable.to(server)
    onCleanup(() => cable.close())
    return cable
  })
  // fronts are sites with the examples: one near the server, one behind the cable.
  .extend('fronts', { scope: 'file' }, async ({ server, cable }, { onCleanup }) => {
    const near = await startFront(server, find)
    const far = await startFront(cable.url, find)
    onCleanup(async () => void (await Promise.all([near.stop(), far.stop()])))
    return { near: near.url, far: far.url }
  })
  // play gives a tab with one of the examples.
  .extend('play', ({ fronts, open }) => {
    return async (example: string, name = 'a player', from: keyof typeof fronts = 'near'): Promise<Tab> => {
      const tab = await open(`${fronts[from]}/blank`, { cuts: from === 'far' })
      tab.page.on('dialog', (d) => d.accept(name))
      await tab.page.goto(`${fronts[from]}/${example}`)
      await until(`${name} is in the room`, 10_000, () => tab.channel.view !== undefined)
      return tab
    }
  })

test('chat: all hear what one says, through a cut as well, and a refusal is told to who was refused', async ({ cable, play }) => {
  const ann = await play('chat', 'Ann')
  const bob = await play('chat', 'Bob', 'far')
  expect(bob.channel.welcome?.room, 'both are in one room').toBe(ann.channel.welcome?.room)
  const says = async ({ page }: Tab, text: string): Promise<void> => {
    await page.locator('input').fill(text)
    await page.locator('input').press('Enter')
  }
  const lines = ({ page }: Tab): Promise<string> => page.locator('pre').innerText()
  const heard = async (what: string, text: string): Promise<void> => {
    for (const tab of [ann, bob]) await until(what, 15_000, async () => (await lines(tab)) === text)
  }

  await says(ann, 'hello')
  await heard('hello is heard', 'Ann: hello\n')
  cable.cut()
  await says(ann, 'where are you?')
  await says(bob, 'grüß dich')
  await until('Ann hears herself', 5000, async () => (await lines(ann)) === 'Ann: hello\nAnn: where are you?\n')
  expect(await lines(bob), 'Bob is cut off').toBe('Ann: hello\n')
  cable.plug()
  const all = 'Ann: hello\nAnn: where are you?\nBob: grüß dich\n'
  await heard('both hear all, in one order', all)

  await says(ann, 'x'.repeat(5000))
  await until('what is refused is told to who said it', 5000, async () =>
    (await lines(ann)) === `${all}Not said: A message carries at most 4096 bytes.\n`)
  expect(await lines(bob), 'and to nobody else').toBe(all)
})

interface Ship {
  readonly seat: number
  readonly down: number
  readonly body: { readonly x: number; readonly y: number }
}

const ownShip = (told: Channel): Ship | undefined =>
  told.view.ships.find((s: Ship) => s.seat === told.welcome?.seat && s.down === 0)

/** Whether the page shows this colour where the ship is. */
const shows = (page: Page, { body }: Ship, colour: readonly number[]): Promise<boolean> =>
  page.evaluate(
    ([x, y, colour]) => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement
      const scale = canvas.width / 65536
      const pixel = canvas.getContext('2d')?.getImageData(x * scale, y * scale, 1, 1).data ?? []
      return colour.every((c, i) => pixel[i] === c)
    },
    [body.x, body.y, colour] as const,
  )

test('arena: the keys fly the ship, and it is drawn where the server has it', async ({ play }) => {
  const { page, channel } = await play('arena')
  await until('the ship is up', 10_000, () => ownShip(channel) !== undefined)
  const from = ownShip(channel) as Ship
  const flown = (): boolean => {
    const now = ownShip(channel)
    return now !== undefined && Math.hypot(now.body.x - from.body.x, now.body.y - from.body.y) > 2048
  }
  const keys = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'] // a wall may be in the way of one
  for (let i = 0; !flown() && i < 12; i++) {
    const key = keys[i % keys.length] as string
    await page.keyboard.down(key)
    await until('', 1500, flown).catch(() => {}) // the next way
    await page.keyboard.up(key)
  }
  expect(flown(), 'the server has the ship a tile away from where it was').toBe(true)
  await until('the ship is drawn in its own colour', 5000, async () => {
    const ship = ownShip(channel)
    return ship !== undefined && (await shows(page, ship, [0, 255, 0]))
  })
})

test('turns: requests are answered, and a refusal says why', async ({ play }) => {
  const tabs = [await play('turns'), await play('turns')]
  const title = ({ page }: Tab): Promise<string> => page.locator('h1').innerText()
  const said = ({ page }: Tab): Promise<string> => page.locator('p').innerText()
  const cell = ({ page }: Tab, i: number) => page.locator('div > button').nth(i)
  const [first] = tabs as [Tab]

  await cell(first, 0).click()
  await until('who fires before the battle is told why not', 5000, async () =>
    (await said(first)) === 'The battle begins when both fleets are placed.')
  for (const { page } of tabs) await page.getByText('Ready').click()
  await until('the battle begins', 5000, async () => /shot/.test(await title(first)))

  const [mine, theirs] = (await title(first)) === 'Your shot' ? tabs : tabs.toReversed()
  if (!mine || !theirs) throw new Error('two tabs play')
  await cell(theirs, 7).click()
  await until('who has not the turn is told so', 5000, async () => (await said(theirs)) === 'Wait: they are aiming.')
  await cell(mine, 42).click()
  await until('the shot is marked', 5000, async () => ['○', '✕'].includes(await cell(mine, 42).innerText()))
  expect(await said(mine), 'a shot that was taken is no trouble').toBe('')
  await until('the turn is over', 5000, async () => (await title(theirs)) === 'Your shot')
  await cell(theirs, 7).click()
  await until('and the other may fire now', 5000, async () => ['○', '✕'].includes(await cell(theirs, 7).innerText()))
  expect(await said(theirs), 'what was refused before is forgotten').toBe('')
})
