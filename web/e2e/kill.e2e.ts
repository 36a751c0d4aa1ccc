// The server dies, and another goes on: to those who play it is one match.

import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { callMe, joinFromList, members, openRoom } from './run/person.ts'
import { startServer } from './run/server.ts'
import { picture, test, type Tab } from './run/test.ts'
import { until } from './run/wait.ts'

async function says(page: Page, word: string): Promise<void> {
  await page.getByTestId('say').fill(word)
  await page.getByTestId('say').press('Enter')
}

/** The lines of chat that a page shows, once the last of these is there. */
async function chat(page: Page, ...words: readonly string[]): Promise<string[]> {
  const lines = page.getByTestId('chat').locator('li:has(b)')
  for (const word of words) await lines.filter({ hasText: word }).first().waitFor()
  return (await lines.allInnerTexts()).map((line) => line.trim().split(/\s+/).at(-1) ?? '')
}

/** Until a page gets views that are newer than this. */
const plays = (tab: Tab, after: number): Promise<void> =>
  until('views come again', 15_000, () => tab.channel.tick > after)

describe.skipIf(process.env['TICKROOM_URL'])('a match goes on', () => {
  for (const [how, signal] of [['is killed', 'SIGKILL'], ['is replaced by the next build', 'SIGTERM']] as const) {
    test(`when its server ${how}`, async ({ open, onTestFinished }) => {
      let server = await startServer()
      onTestFinished(() => server.stop())
      const ada = await open(server.url, { cuts: true })
      const bob = await open(server.url, { cuts: true })
      await callMe(ada.page, 'Ada')
      await callMe(bob.page, 'Bob')
      await openRoom(ada.page, 'arena', { options: { seconds: 600, bots: 4 } })
      await joinFromList(bob.page, ada.page)
      await says(ada.page, 'one')
      await chat(bob.page, 'one')
      await picture(ada.page, `before the server ${how}`)

      const seats = [ada.channel.welcome?.seat, bob.channel.welcome?.seat]
      const [tick, score] = [bob.channel.tick, scores(bob)]
      await server.dies(signal)
      const cover = bob.page.getByTestId('cover')
      await cover.getByText(/Try [3-9] in/).waitFor() // it says so, and goes on trying
      await says(ada.page, 'two')
      await picture(bob.page, `after the server ${how}`)
      server = await server.again()

      for (const tab of [ada, bob]) {
        await plays(tab, tick)
        await tab.page.getByTestId('cover').waitFor({ state: 'hidden' })
        expect(tab.channel.welcomes, 'the conversation goes on where it was').toBe(1)
      }
      await says(bob.page, 'three')
      for (const { page } of [ada, bob]) {
        expect(await chat(page, 'two', 'three'), 'each line once, in order').toEqual(['one', 'two', 'three'])
        await until('both are here', 5000, async () => (await members(page)).filter((m) => m.state === 'taken').length === 2)
      }
      expect([ada.channel.welcome?.seat, bob.channel.welcome?.seat], 'on the same seats').toEqual(seats)
      expect(scores(bob).every((s, i) => s >= (score[i] ?? 0) - 5), 'scores are kept').toBe(true)
      await picture(ada.page, `when it goes on after the server ${how}`)
    })
  }
})

const scores = (tab: Tab): number[] => (tab.channel.view?.ships ?? []).map((s: { score: number }) => s.score)
