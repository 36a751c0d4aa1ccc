// The arena in two tabs: the same room, each other's ships, a reload, an end.

import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { Channel } from './run/channel.ts'
import { game, callMe, joinFromList, members, openRoom, quickPlay, onScreen, placeOf } from './run/person.ts'
import { picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

interface Point {
  readonly x: number
  readonly y: number
}

/** Where a page was told that the ship of a seat is; undefined while it is down. */
function ship(seen: Channel, seat: number): Point | undefined {
  const s = seen.view?.ships.find((s: { seat: number }) => s.seat === seat)
  return s && s.down === 0 ? { x: s.body.x, y: s.body.y } : undefined
}

const tile = 256 * 8 // far enough to be no accident
const far = (a: Point, b: Point): boolean => Math.hypot(a.x - b.x, a.y - b.y) > tile

/** Steers a page's ship until another page was told that it moved. */
async function fly(page: Page, seat: number, seenBy: Channel): Promise<void> {
  await until('the ship is up', 10_000, () => ship(seenBy, seat) !== undefined)
  const from = ship(seenBy, seat) as Point
  const moved = (): boolean => {
    const now = ship(seenBy, seat)
    return now !== undefined && far(from, now)
  }
  await game(page).locator('canvas').focus()
  const keys = ['KeyD', 'KeyS', 'KeyA', 'KeyW'] // a wall may be in the way of one
  for (let i = 0; !moved() && i < 12; i++) {
    const key = keys[i % keys.length] as string
    await page.keyboard.down(key)
    await until('', 1500, moved).catch(() => {}) // the next way
    await page.keyboard.up(key)
  }
  expect(moved(), 'the other tab saw the ship move').toBe(true)
}

describe('the arena', () => {
  test('two tabs quick-play into one, see each other move, and one is back in its seat after a reload', async ({ server, open }) => {
    const ada = await open(server)
    const bob = await open(server)
    await callMe(ada.page, 'Ada')
    await callMe(bob.page, 'Bob')
    await picture(ada.page, 'lobby')
    await quickPlay(ada.page, 'arena')
    await quickPlay(bob.page, 'arena')
    expect(bob.channel.welcome?.room, 'both are in one room').toBe(ada.channel.welcome?.room)
    const seat = ada.channel.welcome?.seat as number
    expect(bob.channel.welcome?.seat, 'on seats of their own').not.toBe(seat)

    await fly(ada.page, seat, bob.channel)
    await fly(bob.page, bob.channel.welcome?.seat as number, ada.channel)
    await picture(ada.page, 'arena ada')
    await picture(bob.page, 'arena bob')

    await ada.page.reload()
    await onScreen(ada.page)
    expect(ada.channel.welcome, 'the ticket of before the reload opens the seat of before').toMatchObject({
      room: bob.channel.welcome?.room,
      seat,
    })
    await until('Bob sees that Ada is back', 5000, async () =>
      (await members(bob.page)).some((m) => m.name === 'Ada' && m.state === 'taken'),
    )
    await fly(ada.page, seat, bob.channel)
  })

  test('a match ends, tells who won, and stands in the history', async ({ server, open }) => {
    const ada = await open(server)
    const bob = await open(server)
    await callMe(ada.page, 'Ada')
    await callMe(bob.page, 'Bob')
    await openRoom(ada.page, 'arena', { options: { seconds: 10, bots: 3 } })
    await joinFromList(bob.page, ada.page)
    for (const { page } of [ada, bob]) {
      await page.getByTestId('result').waitFor({ timeout: 40_000 })
      expect(await page.getByTestId('standings').innerText(), 'both are on the board').toMatch(/Ada[\s\S]*Bob|Bob[\s\S]*Ada/)
    }
    await picture(ada.page, 'arena result')
    const places = [await placeOf(ada.page, 'Ada'), await placeOf(ada.page, 'Bob')]

    await ada.page.getByTestId('result-lobby').click()
    const newest = ada.page.getByTestId('match').first()
    await newest.waitFor()
    expect(await newest.innerText(), 'the newest match in the lobby is this one').toMatch(/Arena/)
    await newest.click()
    await ada.page.getByTestId('match-detail').waitFor()
    expect([await placeOf(ada.page, 'Ada'), await placeOf(ada.page, 'Bob')], 'the history agrees with what was told').toEqual(places)
    await picture(ada.page, 'match detail')

    const before = bob.channel.welcome?.room
    await bob.page.getByTestId('again').click()
    await until('again is another room', 10_000, () => bob.channel.welcome?.room !== before)
    await onScreen(bob.page)
  })
})
