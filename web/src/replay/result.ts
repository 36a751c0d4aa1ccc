// How the match ended, over its last picture, while the replay stands there.

import { fill, h, type Undo } from '../dom.ts'
import type { Room } from '../../sdk/src/index.ts'
import { go, lobby } from '../route.ts'
import { standingsTable } from '../standings.ts'
import { ended, outcome } from '../words.ts'
import type { Player } from './player.ts'

export function result(room: Room, player: Player): { root: HTMLElement; stop: Undo } {
  const root = h('div', { class: 'result', hidden: true, role: 'dialog', tabindex: '-1', 'aria-label': 'Result', testid: 'result' })
  const again = h('button', { class: 'button primary', testid: 'watch-again', on: { click: () => player.toggle() } }, 'Watch again')
  const out = h('button', { class: 'button', testid: 'result-lobby', on: { click: () => go(lobby) } }, 'Back to the lobby')
  const look = h('button', { class: 'button quiet', testid: 'look', 'aria-expanded': 'true', on: {
    click: () => look.setAttribute('aria-expanded', String(!root.classList.toggle('aside'))),
  } }, 'Look at the board')
  const show = (): void => {
    const { over } = room
    root.hidden = !player.atEnd
    if (root.hidden || !over) return
    const placed = over.standings.filter((s) => s.place > 0)
    root.classList.remove('aside')
    look.setAttribute('aria-expanded', 'true')
    fill(root, h('div', { class: 'ticket' },
      h('p', { class: 'eyebrow' }, 'Match over'),
      h('h2', { testid: 'outcome' }, outcome(placed, -1)),
      h('p', { class: 'muted' }, ended(over.ending, over.reason)),
      placed.length > 0 && standingsTable(placed, player.seat),
      h('div', { class: 'row' }, again, out, look)))
    root.focus()
  }
  const hide = (): void => {
    if (!player.atEnd) root.hidden = true
  }
  const undo = [room.onOver(show), room.onView(hide), player.onChange(hide)]
  return { root, stop: () => undo.forEach((u) => u()) }
}
