// When the network goes, and when one seat is wanted in two places.

import { expect } from 'vitest'
import { Cable } from './run/cable.ts'
import { callMe, members, onScreen, openRoom, quickPlay } from './run/person.ts'
import { picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

test('a cut network is told, and the seat is there when it comes back', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  const ada = await open(cable.url, { cuts: true })
  const bob = await open(server)
  await callMe(ada.page, 'Ada')
  await callMe(bob.page, 'Bob')
  await quickPlay(ada.page, 'arena')
  await quickPlay(bob.page, 'arena')
  const seat = ada.channel.welcome

  cable.cut()
  const cover = ada.page.getByTestId('cover')
  await cover.waitFor()
  expect(await cover.getAttribute('data-phase'), 'the page says what it does').toBe('reconnecting')
  await until('the page keeps trying', 15_000, () => cable.tries >= 3)
  expect(await ada.page.getByTestId('reconnect-kept').innerText(), 'and how long the seat is kept').toMatch(/kept for \d+ s/)
  await picture(ada.page, 'reconnecting')
  const adaIs = (state: string) => async () => (await members(bob.page)).some((m) => m.name === 'Ada' && m.state === state)
  await until('Bob sees that Ada dropped', 5000, adaIs('held'))

  cable.plug()
  await cover.waitFor({ state: 'hidden' })
  expect(ada.channel.welcome, 'back in the same seat').toEqual(seat)
  await until('Bob sees that Ada is back', 5000, adaIs('taken'))
})

test('a second tab takes the seat over, the first says so and can take it back', async ({ server, open }) => {
  const first = await open(server)
  await openRoom(first.page, 'arena', { private: true })
  const welcome = first.channel.welcome

  const opened = first.page.context().waitForEvent('page')
  await first.page.evaluate(() => window.open(location.href)) // as duplicating a tab does, it copies what the tab remembers
  const second = await opened
  await onScreen(second)
  await first.page.getByTestId('reenter').waitFor()
  expect(await first.page.getByTestId('cover').innerText(), 'the first tab says why it stopped').toMatch(/another tab/)
  await picture(first.page, 'taken over')

  await first.page.getByTestId('reenter').click()
  await onScreen(first.page)
  expect(first.channel.welcome, 'it is the same seat').toEqual(welcome)
  await second.getByTestId('reenter').waitFor()
})

test('what is said while the network is gone arrives when it is back, once and in order', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  const ada = await open(cable.url, { cuts: true })
  const bob = await open(server)
  await quickPlay(ada.page, 'arena')
  await quickPlay(bob.page, 'arena')
  const lines = ['one', 'two', 'three', 'four']
  for (const line of lines) {
    cable.cut()
    await ada.page.getByTestId('cover').waitFor()
    await bob.page.getByTestId('say').fill(line)
    await bob.page.getByTestId('send').click()
    await bob.page.getByTestId('chat').getByText(line).waitFor()
    cable.plug()
    await ada.page.getByTestId('chat').getByText(line).waitFor()
    await ada.page.getByTestId('cover').waitFor({ state: 'hidden' })
  }
  const chat = await ada.page.getByTestId('chat').innerText()
  const heard = chat.split(/\s+/).filter((word) => lines.includes(word))
  expect(heard, 'each line once, in the order it was said').toEqual(lines)
})
