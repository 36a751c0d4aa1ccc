// Where no WebSocket comes through: the match goes on over what does, says so,
// and is back on a WebSocket when there is one again.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { Cable, type Fate } from './run/cable.ts'
import { onScreen, openRoom } from './run/person.ts'
import { carriedBy, heard, measured, relayOf, say, writeDown, written } from './run/talk.ts'
import { phone, picture, test } from './run/test.ts'

const fates: readonly [string, Fate][] = [
  ['refuses WebSockets', 403],
  ['fails at WebSockets', 502],
  ['never answers WebSockets', 'hold'],
  ['swallows what WebSockets carry', 'swallow'],
]

for (const [name, fate] of fates) {
  test(`behind a proxy that ${name} the arena is played over a stream`, async ({ server, open, onTestFinished }) => {
    const cable = await Cable.to(server)
    onTestFinished(() => cable.close())
    cable.websockets = fate
    const { page } = await open(cable.url, { cuts: true })
    await openRoom(page, 'arena', { private: true })
    await carriedBy(page, 'stream')
    await measured(page)
    await picture(page, `over a stream because it ${name}`)

    cable.websockets = 'pass'
    await carriedBy(page, 'websocket')
    expect(await page.getByTestId('cover').isHidden(), 'the match went on').toBe(true)
  })
}

test('from stream to polling to WebSocket to stream in one match, with every word once and in order', { timeout: 240_000 }, async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  cable.websockets = 403
  const ada = (await open(cable.url, { cuts: true })).page
  const bob = (await open(server)).page
  await relayOf(ada, bob)
  for (const page of [ada, bob]) await writeDown(page)
  const chatter = talk(ada, bob)

  await carriedBy(ada, 'stream')
  await chatter.go(10)

  cable.buffers = true
  cable.drop()
  await carriedBy(ada, 'poll')
  await chatter.go(10)
  await measured(ada)
  await picture(ada, 'over polling')

  cable.buffers = false
  cable.websockets = 'pass'
  await chatter.until(() => carriedBy(ada, 'websocket'))
  await measured(ada)
  await picture(ada, 'back on a WebSocket')

  cable.websockets = 'swallow'
  await chatter.until(() => carriedBy(ada, 'stream'))
  await chatter.go(10)

  cable.websockets = 'pass'
  await chatter.until(() => carriedBy(ada, 'websocket'))
  await chatter.go(5)
  await chatter.end()
})

/** Two people who go on talking, whatever carries their words. */
function talk(ada: Page, bob: Page) {
  let said = 0
  const both = async (): Promise<void> => {
    said++
    await say(ada, `a${said}`)
    await say(bob, `b${said}`)
  }
  return {
    async go(times: number): Promise<void> {
      for (let i = 0; i < times; i++) await both()
    },
    /** Talks while something is waited for. */
    async until(what: () => Promise<void>): Promise<void> {
      let waiting = true
      const done = what().finally(() => (waiting = false))
      while (waiting) {
        await both()
        await Promise.race([done, ada.waitForTimeout(200)])
      }
      await done
    },
    async end(): Promise<void> {
      const all = Array.from({ length: said }, (_, i) => i + 1)
      await both()
      const last = [`a${said}`, `b${said}`]
      const [atAda, atBob] = [await written(ada, last), await written(bob, last)]
      expect(atAda, 'both hear the same in the same order').toEqual(atBob)
      for (const who of ['a', 'b']) {
        const words = atAda.filter((word) => word.startsWith(who))
        expect(words.slice(0, -1), `each word of ${who} once, in the order it was said`).toEqual(all.map((n) => `${who}${n}`))
      }
    },
  }
}

test('on a phone a page that is loaded again begins with a WebSocket, and finds the stream again', async ({ server, open, onTestFinished }) => {
  const cable = await Cable.to(server)
  onTestFinished(() => cable.close())
  cable.websockets = 502
  const { page } = await open(cable.url, { ...phone, cuts: true })
  await openRoom(page, 'relay', { private: true })
  await carriedBy(page, 'stream')
  await say(page, 'before')
  await heard(page, ['before'])
  await page.reload()
  await onScreen(page)
  await carriedBy(page, 'stream')
  await say(page, 'after')
  expect((await heard(page, ['after'])).at(-1)).toBe('after')
  await measured(page)
  await picture(page, 'over a stream on a phone')
})
