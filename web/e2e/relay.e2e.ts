// The relay: a chat of three, and a message for one of them alone.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { callMe, quickPlay } from './run/person.ts'
import { picture, test } from './run/test.ts'

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('relay-input').fill(text)
  await page.getByTestId('relay-send').click()
}

/** What a page heard, once the last of it is a text. */
async function heard(page: Page, last: string): Promise<string[]> {
  const lines = page.getByTestId('relay-lines').locator('li')
  await lines.filter({ hasText: last }).waitFor()
  return lines.allInnerTexts()
}

test('in the relay all hear all in one order, and one alone what is sent to one', async ({ server, open }) => {
  const pages: Page[] = []
  for (const name of ['Ada', 'Bob', 'Eve']) {
    const { page } = await open(server)
    await callMe(page, name)
    await quickPlay(page, 'relay')
    pages.push(page)
  }
  const [ada, bob, eve] = pages as [Page, Page, Page]

  await say(ada, 'hello')
  await heard(bob, 'hello')
  await say(bob, 'hello yourself')
  for (const page of pages) expect(await heard(page, 'hello yourself')).toEqual(['Ada hello', 'Bob hello yourself'])

  await bob.getByTestId('relay-to').selectOption({ label: 'Only Ada' })
  await bob.getByTestId('burst-heart').click()
  await ada.getByTestId('relay-heard').getByText('burst').waitFor()
  await say(ada, 'thank you') // arrives after what came before it, so that nothing need be waited for in vain
  await heard(eve, 'thank you')
  expect(await eve.getByTestId('relay-heard').innerText(), 'Eve was sent nothing').not.toContain('burst')
  expect(await bob.getByTestId('relay-heard').innerText(), 'nor did Bob send it to himself').not.toContain('burst')
  await picture(ada, 'relay')

  for (const page of pages) await page.getByTestId('panel').click() // every room has a chat beside the game, here folded
  await eve.getByTestId('say').fill('good night')
  await eve.getByTestId('send').click()
  for (const page of pages) await page.getByTestId('chat').getByText('good night').waitFor()
})
