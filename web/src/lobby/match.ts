// One match that was played: how it ended, for whom.

import type { MatchEntry } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { fill, h, type Undo } from '../dom.ts'
import { emblem } from '../emblem.ts'
import { go, lobby } from '../route.ts'
import { standingsTable } from '../standings.ts'
import { ago, duration, ended, outcome, plural, sentence } from '../words.ts'
import { header } from './header.ts'

export function matchPage(root: HTMLElement, c: Context, id: string): Undo {
  document.title = 'A match · tickroom'
  const sheet = h('div', { class: 'ticket match', testid: 'match-detail' }, h('p', { class: 'muted' }, 'Looking it up…'))
  root.append(header(c), h('main', { class: 'alone' }, sheet))
  show(sheet, c, id).catch((error: unknown) => fill(sheet, h('p', { role: 'alert' }, sentence(error)), back()))
  return () => {}
}

async function show(sheet: HTMLElement, c: Context, id: string): Promise<void> {
  const me = c.me.current
  const match = await c.me.asIs((token) => c.rest.match(id, token))
  const title = await c.title(match.game)
  const mine = match.players.find((p) => p.id === me?.player.id)?.seat ?? -1
  document.title = `${title} · tickroom`
  sheet.dataset.game = match.game
  fill(sheet,
    emblem(match.game),
    h('p', { class: 'eyebrow' }, `${title} · ${ago(new Date(match.ended_at), new Date())}`),
    h('h1', {}, outcome(match.players.filter((p) => p.place > 0), mine)),
    h('p', { class: 'muted' }, facts(match)),
    standingsTable(match.players, mine),
    h('div', { class: 'row' }, watch(match), back()))
}

function facts(m: MatchEntry): string {
  const length = Date.parse(m.ended_at) - Date.parse(m.started_at)
  return [ended(m.ending, m.reason), `${plural(m.players.length, 'player')}, ${duration(length)}.`].filter(Boolean).join(' ')
}

const watch = (m: MatchEntry): HTMLElement | false =>
  m.ticks > 0 && h('button', { class: 'button primary', testid: 'watch-match', on: { click: () => go({ at: 'replay', id: m.id }) } }, 'Watch')

const back = (): HTMLElement => h('button', { class: 'button', testid: 'back', on: { click: () => go(lobby) } }, 'Back to the lobby')
