// A match that was played is watched again, in the page and with the renderer it
// was played in.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { callMe, game, onScreen, openRoom, placeOf, quickPlay } from './run/person.ts'
import { startServer } from './run/server.ts'
import { phone, picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

const controls = (page: Page) => page.getByTestId('controls')
const tickOf = async (page: Page): Promise<number> => Number(await controls(page).getAttribute('data-tick'))
const spanOf = async (page: Page): Promise<{ begins: number; ticks: number }> => {
  const slider = page.getByTestId('seek')
  return { begins: Number(await slider.getAttribute('min')), ticks: Number(await slider.getAttribute('max')) }
}

/** Drags the slider to a part of the match. */
async function seek(page: Page, part: number): Promise<number> {
  const { begins, ticks } = await spanOf(page)
  const tick = Math.round(begins + (ticks - begins) * part)
  await page.getByTestId('seek').fill(String(tick))
  return tick
}

const does = (page: Page) => page.getByTestId('play').getAttribute('data-does')

/** Until the game is drawn as of a tick. */
const drawn = (page: Page, what: string, is: (tick: number) => boolean): Promise<void> =>
  until(what, 10_000, async () => is(Number(await game(page).getAttribute('data-tick'))))

test('a match of arena is watched from the history to its stored end', async ({ server, open }) => {
  const ada = await open(server)
  const { page } = ada
  await callMe(page, 'Ada')
  await openRoom(page, 'arena', { options: { seconds: 10, bots: 2 } })
  await page.getByTestId('result').waitFor({ timeout: 40_000 })
  const told = await placeOf(page, 'Ada')
  const outcome = await page.getByTestId('standings').innerText()
  await page.getByTestId('result-lobby').click()
  await picture(page, 'replay in the history')

  await page.getByTestId('watch-match').first().click()
  await onScreen(page)
  expect(new URL(page.url()).searchParams.has('replay'), 'the address is a link to share').toBe(true)
  const { begins, ticks } = await spanOf(page)
  const first = await tickOf(page)
  await until('it plays by itself', 5000, async () => (await tickOf(page)) > first + 15)
  await picture(page, 'replay of arena')

  await page.keyboard.press('Space')
  await until('it is paused', 5000, async () => (await does(page)) === 'play')
  const middle = await seek(page, 0.5)
  await drawn(page, 'the middle is shown while it stands', (tick) => tick === middle)
  await until('and it stands there', 5000, async () => (await tickOf(page)) === middle)
  const back = await seek(page, 0.2)
  await drawn(page, 'back is shown as well', (tick) => tick === back)
  await page.keyboard.press('ArrowRight')
  await drawn(page, 'and five seconds on', (tick) => tick === Math.min(ticks, back + 150))
  await page.getByTestId('follow').selectOption({ label: 'Ada' })
  await picture(page, 'replay of arena paused')

  await seek(page, 0)
  await drawn(page, 'the beginning', (tick) => tick === begins)
  await page.getByTestId('speed-4').click()
  await page.keyboard.press('Space') // which is the replay's, whatever was clicked
  const began = performance.now()
  await page.getByTestId('result').waitFor({ timeout: 10_000 })
  expect(performance.now() - began, 'ten seconds at four times the speed').toBeLessThan(((ticks - begins) / 30) * 1000 * 0.6)
  expect(await placeOf(page, 'Ada'), 'it ends as it was told then').toBe(told)
  expect(await page.getByTestId('standings').innerText(), 'for all of them').toBe(outcome)
  await until('it stands at the end', 5000, async () => (await tickOf(page)) === ticks)
  await picture(page, 'replay of arena at its end')

  await seek(page, 0.9)
  await page.getByTestId('result').waitFor({ state: 'hidden' })
  await page.getByTestId('result').waitFor()
  expect(await page.getByTestId('standings').innerText(), 'the end comes again').toBe(outcome)

  const eve = await open(page.url(), phone)
  await onScreen(eve.page)
  await until('whoever has the link watches', 5000, async () => (await tickOf(eve.page)) > begins + 15)
  await eve.page.getByTestId('speed-0.5').tap()
  await eve.page.getByTestId('play').tap()
  await seek(eve.page, 0.5)
  await drawn(eve.page, 'a phone as well', (tick) => tick === middle)
  await picture(eve.page, 'replay on a phone')
  expect(await eve.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'all of it fits').toBe(true)
  await eve.page.getByTestId('to-lobby').tap()
  await eve.page.getByTestId('watch-match').first().scrollIntoViewIfNeeded()
  await picture(eve.page, 'replay in the history on a phone')
})

test('battleship is watched as who played it saw it, and goes on where it was by another process', async ({ open, onTestFinished }) => {
  const before = await startServer()
  let running = before
  onTestFinished(() => running.stop())
  const ada = await open(before.url, { cuts: true })
  const bob = await open(before.url)
  await callMe(ada.page, 'Ada')
  await callMe(bob.page, 'Bob')
  await quickPlay(ada.page, 'battleship')
  await quickPlay(bob.page, 'battleship')
  const phase = (page: Page) => game(page).getAttribute('data-phase')
  await until('both may place their ships', 5000, async () => (await phase(ada.page)) === 'placing')
  for (const { page } of [ada, bob]) await page.getByTestId('ready').click()
  await until('the battle begins', 5000, async () => (await phase(ada.page)) === 'firing')
  for (let shot = 0; shot < 4; shot++) {
    const turn = async () => (await Promise.all([ada, bob].map(async (p) => ((await game(p.page).getAttribute('data-turn')) === 'own' ? p : undefined)))).find((p) => p)
    await until('it is somebody’s turn', 5000, async () => (await turn()) !== undefined)
    const { page } = (await turn()) as typeof ada
    const cell = page.locator(`[data-cell="foe-${shot}-${shot}"]`)
    await cell.click()
    await until('the shot is marked', 5000, async () => (await cell.getAttribute('data-mark')) !== null)
    await until('the turn is over', 5000, async () => (await game(page).getAttribute('data-turn')) !== 'own')
  }
  await bob.page.getByTestId('leave').click()
  await ada.page.getByTestId('result').waitFor()

  await ada.page.getByTestId('result-lobby').click()
  await ada.page.getByTestId('match').first().click()
  await ada.page.getByTestId('match-detail').getByTestId('watch-match').click()
  const { page, channel } = ada
  await onScreen(page)
  await page.getByTestId('play').click()
  await seek(page, 0.9)
  const seats = [0, 1]
  const fleets = (): number[] => seats.map((seat) => channel.view.sides[seat].ships.length)
  await until('who watches sees no ship that floats', 5000, () => fleets().join() === '0,0')
  for (const [name, title] of [['Ada', /Ada/], ['Bob', /Bob/]] as const) {
    await page.getByTestId('follow').selectOption({ label: name })
    const seat = Number(await page.getByTestId('follow').inputValue())
    await until(`${name}’s ships are seen, and only theirs`, 5000, () => fleets()[seat] === 5 && fleets()[1 - seat] === 0)
    await until('their board is the one of the fleet', 5000, async () => title.test(await page.locator('#bs-own').innerText()))
    expect(await page.locator('.bs-ship').count(), 'five ships are drawn').toBe(5)
    await picture(page, `replay of battleship as ${name}`)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, 'replay of battleship, small')

  if (!process.env['TICKROOM_URL']) {
    const stood = await tickOf(page)
    const first = channel.welcomes
    await bob.page.close()
    await before.dies('SIGKILL')
    await page.getByTestId('cover').waitFor()
    running = await before.again()
    await until('another screening begins', 20_000, () => channel.welcomes > first)
    await onScreen(page)
    await until('it is as Bob saw it', 5000, () => fleets().includes(5))
    await until('where it was, and paused', 5000, async () => (await tickOf(page)) === stood && (await does(page)) === 'play')
    expect(await page.getByTestId('follow').locator('option:checked').innerText()).toBe('Bob')
  }
  await seek(page, 1)
  await page.getByTestId('result').waitFor()
  expect(await page.getByTestId('outcome').innerText()).toBe('Ada won')
})
