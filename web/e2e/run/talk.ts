// Words in the relay, and what carries them.

import type { Page } from 'playwright-core'
import { callMe, joinFromList, openRoom } from './person.ts'
import { until } from './wait.ts'

/** Ada and Bob, in a relay of their own. */
export async function relayOf(ada: Page, bob: Page): Promise<void> {
  await callMe(ada, 'Ada')
  await callMe(bob, 'Bob')
  await openRoom(ada, 'relay')
  await joinFromList(bob, ada)
}

/** Until the page shows how long the way is, which it knows a moment after it is connected. */
export async function measured(page: Page): Promise<void> {
  await page.getByTestId('ping').getByText(/\d ms/).waitFor()
}

// A WebSocket is tried for after 10 s, and after 20 more if that was too early.
const climbsWithin = 45_000

/** Until the page says that this carries its link. */
export async function carriedBy(page: Page, via: 'websocket' | 'stream' | 'poll'): Promise<void> {
  await page.locator(`[data-testid=ping][data-via=${via}]`).waitFor({ timeout: climbsWithin })
}

export async function say(page: Page, word: string): Promise<void> {
  await page.getByTestId('relay-input').fill(word)
  await page.getByTestId('relay-send').click()
}

/** Writes down every word that a page shows from now on: the page itself keeps the newest lines only. */
export async function writeDown(page: Page): Promise<void> {
  await page.getByTestId('relay-lines').evaluate((lines) => {
    const words: string[] = []
    Object.assign(globalThis, { words })
    const watch = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const line of addedNodes) words.push(line.textContent?.split(/\s+/).at(-1) ?? '')
    })
    watch.observe(lines, { childList: true })
  })
}

/** The words written down, once the last of them are there. */
export async function written(page: Page, last: readonly string[]): Promise<string[]> {
  const words = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { words: string[] }).words)
  await until(`heard ${last.join(' and ')}`, 20_000, async () => {
    const now = await words()
    return last.every((word) => now.includes(word))
  })
  return words()
}

/** The words that a page shows, once the last of them are there. */
export async function heard(page: Page, last: readonly string[]): Promise<string[]> {
  const lines = page.getByTestId('relay-lines').locator('li')
  for (const word of last) await lines.filter({ hasText: new RegExp(`\\s${word}$`) }).waitFor()
  return (await lines.allInnerTexts()).map((line) => line.split(/\s+/).at(-1) ?? '')
}
