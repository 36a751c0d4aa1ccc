// The head of every page but the room's.

import type { Context } from '../context.ts'
import { h } from '../dom.ts'
import { logo } from '../emblem.ts'
import { go, lobby } from '../route.ts'
import { nameField } from './name.ts'

export function header(c: Context): HTMLElement {
  const home = h('a', { class: 'brand', href: '/', testid: 'home', on: {
    click: (e) => {
      e.preventDefault()
      go(lobby)
    },
  } }, logo(), h('span', {}, 'tickroom'))
  return h('header', { class: 'head' }, home, nameField(c))
}
