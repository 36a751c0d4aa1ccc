// A private room, and a friend who gets the link.

import { expect } from 'vitest'
import { callMe, members, onScreen, openRoom } from './run/person.ts'
import { picture, test } from './run/test.ts'
import { until } from './run/wait.ts'

test('a private room is on no list, and its link leads into it', async ({ server, open }) => {
  const ada = await open(server)
  await callMe(ada.page, 'Ada')
  await openRoom(ada.page, 'arena', { private: true, options: { bots: 0 } })
  await ada.page.getByTestId('invite').click()
  const link = await ada.page.getByTestId('invite-link').inputValue()
  await ada.page.getByTestId('room-code').waitFor()
  await picture(ada.page, 'invite')

  const eve = await open(server)
  await openRoom(eve.page, 'arena', { options: { bots: 0 } }) // so that the list has something to show
  const lobby = await open(server)
  await lobby.page.getByTestId('room').first().waitFor()
  const listed = await lobby.page.getByTestId('room').evaluateAll((rooms) => rooms.map((r) => (r as HTMLElement).dataset['room']))
  expect(listed, 'the public room is listed').toContain(eve.channel.welcome?.room)
  expect(listed, 'the private one is not').not.toContain(ada.channel.welcome?.room)

  const bob = await open(link)
  await callMe(bob.page, 'Bob')
  await picture(bob.page, 'invited')
  await bob.page.getByTestId('accept').click()
  await onScreen(bob.page)
  expect(bob.channel.welcome?.room, 'the link leads into the room').toBe(ada.channel.welcome?.room)
  await until('Ada sees Bob come', 5000, async () => (await members(ada.page)).some((m) => m.name === 'Bob' && m.state === 'taken'))
})
