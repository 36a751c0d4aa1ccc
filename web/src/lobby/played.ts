// What was played: the newest first, mine or everybody's.

import type { MatchEntry } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { act, fill, h } from '../dom.ts'
import { address, go, type Route } from '../route.ts'
import { ago, ordinal, sentence } from '../words.ts'

const atOnce = 8

export function played(c: Context): HTMLElement {
  const list = h('ol', { class: 'board', testid: 'matches' })
  const note = h('p', { class: 'nothing' })
  const more = h('button', { class: 'button quiet', testid: 'older' }, 'Older')
  let mine = false
  let asked = 0

  const load = async (cursor?: string): Promise<void> => {
    const mark = ++asked
    const me = c.me.current
    const query = { limit: atOnce, ...(mine && me ? { player: me.player.id } : {}), ...(cursor ? { cursor } : {}) }
    const page = await c.me.asIs((token) => c.rest.matches(query, token))
    const rows = await Promise.all(page.items.map(async (m) => line(m, await c.title(m.game))))
    if (mark !== asked) return // the list was asked for again meanwhile
    if (!cursor) list.replaceChildren()
    list.append(...rows)
    fill(note, list.childElementCount === 0 && (mine ? 'You have not finished a match yet.' : 'No match has been finished yet.'))
    more.hidden = !page.next_cursor
    more.onclick = () => act(more, () => load(page.next_cursor), failed)
  }
  const failed = (error: unknown): void => fill(note, sentence(error))
  const choose = (own: boolean): void => {
    mine = own
    all.setAttribute('aria-pressed', String(!own))
    us.setAttribute('aria-pressed', String(own))
    list.replaceChildren()
    load().catch(failed)
  }
  const all = h('button', { class: 'tab', on: { click: () => choose(false) } }, 'All')
  const us = h('button', { class: 'tab', testid: 'mine', on: { click: () => choose(true) } }, 'Mine')
  more.hidden = true
  choose(false)
  return h('section', { class: 'panel', 'aria-labelledby': 'played' },
    h('header', {}, h('h2', { id: 'played' }, 'Played'), h('div', { class: 'tabs', role: 'group', 'aria-label': 'Whose matches' }, all, us)),
    list, note, more)
}

function line(m: MatchEntry, title: string): HTMLElement {
  const route: Route = { at: 'match', id: m.id }
  return h('li', { class: 'entry', 'data-game': m.game },
    h('a', { class: 'line', href: address(route), testid: 'match', on: {
      click: (e) => {
        e.preventDefault()
        go(route)
      },
    } },
    h('span', { class: 'what' }, title),
    h('span', { class: 'names' }, summary(m)),
    h('time', { class: 'muted', datetime: m.ended_at }, ago(new Date(m.ended_at), new Date()))),
    m.ticks > 0 && h('button', { class: 'button quiet', testid: 'watch-match', 'aria-label': `Watch this match of ${title}`, on: { click: () => go({ at: 'replay', id: m.id }) } }, 'Watch'))
}

function summary(m: MatchEntry): string {
  const placed = m.players.filter((p) => p.place > 0)
  if (placed.length === 0) return m.players.map((p) => p.name).join(', ') || 'nobody'
  return placed.slice(0, 3).map((p) => `${ordinal(p.place)} ${p.name || 'Bot'}`).join(' · ')
}
