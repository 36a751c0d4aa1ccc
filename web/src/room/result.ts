// How the match ended, over its last picture: the standings, again, or out.

import { act, fill, h, type Undo } from '../dom.ts'
import { playAgain } from '../enter.ts'
import { go, lobby } from '../route.ts'
import { standingsTable } from '../standings.ts'
import { toast } from '../toast.ts'
import { ended, outcome, sentence } from '../words.ts'
import type { Place } from './place.ts'

export function result(p: Place): { root: HTMLElement; stop: Undo } {
  const { c, id, room } = p
  const root = h('div', { class: 'result', hidden: true, role: 'dialog', tabindex: '-1', 'aria-label': 'Result', testid: 'result' })
  const again = h('button', { class: 'button primary', testid: 'again', on: {
    click: () => act(again, () => playAgain(c, id), (error) => toast(sentence(error), 'trouble')),
  } }, 'Again')
  const out = h('button', { class: 'button', testid: 'result-lobby', on: { click: () => go(lobby) } }, 'Back to the lobby')
  const look = h('button', { class: 'button quiet', testid: 'look', 'aria-expanded': 'true', on: {
    click: () => look.setAttribute('aria-expanded', String(!root.classList.toggle('aside'))),
  } }, 'Look at the board')
  const stop = room.onOver((over) => {
    const placed = over.standings.filter((s) => s.place > 0)
    fill(root, h('div', { class: 'ticket' },
      h('p', { class: 'eyebrow' }, 'Match over'),
      h('h2', { testid: 'outcome' }, outcome(placed, room.seat)),
      h('p', { class: 'muted' }, ended(over.ending, over.reason)),
      placed.length > 0 && standingsTable(placed, room.seat),
      h('div', { class: 'row' }, again, out, look)))
    root.hidden = false
    root.focus() // and no button: whoever holds Space to dash must not press it
  })
  return { root, stop }
}
