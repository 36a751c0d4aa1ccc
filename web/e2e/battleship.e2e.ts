// Battleship to its end, by two people who click.

import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Channel } from './run/channel.ts'
import { callMe, game, quickPlay } from './run/person.ts'
import { picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

interface Cell {
  readonly x: number
  readonly y: number
}

interface Ship extends Cell {
  readonly length: number
  readonly down: boolean
}

const board = Array.from({ length: 100 }, (_, i): Cell => ({ x: i % 10, y: Math.floor(i / 10) }))

const cellsOf = (ships: readonly Ship[]): Cell[] =>
  ships.flatMap(({ x, y, length, down }) => Array.from({ length }, (_, i) => (down ? { x, y: y + i } : { x: x + i, y })))

const same = (a: Cell, b: Cell): boolean => a.x === b.x && a.y === b.y

/** The ships of a seat, as far as somebody was told of them. */
const ships = (told: Channel, seat: number): readonly Ship[] => told.view.sides[seat].ships

const foe = (page: Page, c: Cell): Locator => page.locator(`[data-cell="foe-${c.x}-${c.y}"]`)

const phaseIs = (page: Page, phase: string) => async () => (await game(page).getAttribute('data-phase')) === phase
const myTurn = (page: Page) => async () => (await game(page).getAttribute('data-turn')) === 'own'

test('battleship is played to its end, and nobody is told of a ship that floats', async ({ server, open }) => {
  const ada = await open(server)
  const bob = await open(server)
  await callMe(ada.page, 'Ada')
  await callMe(bob.page, 'Bob')
  await quickPlay(ada.page, 'battleship')
  await quickPlay(bob.page, 'battleship')
  await until('both may place their ships', 5000, phaseIs(ada.page, 'placing'))
  await ada.page.getByTestId('shuffle').click()
  await picture(ada.page, 'battleship placing')
  for (const { page } of [ada, bob]) await page.getByTestId('ready').click()
  await until('the battle begins', 5000, phaseIs(ada.page, 'firing'))
  await until('for both', 5000, phaseIs(bob.page, 'firing'))

  const [adaSeat, bobSeat] = [ada.channel.welcome?.seat as number, bob.channel.welcome?.seat as number]
  expect(ships(ada.channel, bobSeat), 'Ada is told of no ship of Bob').toEqual([])
  const hits = cellsOf(ships(bob.channel, bobSeat)) // each knows only their own; the test asks both
  const own = cellsOf(ships(ada.channel, adaSeat))
  const misses = board.filter((c) => !own.some((o) => same(c, o)))

  const waiting = (await myTurn(ada.page)()) ? bob.page : ada.page
  await foe(waiting, { x: 0, y: 0 }).click({ force: true }) // it is shown as not to be clicked
  await until(
    'who fires out of turn is told why not',
    5000,
    async () => (await waiting.getByTestId('says').getAttribute('data-kind')) === 'trouble',
  )

  for (let shot = 0; hits.length > 0 && shot < 2 * board.length; shot++) {
    await until('it is somebody’s turn', 5000, async () => (await myTurn(ada.page)()) || (await myTurn(bob.page)()))
    const [page, at] = (await myTurn(ada.page)()) ? [ada.page, hits.pop()] : [bob.page, misses.pop()]
    await foe(page, at as Cell).click()
    await until('the shot is marked', 5000, async () => (await foe(page, at as Cell).getAttribute('data-mark')) !== null)
    await until('the turn is over', 5000, async () => !(await myTurn(page)()))
    if (shot === 10) await picture(ada.page, 'battleship firing')
  }

  await ada.page.getByTestId('result').waitFor()
  expect(await ada.page.getByTestId('outcome').innerText()).toBe('You won')
  expect(await bob.page.getByTestId('outcome').innerText()).toBe('You lost')
  expect(ships(bob.channel, adaSeat), 'after the end all ships are shown').toHaveLength(5)
  await picture(ada.page, 'battleship won')
  await picture(bob.page, 'battleship lost')

  await ada.page.getByTestId('result-lobby').click()
  expect(await ada.page.getByTestId('match').first().innerText(), 'it stands in the history').toMatch(/Battleship[\s\S]*Ada/)
})
