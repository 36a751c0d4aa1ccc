// The games, each as a ticket: play with whoever is there, or open a room.

import type { GameInfo } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { act, fill, h } from '../dom.ts'
import { emblem } from '../emblem.ts'
import { quickPlay } from '../enter.ts'
import { toast } from '../toast.ts'
import { sentence } from '../words.ts'
import { newRoom } from './newroom.ts'

export function gameCards(c: Context): HTMLElement {
  const list = h('div', { class: 'games', testid: 'games' }, ...[1, 2, 3].map(() => h('div', { class: 'ticket game empty' })))
  const load = (): void => {
    c.games().then(
      (games) => fill(list, ...games.map((g) => card(c, g))),
      (error: unknown) => fill(list, h('div', { class: 'nothing' }, h('p', { role: 'alert' }, sentence(error)),
        h('button', { class: 'button', on: { click: load } }, 'Try again'))),
    )
  }
  load()
  return h('section', { 'aria-label': 'Games' }, list)
}

function card(c: Context, game: GameInfo): HTMLElement {
  const quick = h('button', { class: 'button primary', testid: `quick-${game.name}`, on: {
    click: () => act(quick, () => quickPlay(c, game.name), (error) => toast(sentence(error), 'trouble')),
  } }, 'Quick play')
  const open = h('button', { class: 'button', testid: `new-${game.name}`, on: { click: () => newRoom(c, game) } }, 'New room')
  return h('article', { class: 'ticket game', testid: `game-${game.name}`, 'data-game': game.name },
    emblem(game.name),
    h('div', { class: 'about' },
      h('h2', {}, game.title),
      h('p', {}, game.summary),
      h('p', { class: 'facts' }, players(game))),
    h('div', { class: 'tear' }, quick, open))
}

function players(game: GameInfo): string {
  if (game.seats === 1) return '1 player'
  return game.min_seats === game.seats ? `${game.seats} players` : `${game.min_seats}–${game.seats} players`
}
