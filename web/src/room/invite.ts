// The invitation: the code to say, the link to send.

import { fill, h } from '../dom.ts'
import { address } from '../route.ts'
import { sentence } from '../words.ts'
import type { Place } from './page.ts'

export async function invite({ c, id }: Place): Promise<void> {
  const close = h('button', { class: 'button quiet', on: { click: () => dialog.close() } }, 'Close')
  const body = h('div', {}, h('p', { class: 'muted' }, 'Getting the code…'), close)
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'inviting', testid: 'invitation' },
    h('h2', { id: 'inviting' }, 'Invite somebody'), body)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  try {
    const { code } = await c.me.as((token) => c.rest.room(id, token))
    if (!code) fill(body, h('p', {}, 'This room has no code.'), close)
    else fill(body, ...invitation(code, close))
  } catch (error) {
    fill(body, h('p', { role: 'alert' }, sentence(error)), close)
  }
}

function invitation(code: string, close: HTMLElement): HTMLElement[] {
  const link = location.origin + address({ at: 'join', code })
  const field = h('input', { type: 'text', readonly: true, value: link, testid: 'invite-link', 'aria-label': 'Link to this room', on: { focus: () => field.select() } })
  const copy = h('button', { class: 'button primary', testid: 'copy', on: { click: () => void copyFrom(field).then((done) => fill(copy, done ? 'Copied' : 'Press Ctrl+C')) } }, 'Copy link')
  const share = 'share' in navigator && h('button', { class: 'button', testid: 'share', on: {
    click: () => navigator.share({ title: 'Play with me', url: link }).catch(() => {}), // they changed their mind
  } }, 'Share')
  return [
    h('p', { class: 'code', testid: 'room-code', translate: 'no' }, code),
    h('p', { class: 'muted' }, 'Whoever has the code or the link can take a free seat.'),
    field,
    h('div', { class: 'row' }, copy, share || null, close),
  ]
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
