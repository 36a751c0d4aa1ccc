// A screen 390 pixels wide, and thumbs.

import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { callMe, game, onScreen, quickPlay } from './run/person.ts'
import { phone, picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

/** Nothing is wider than the screen, or hangs out of it to the right. */
async function fits(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const screen = document.documentElement
    const out = [...document.querySelectorAll('button, input, a, h1, h2, table')].filter((e) => {
      const box = e.getBoundingClientRect()
      return box.width > 0 && box.right > screen.clientWidth + 1
    })
    return {
      by: screen.scrollWidth - screen.clientWidth,
      out: out.map((e) => e.outerHTML.slice(0, 120)),
    }
  })
  expect(wide, `${what} fits the screen`).toEqual({ by: 0, out: [] })
  await picture(page, `phone ${what}`)
}

describe('on a phone', () => {
  test('the lobby and opening a room fit', async ({ server, open }) => {
    const { page } = await open(server, phone)
    await page.getByTestId('quick-arena').waitFor()
    await fits(page, 'lobby')
    await page.getByTestId('new-arena').tap()
    await page.getByTestId('create').waitFor()
    await fits(page, 'new room')
  })

  test('a thumb flies the ship, and the panel opens over it', async ({ server, open }) => {
    const { page } = await open(server, phone)
    await callMe(page, 'Ada')
    await quickPlay(page, 'arena')
    const at = async () => game(page).evaluate((e) => `${e.dataset['x']},${e.dataset['y']}`)
    await until('the ship is there', 10_000, async () => !(await at()).startsWith(',') && !(await at()).startsWith('undefined'))

    const before = await at()
    const thumb = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      thumb.send('Input.dispatchTouchEvent', { type, touchPoints })
    await touch('touchStart', { x: 90, y: 600 })
    for (const [x, y] of [
      [150, 600],
      [90, 660],
      [30, 600],
      [90, 540],
    ] as const) {
      // a wall may be in one way
      await touch('touchMove', { x, y })
      await until('', 700, async () => (await at()) !== before).catch(() => {})
    }
    expect(await at(), 'the ship went where the thumb pushed').not.toBe(before)
    await fits(page, 'arena')
    await touch('touchEnd')

    await page.getByTestId('panel').tap()
    await page.getByTestId('say').fill('hello from the tram')
    await page.getByTestId('send').tap()
    await page.getByTestId('chat').getByText('hello from the tram').waitFor()
    await fits(page, 'panel')
  })

  for (const name of ['battleship', 'relay']) {
    test(`${name} fits`, async ({ server, open }) => {
      const ada = await open(server, phone)
      await quickPlay(ada.page, name)
      const bob = await open(server)
      await quickPlay(bob.page, name)
      await onScreen(ada.page)
      await fits(ada.page, name)
    })
  }
})
