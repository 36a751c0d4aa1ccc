// Short words at the edge of the page that go away by themselves.

import { h } from './dom.ts'

const shownFor = 6000
const most = 3

const holder = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', testid: 'toasts' })

export function toast(text: string, kind: 'news' | 'trouble' = 'news'): void {
  if (!holder.isConnected) document.body.append(holder)
  const note = h('p', { class: `toast ${kind}` }, text)
  holder.append(note)
  while (holder.childElementCount > most) holder.firstElementChild?.remove()
  setTimeout(() => note.remove(), shownFor)
}
