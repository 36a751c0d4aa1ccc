// The lobby: who you are, what can be played, who plays, what was played.

import type { Context } from '../context.ts'
import { h, type Undo } from '../dom.ts'
import { gameCards } from './games.ts'
import { header } from './header.ts'
import { played } from './played.ts'
import { joinForm } from './join.ts'
import { keptSeat } from './kept.ts'
import { openRooms } from './rooms.ts'

export function lobbyPage(root: HTMLElement, c: Context): Undo {
  document.title = 'tickroom'
  const rooms = openRooms(c)
  root.append(
    header(c),
    h('main', { class: 'lobby', id: 'lobby', testid: 'lobby' },
      h('section', { class: 'welcome' },
        h('h1', {}, h('span', {}, 'Open a room.'), ' ', h('span', {}, 'Send the link.'), ' ', h('span', {}, 'Play.')),
        joinForm(c)),
      keptSeat(c),
      gameCards(c),
      h('div', { class: 'columns' }, rooms.root, played(c))),
  )
  return rooms.stop
}
