// Your name: what others see. It is kept in this browser.

import type { Context } from '../context.ts'
import { h } from '../dom.ts'
import { maxName, randomName } from '../player.ts'

export function nameField(c: Context): HTMLElement {
  if (c.me.name === '') c.me.name = randomName()
  const keep = (): void => {
    if (input.value.trim() === '') input.value = c.me.name
    c.me.name = input.value
  }
  const input = h('input', {
    id: 'name', testid: 'name', type: 'text', maxlength: maxName, autocomplete: 'nickname', spellcheck: 'false', enterkeyhint: 'done',
    value: c.me.name,
    on: {
      change: keep,
      keydown: (e) => {
        if (e.key === 'Enter') input.blur()
      },
    },
  })
  return h('div', { class: 'who' }, h('label', { for: 'name' }, 'You are'), input)
}
