// What was played is kept: a server that starts again has it, in either store.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { callMe, openRoom, placeOf } from './run/person.ts'
import { findPostgres, startPostgres } from './run/postgres.ts'
import { startServer } from './run/server.ts'
import { test } from './run/test.ts'

interface Database {
  readonly url: string
  stop(): void
}

function sqlite(): Database {
  const dir = mkdtempSync(join(tmpdir(), 'tickroom-sqlite-'))
  return { url: `sqlite:${join(dir, 'test.db')}`, stop: () => rmSync(dir, { recursive: true }) }
}

function postgres(): Database {
  const bin = findPostgres()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  return startPostgres(bin)
}

const canSkip = process.env['TICKROOM_REQUIRE_POSTGRES'] === undefined && findPostgres() === undefined

describe.skipIf(process.env['TICKROOM_URL'])('a match is there after a restart', () => {
  const stores = [
    { store: 'SQLite', start: sqlite, skip: false },
    { store: 'PostgreSQL', start: postgres, skip: canSkip },
  ]
  for (const { store, start, skip } of stores) {
    test.skipIf(skip)(`in ${store}`, async ({ open, onTestFinished }) => {
      const database = start()
      onTestFinished(() => database.stop())
      const before = await startServer(database.url)
      const ada = await open(before.url)
      await callMe(ada.page, 'Ada')
      await openRoom(ada.page, 'arena', { options: { seconds: 10, bots: 2 } })
      await ada.page.getByTestId('result').waitFor({ timeout: 40_000 })
      const told = await placeOf(ada.page, 'Ada')
      await ada.page.close()
      await before.stop()

      const after = await startServer(database.url)
      onTestFinished(() => after.stop())
      const bob = await open(after.url)
      await bob.page.getByTestId('match').first().click()
      expect(await placeOf(bob.page, 'Ada'), 'it says what was told when it ended').toBe(told)
    })
  }
})
