// A page that was away: without a network, frozen behind others, loaded again,
// or passed over by another tab. It finds out at once, and misses nothing.

import type { CDPSession, Page } from 'playwright-core'
import { expect } from 'vitest'
import { Cable } from './run/cable.ts'
import { members, onScreen, openRoom } from './run/person.ts'
import { heard, measured, relayOf, say } from './run/talk.ts'
import { picture, test, type Open } from './run/test.ts'
import { until } from './run/wait.ts'

/** Two in one relay: Ada behind a cable, Bob beside the server. */
async function two(open: Open, adas: string, bobs: string): Promise<{ ada: Page; bob: Page }> {
  const ada = (await open(adas, { cuts: true })).page
  const bob = (await open(bobs)).page
  await relayOf(ada, bob)
  return { ada, bob }
}

/** Somebody is here, or is expected back. */
const seen = (page: Page, name: string, state: 'taken' | 'held') => async () =>
  (await members(page)).some((m) => m.name === name && m.state === state)

test('the network goes and returns: the page is told, and is back at once', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  const { ada, bob } = await two(open, cable.url, server)
  await say(bob, 'one')
  await heard(ada, ['one'])

  await ada.context().setOffline(true)
  cable.cut()
  const cover = ada.getByTestId('cover')
  await cover.waitFor()
  await say(bob, 'two')
  await until('the waits have grown to more than a second', 20_000, async () => /Try \d+ in [2-8] s/.test(await cover.innerText()))
  await picture(ada, 'without a network')

  cable.plug()
  await ada.context().setOffline(false)
  await heard(ada, ['two'])
  await cover.waitFor({ state: 'hidden' })
  await say(ada, 'three')
  const all = ['one', 'two', 'three']
  for (const page of [ada, bob]) expect(await heard(page, ['three']), 'each word once, in order').toEqual(all)
})

// A browser freezes a page that is hidden for long: no code of it runs, and what
// arrives waits. One without a screen hides no page, so this one is told that it
// is hidden, and stopped as a debugger stops it. A minute: long after the server has
// taken it for gone, and shortly before its seat is given up.
const frozenFor = 60_000

test('a page that was hidden and frozen misses nothing when it is shown', async ({ server, open }) => {
  const { ada, bob } = await two(open, server, server)
  const cdp = await ada.context().newCDPSession(ada)
  await cdp.send('Debugger.enable')
  await tell(ada, 'hidden')
  await cdp.send('Debugger.pause')
  const since = performance.now()
  await say(bob, 'one')
  await bob.getByTestId('panel').click()
  await until('the server has taken Ada for gone', frozenFor, seen(bob, 'Ada', 'held'))
  await picture(bob, 'Ada is frozen')
  await say(bob, 'two')
  await until('it was frozen for long', frozenFor + 1000, () => performance.now() - since > frozenFor)

  await cdp.send('Debugger.resume')
  await tell(ada, 'visible')
  expect(await heard(ada, ['two']), 'each word once, in order').toEqual(['one', 'two'])
  await ada.getByTestId('cover').waitFor({ state: 'hidden' })
  await until('Bob sees Ada again', 5000, seen(bob, 'Ada', 'taken'))
  await measured(ada)
  await picture(ada, 'shown again')
})

/** The page is told that somebody sees it, or nobody does. */
const tell = (page: Page, state: DocumentVisibilityState) =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

test('a connection that died unnoticed is replaced within seconds', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  const { ada, bob } = await two(open, cable.url, server)
  cable.lose()
  await say(bob, 'one')
  const since = performance.now()
  expect(await heard(ada, ['one'])).toEqual(['one'])
  expect(performance.now() - since, 'the server itself would take 12 s to find out').toBeLessThan(10_000)
  await ada.getByTestId('cover').waitFor({ state: 'hidden' })
})

test('a page that is loaded again is in its seat, and hears what it missed', async ({ server, open }) => {
  const { ada, bob } = await two(open, server, server)
  for (const [page, word] of [[ada, 'one'], [bob, 'two']] as const) {
    await page.getByTestId('panel').click()
    await page.getByTestId('say').fill(word)
    await page.getByTestId('send').click()
  }
  await ada.getByTestId('chat').getByText('two').waitFor()
  await ada.reload()
  await onScreen(ada)
  await ada.getByTestId('panel').click()
  await ada.getByTestId('chat').getByText('two').waitFor()
  const lines = await ada.getByTestId('chat').locator('li:not(.news)').allInnerTexts()
  expect(lines, 'what was said, once and in order').toEqual(['Ada one', 'Bob two'])
  expect(await members(ada)).toContainEqual({ name: 'Ada', state: 'taken' })
  await measured(ada)
  await picture(ada, 'loaded again')
})

test('a second tab takes over from one that was offline, which says so and does not fight back', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  const first = (await open(cable.url, { cuts: true })).page
  await openRoom(first, 'relay', { private: true })
  const cdp = await first.context().newCDPSession(first)
  await offline(cdp, true)
  cable.drop()
  await first.getByTestId('reconnect-what').waitFor()

  const opened = first.context().waitForEvent('page')
  await first.evaluate(() => window.open(location.href)) // as duplicating a tab does, it copies what the tab remembers
  const second = await opened
  await onScreen(second)
  await say(second, 'here')
  await heard(second, ['here'])

  await offline(cdp, false)
  await first.getByTestId('reenter').waitFor()
  expect(await first.getByTestId('cover').innerText(), 'it says why it stopped').toMatch(/another tab/)
  await picture(first, 'taken over while offline')
  await say(second, 'still')
  await heard(second, ['still'])
  expect(await second.getByTestId('cover').isHidden(), 'the second goes on').toBe(true)

  await first.getByTestId('reenter').click()
  await onScreen(first)
  await second.getByTestId('reenter').waitFor()
})

const offline = (cdp: CDPSession, offline: boolean) =>
  cdp.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
