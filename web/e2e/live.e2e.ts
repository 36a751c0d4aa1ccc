// A match is watched while it is played, with a way back, and to its end.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { callMe, game, onScreen, openRoom, quickPlay } from './run/person.ts'
import { startServer } from './run/server.ts'
import { phone, picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

const tickOf = async (page: Page): Promise<number> => Number(await page.getByTestId('controls').getAttribute('data-tick'))
const isLive = async (page: Page): Promise<boolean> => (await page.getByTestId('live').getAttribute('data-live')) === 'true'
const roomOf = (page: Page): string => new URL(page.url()).searchParams.get('room') ?? ''
const serverTick = async (page: Page): Promise<number> => Number(await game(page).getAttribute('data-tick'))

test('arena is watched live, from its beginning, live again and to its stored end', async ({ server, open }) => {
  const ada = await open(server)
  await callMe(ada.page, 'Ada')
  await openRoom(ada.page, 'arena', { options: { seconds: 45, bots: 3 } })
  const began = performance.now()
  const { page } = await open(server)
  await callMe(page, 'Eve')
  const line = page.locator(`[data-testid=room][data-room="${roomOf(ada.page)}"]`)
  await line.getByTestId('rewind-room').waitFor({ timeout: 10_000 })
  await picture(page, 'live in the lobby')
  await line.getByTestId('rewind-room').click()
  await onScreen(page)
  expect(page.url(), 'the address is a link to share').toContain(`?replay=${roomOf(ada.page)}`)
  await until('it is live', 10_000, () => isLive(page))
  const behind = (await serverTick(ada.page)) - (await tickOf(page))
  expect(behind, 'some seconds behind').toBeLessThan(30 * 6)
  const first = await tickOf(page)
  await until('it goes on', 15_000, async () => (await tickOf(page)) > first + 240)
  expect(await isLive(page), 'and stays live').toBe(true)
  expect(await page.getByTestId('kind').innerText()).toBe('Being played')
  await picture(page, 'live arena')

  await page.keyboard.press('Space')
  await until('a pause is not live', 5000, async () => !(await isLive(page)))
  await picture(page, 'live arena paused')
  await page.keyboard.press('Home')
  await until('back at its beginning', 10_000, async () => (await tickOf(page)) < 60)
  await page.getByTestId('speed-8').click()
  await page.keyboard.press('Space')
  await until('eight times as fast it is live again', 20_000, () => isLive(page))
  await until('at the speed of play', 5000, async () => (await page.getByTestId('speed-1').getAttribute('aria-pressed')) === 'true')
  await page.keyboard.press('ArrowLeft')
  await until('five seconds back', 5000, async () => !(await isLive(page)))
  await page.getByTestId('live').click()
  await until('and live at once', 5000, () => isLive(page))
  await page.getByTestId('follow').selectOption({ label: 'Ada' })

  const small = await open(page.url(), phone)
  await onScreen(small.page)
  await until('whoever has the link watches', 10_000, () => isLive(small.page))
  await picture(small.page, 'live arena on a phone')
  const fits = () => small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
  expect(await fits(), 'all of it fits').toBe(true)
  await small.page.getByTestId('to-lobby').tap()
  await small.page.getByTestId('rewind-room').first().scrollIntoViewIfNeeded()
  await picture(small.page, 'live in the lobby on a phone')
  expect(await fits(), 'there as well').toBe(true)

  expect(performance.now() - began, 'this test shows a match that is still played').toBeLessThan(45_000)
  await ada.page.getByTestId('result').waitFor({ timeout: 60_000 })
  const outcome = await ada.page.getByTestId('standings').locator('td:not(:first-child)').allInnerTexts()
  await page.getByTestId('result').waitFor({ timeout: 20_000 })
  expect(await page.getByTestId('standings').locator('td:not(:first-child)').allInnerTexts(), 'it ends as it was told there').toEqual(outcome)
  expect(await page.getByTestId('kind').innerText(), 'and is a replay now').toBe('Replay')
  expect(await page.getByTestId('live').isVisible()).toBe(false)
  await picture(page, 'live arena at its end')
  const end = await tickOf(page)
  await page.keyboard.press('Home')
  await until('with all of it to see', 5000, async () => (await tickOf(page)) < end / 2)
})

test('battleship hides what it hides until it is over, and the watcher comes back to another process', async ({ open, onTestFinished }) => {
  const before = await startServer()
  let running = before
  onTestFinished(() => running.stop())
  const ada = await open(before.url, { cuts: true })
  const bob = await open(before.url, { cuts: true })
  await callMe(ada.page, 'Ada')
  await callMe(bob.page, 'Bob')
  await quickPlay(ada.page, 'battleship')
  await quickPlay(bob.page, 'battleship')
  const phase = (page: Page) => game(page).getAttribute('data-phase')
  await until('both may place their ships', 5000, async () => (await phase(ada.page)) === 'placing')
  for (const { page } of [ada, bob]) await page.getByTestId('ready').click()
  await until('the battle begins', 5000, async () => (await phase(ada.page)) === 'firing')

  const eve = await open(`${before.url}/?replay=${roomOf(ada.page)}&delay=4`, { cuts: true })
  const { page, channel } = eve
  await onScreen(page)
  await until('it is live', 15_000, () => isLive(page))
  expect(await page.getByTestId('live').innerText(), 'and late, as asked').toMatch(/4 s late/)
  await until('it shows the battle', 15_000, async () => (await phase(page)) === 'firing')
  const fleets = (): number[] => [0, 1].map((seat) => channel.view.sides[seat].ships.length)
  expect(fleets(), 'but no ship').toEqual([0, 0])
  expect(await page.getByTestId('follow').isDisabled(), 'nor is any player’s eye to be had').toBe(true)
  await picture(page, 'live battleship')

  if (!process.env['TICKROOM_URL']) {
    const first = channel.welcomes
    await before.dies('SIGKILL')
    await page.getByTestId('cover').waitFor()
    running = await before.again()
    await until('another screening begins', 20_000, () => channel.welcomes > first)
    await onScreen(page)
    await until('live again', 15_000, () => isLive(page))
    await until('the players play on', 15_000, async () => (await phase(ada.page)) === 'firing' && (await ada.page.getByTestId('cover').isHidden()))
  }
  await bob.page.getByTestId('leave').click()
  await ada.page.getByTestId('result').waitFor()
  await page.getByTestId('result').waitFor({ timeout: 20_000 })
  expect(await page.getByTestId('outcome').innerText()).toBe('Ada won')
  await page.keyboard.press('Home')
  await page.getByTestId('follow').selectOption({ label: 'Bob' })
  await until('now it is over, and Bob’s ships may be seen', 10_000, () => fleets().includes(5))
})
