// Who came where, as a table.

import { h } from './dom.ts'

export interface Line {
  readonly seat: number
  readonly name: string
  readonly place: number
  readonly score: number
  readonly left?: boolean
}

export function standingsTable(lines: readonly Line[], mine: number): HTMLElement {
  const scored = lines.some((l) => l.score !== 0)
  return h('table', { class: 'standings', testid: 'standings' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Place'), h('th', { scope: 'col' }, 'Player'), scored && h('th', { scope: 'col' }, 'Score'))),
    h('tbody', {}, ...lines.map((l) =>
      h('tr', { class: l.seat === mine ? 'mine' : undefined },
        h('td', {}, l.place > 0 ? String(l.place) : '–'),
        h('td', {}, l.name || 'Bot', l.left === true && h('small', {}, ' left')),
        scored && h('td', {}, String(l.score))))))
}
