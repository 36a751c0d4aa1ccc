// The server dies, and another goes on: to those who play it is one match.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { callMe, covered, game, joinFromList, members, openRoom, quickPlay } from './run/person.ts'
import { findPostgres, startPostgres, type Postgres } from './run/postgres.ts'
import { startServer } from './run/server.ts'
import { picture, test, type Open, type Tab } from './run/test.ts'
import { until } from './run/wait.ts'

async function says(page: Page, word: string): Promise<void> {
  await page.getByTestId('say').fill(word)
  await page.getByTestId('say').press('Enter')
}

/** The words of chat that a page shows, once these are there. */
async function chat(page: Page, ...words: readonly string[]): Promise<string[]> {
  const lines = page.getByTestId('chat').locator('li:has(b)')
  for (const word of words) await lines.filter({ hasText: word }).first().waitFor()
  return (await lines.allInnerTexts()).map((line) => line.trim().split(/\s+/).at(-1) ?? '')
}

/** Ada and Bob, in a match of a game. */
async function two(open: Open, url: string, join: (ada: Page, bob: Page) => Promise<void>): Promise<{ ada: Tab; bob: Tab }> {
  const ada = await open(url, { cuts: true })
  const bob = await open(url, { cuts: true })
  await callMe(ada.page, 'Ada')
  await callMe(bob.page, 'Bob')
  await join(ada.page, bob.page)
  return { ada, bob }
}

async function inArena(ada: Page, bob: Page): Promise<void> {
  await openRoom(ada, 'arena', { options: { seconds: 600, bots: 6 } })
  await joinFromList(bob, ada)
}

interface Ship {
  readonly seat: number
  readonly score: number
  readonly down: number
  readonly body: { readonly x: number; readonly y: number }
}

const ships = (tab: Tab): readonly Ship[] => tab.channel.view?.ships ?? []
const own = (tab: Tab): Ship | undefined => ships(tab).find((s) => s.seat === tab.channel.welcome?.seat)
const scored = (tab: Tab): number => ships(tab).reduce((sum, s) => sum + s.score, 0)

/** Until a page gets views that are newer than this, and shows them. */
async function plays(tab: Tab, after: number): Promise<void> {
  await until('views come again', 30_000, () => tab.channel.tick > after)
  await tab.page.getByTestId('cover').waitFor({ state: 'hidden' })
}

/** Until the player's keys move their ship, as the server sees it. */
async function flies(tab: Tab): Promise<void> {
  await until('the ship is there', 10_000, () => own(tab)?.down === 0)
  await tab.page.locator('canvas').first().focus()
  const from = own(tab)?.body as Ship['body']
  const moved = (): boolean => {
    const at = own(tab)?.body ?? from
    return Math.hypot(at.x - from.x, at.y - from.y) > 512
  }
  for (const key of ['KeyD', 'KeyA', 'KeyS', 'KeyW']) { // there may be a wall, but not on every side
    await tab.page.keyboard.down(key)
    const went = await until('it moves', 2000, moved).then(() => true, () => false)
    await tab.page.keyboard.up(key)
    if (went) return
  }
  throw new Error('the keys move no ship')
}

const tickRate = 30 // the arena's
const flush = 15 // ticks, half a second: what a server may have shown and not written yet is less

/** The server of a match dies in this way, and is started again: who plays and talks sees one match. */
async function outlives(how: string, signal: 'SIGKILL' | 'SIGTERM', database: string | undefined, open: Open, onTestFinished: (run: () => Promise<void>) => void): Promise<void> {
  let server = await startServer(database)
  onTestFinished(() => server.stop())
  const { ada, bob } = await two(open, server.url, inArena)
  await says(ada.page, 'one')
  await chat(bob.page, 'one')
  await until('somebody scores', 60_000, () => scored(bob) > 0)
  await picture(ada.page, `before the server ${how}`)

  const welcome = [ada.channel.welcome, bob.channel.welcome]
  await says(ada.page, 'two') // and it may die before it has heard that, or told anybody
  const score = scored(bob)
  await server.dies(signal)
  for (const { page } of [ada, bob]) await page.getByTestId('cover').getByText(/Try \d+/).waitFor()
  await says(bob.page, 'three')
  await covered(bob.page)
  await bob.page.getByTestId('cover').getByText(/Try [3-9] in/).waitFor() // it goes on trying
  expect(await bob.page.getByTestId('reconnect-kept').innerText(), 'and for how long that is worth while').toMatch(/kept for \d+ s/)
  await picture(bob.page, `after the server ${how}`)

  const last = bob.channel.tick
  const since = performance.now()
  server = await server.again()
  let first = last // that is shown
  await until('it shows something', 30_000, () => (first = bob.channel.tick) !== last)
  expect(first, 'it goes on where it was').toBeGreaterThan(last - flush)
  expect(first, 'and no later').toBeLessThan(last + flush + ((performance.now() - since) / 1000) * tickRate)
  for (const tab of [ada, bob]) {
    await plays(tab, last)
    await flies(tab)
    expect(tab.channel.welcomes, 'the conversation goes on where it was').toBe(1)
  }
  await says(bob.page, 'four')
  for (const { page } of [ada, bob]) {
    const words = await chat(page, 'two', 'three', 'four')
    expect(words.toSorted(), 'each line once').toEqual(['four', 'one', 'three', 'two'])
    expect(words.filter((w) => w !== 'two'), 'in the order it was said').toEqual(['one', 'three', 'four'])
    await until('both are here', 5000, async () => (await members(page)).filter((m) => m.state === 'taken').length === 2)
  }
  expect([ada.channel.welcome, bob.channel.welcome], 'in the same room, on the same seats').toEqual(welcome)
  expect(scored(bob), 'the score goes on').toBeGreaterThanOrEqual(score)
  await picture(ada.page, `when it goes on after the server ${how}`)
}

const bin = findPostgres()
const canSkip = process.env['TICKROOM_REQUIRE_POSTGRES'] === undefined && bin === undefined

function postgres(): Postgres {
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  return startPostgres(bin)
}

describe.skipIf(process.env['TICKROOM_URL'])('a match goes on', () => {
  for (const [how, signal] of [['is killed', 'SIGKILL'], ['is replaced by the next build', 'SIGTERM']] as const) {
    test(`when its server ${how}`, ({ open, onTestFinished }) => outlives(how, signal, undefined, open, onTestFinished))

    test.skipIf(canSkip)(`when its server over PostgreSQL ${how}`, ({ open, onTestFinished }) => {
      const database = postgres()
      onTestFinished(() => database.stop())
      return outlives(`over PostgreSQL ${how}`, signal, database.url, open, onTestFinished)
    })
  }

  test('with the shot that was on its way', async ({ open, onTestFinished }) => {
    const dir = mkdtempSync(join(tmpdir(), 'tickroom-sqlite-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    let server = await startServer(`sqlite:${join(dir, 'test.db')}`)
    onTestFinished(() => server.stop())
    const { ada, bob } = await two(open, server.url, async (a, b) => {
      for (const page of [a, b]) await quickPlay(page, 'battleship')
    })
    const is = (page: Page, data: string, value: string) => async () => (await game(page).getAttribute(`data-${data}`)) === value
    await until('both may place their ships', 5000, is(ada.page, 'phase', 'placing'))
    for (const { page } of [ada, bob]) await page.getByTestId('ready').click()
    for (const { page } of [ada, bob]) await until('the battle begins', 5000, is(page, 'phase', 'firing'))
    const [from, to] = (await is(ada.page, 'turn', 'own')()) ? [ada, bob] : [bob, ada]

    await from.page.locator('[data-cell="foe-4-4"]').click()
    await server.dies('SIGKILL')
    for (const { page } of [ada, bob]) await page.getByTestId('cover').getByText(/Try \d+/).waitFor()
    server = await server.again()

    for (const { page } of [ada, bob]) await page.getByTestId('cover').waitFor({ state: 'hidden' })
    const mark = (page: Page, cell: string) => page.locator(`[data-cell="${cell}-4-4"][data-mark]`).waitFor()
    await mark(from.page, 'foe')
    await mark(to.page, 'own')
    expect(ada.channel.welcomes + bob.channel.welcomes, 'nobody was let in again').toBe(2)
    const shots = (tab: Tab): number => tab.channel.view.sides.flatMap((s: { shots: Iterable<number> }) => [...s.shots]).filter((m: number) => m > 0).length
    for (const tab of [ada, bob]) await until('it was fired once', 5000, () => shots(tab) === 1)
    await picture(to.page, 'battleship after the server was killed')
  })
})
