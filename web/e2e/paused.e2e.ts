// The database is away, and the match waits for it: nobody is left to guess why
// nothing moves.

import { expect } from 'vitest'
import { callMe, covered, openRoom } from './run/person.ts'
import { findPostgres, startPostgres } from './run/postgres.ts'
import { startServer } from './run/server.ts'
import { picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

const bin = findPostgres()
const canSkip = process.env['TICKROOM_REQUIRE_POSTGRES'] === undefined && bin === undefined

test.skipIf(canSkip || process.env['TICKROOM_URL'])('a match that stands still says so, and goes on', async ({ open, onTestFinished }) => {
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const database = startPostgres(bin)
  onTestFinished(() => database.stop())
  const server = await startServer(database.url)
  onTestFinished(() => server.stop())
  const { page, channel } = await open(server.url)
  await callMe(page, 'Ada')
  await openRoom(page, 'arena', { options: { seconds: 600, bots: 2 } })

  const release = await database.lock('journal')
  await page.getByTestId('paused').getByText('stands still').waitFor()
  const stood = channel.tick
  await covered(page)
  await picture(page, 'the match stands still')
  release()
  await page.getByTestId('cover').waitFor({ state: 'hidden' })
  await until('the match goes on', 5000, () => channel.tick > stood + 10)
  expect(channel.welcomes, 'over the same connection, with nothing to be told anew').toBe(1)
  const steady = async (): Promise<boolean> => Math.abs(Number(await page.getByTestId('game').getAttribute('data-ahead')) - channel.tick) < 30
  await until('the page knows what tick it is', 8000, steady)
})
