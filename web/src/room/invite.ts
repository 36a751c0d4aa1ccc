// The invitation: the code to say, the link to send.

import { fill, h } from '../dom.ts'
import { address } from '../route.ts'

export function invite(code: string): void {
  const link = location.origin + address({ at: 'join', code })
  const field = h('input', { type: 'text', readonly: true, value: link, testid: 'invite-link', 'aria-label': 'Link to this room', on: { focus: () => field.select() } })
  const copy = h('button', { class: 'button primary', testid: 'copy', on: { click: () => void copyFrom(field).then((done) => fill(copy, done ? 'Copied' : 'Press Ctrl+C')) } }, 'Copy link')
  const share = h('button', { class: 'button', testid: 'share', hidden: !('share' in navigator), on: {
    click: () => navigator.share({ title: 'Play with me', url: link }).catch(() => {}), // they changed their mind
  } }, 'Share')
  const close = h('button', { class: 'button quiet', on: { click: () => dialog.close() } }, 'Close')
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'inviting', testid: 'invitation' },
    h('h2', { id: 'inviting' }, 'Invite somebody'),
    h('p', { class: 'code', testid: 'room-code', translate: 'no' }, code),
    h('p', { class: 'muted' }, 'Whoever has the code or the link can take a free seat.'),
    field,
    h('div', { class: 'row' }, copy, share, close))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  copy.focus()
}

/** Copies, or selects where the browser allows no more. */
async function copyFrom(field: HTMLInputElement): Promise<boolean> {
  field.select()
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    return false
  }
}
