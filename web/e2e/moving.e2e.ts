// Two servers of one database, each with an address of its own. One stops, and
// its rooms go on at the other: to those who play it is one match.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { callMe, joinFromList, openRoom } from './run/person.ts'
import { startServer, type Server } from './run/server.ts'
import { picture, test, type Open, type Tab } from './run/test.ts'
import { until } from './run/wait.ts'

/** A person, and where their page's channels were opened. */
async function person(open: Open, name: string, at: Server, other: Server): Promise<Tab & { readonly places: string[] }> {
  const tab = await open(at.url, { others: [other.url], cuts: true })
  const places: string[] = []
  tab.page.on('websocket', (s) => places.push(new URL(s.url()).host))
  await callMe(tab.page, name)
  return { ...tab, places }
}

describe.skipIf(process.env['TICKROOM_URL'])('a match goes on', () => {
  test('at another server, when the one that has it stops', async ({ open, onTestFinished }) => {
    const dir = mkdtempSync(join(tmpdir(), 'tickroom-sqlite-'))
    const database = `sqlite:${join(dir, 'test.db')}`
    const first = await startServer(database, (url) => ['-name', 'first', '-public', url])
    const second = await startServer(database, (url) => ['-name', 'second', '-public', url, '-origins', first.url]) // its pages play here too
    const servers = [first, second]
    onTestFinished(async () => {
      await Promise.all(servers.map((s) => s.stop()))
      rmSync(dir, { recursive: true })
    })

    const ada = await person(open, 'Ada', first, second)
    const bob = await person(open, 'Bob', first, second)
    await openRoom(ada.page, 'arena', { options: { seconds: 600, bots: 2 } })
    await joinFromList(bob.page, ada.page)
    for (const { channel } of [ada, bob]) await until('views come', 10_000, () => channel.tick > 0)
    const welcome = [ada.channel.welcome, bob.channel.welcome]
    const has = ada.places.at(-1)
    expect(bob.places.at(-1), 'both play where the room is').toBe(has)
    const [stops, stays] = has === new URL(first.url).host ? [first, second] : [second, first]

    await stops.dies('SIGTERM')
    const last = Math.max(ada.channel.tick, bob.channel.tick)
    await until('views come again', 10_000, () => ada.channel.tick > last && bob.channel.tick > last)
    for (const { page, channel, places } of [ada, bob]) {
      expect(places.at(-1), 'at the other server').toBe(new URL(stays.url).host)
      expect(channel.welcomes, 'the conversation goes on where it was').toBe(1)
      await page.getByTestId('cover').waitFor({ state: 'hidden' })
    }
    expect([ada.channel.welcome, bob.channel.welcome], 'in the same room, on the same seats').toEqual(welcome)
    await ada.page.getByTestId('say').fill('still here')
    await ada.page.getByTestId('say').press('Enter')
    await bob.page.getByTestId('chat').locator('li').filter({ hasText: 'still here' }).first().waitFor()
    await picture(bob.page, 'at the other server')
  })
})
