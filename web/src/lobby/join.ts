// Into a room by its code, typed or from an invitation.

import type { Context } from '../context.ts'
import { act, fill, h, type Undo } from '../dom.ts'
import { joinByCode } from '../enter.ts'
import { go, lobby } from '../route.ts'
import { toast } from '../toast.ts'
import { sentence } from '../words.ts'
import { header } from './header.ts'

export function joinForm(c: Context): HTMLElement {
  const input = h('input', {
    id: 'code', testid: 'code', type: 'text', maxlength: 16, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false',
    placeholder: 'CODE', required: true, 'aria-label': 'Join code', enterkeyhint: 'go',
  })
  const button = h('button', { type: 'submit', class: 'button', testid: 'join' }, 'Join')
  return h('form', { class: 'join', on: {
    submit: (e) => {
      e.preventDefault()
      act(button, () => joinByCode(c, input.value.trim()), (error) => toast(sentence(error), 'trouble'))
    },
  } }, h('label', { for: 'code' }, 'Got a code?'), h('span', { class: 'stub' }, input, button))
}

/** What an invitation opens: your name, and in. */
export function joinPage(root: HTMLElement, c: Context, code: string): Undo {
  document.title = 'Join a room · tickroom'
  const trouble = h('p', { class: 'trouble', role: 'alert' })
  const button = h('button', { class: 'button primary', testid: 'accept', on: {
    click: () => act(button, () => joinByCode(c, code, true), (error) => fill(trouble, sentence(error))),
  } }, 'Take a seat')
  root.append(
    header(c),
    h('main', { class: 'alone', testid: 'invitation' },
      h('div', { class: 'ticket invitation' },
        h('p', { class: 'eyebrow' }, 'You are invited'),
        h('p', { class: 'code', translate: 'no' }, code.toUpperCase()),
        h('p', { class: 'muted' }, 'Choose the name that others will see, at the top, and come in.'),
        trouble,
        h('div', { class: 'row' }, button, h('button', { class: 'button quiet', on: { click: () => go(lobby, true) } }, 'To the lobby')))),
  )
  button.focus()
  return () => {}
}
