// The panel beside the game: who is here, and the chat.
//
// Keys typed here stay here, so that writing "wasd" moves no ship. Enter
// anywhere else opens the chat; Escape goes back to the game.

import type { ChatLine, Member } from '../../sdk/src/index.ts'
import { fill, h, type Undo } from '../dom.ts'
import { toast } from '../toast.ts'
import { sentence } from '../words.ts'
import type { Place } from './place.ts'

const longest = 280 // characters of a line; the server has the last word
const wide = '(min-width: 1000px)'
const keptLines = 300

export interface Panel {
  readonly root: HTMLElement
  readonly stop: Undo
  readonly toggle: () => void
  readonly fold: () => void
  /** Tells how many lines came while the panel was closed. */
  readonly unread: (run: (n: number) => void) => void
}

export function panel({ room }: Place): Panel {
  const members = h('ul', { class: 'members', testid: 'members' })
  const lines = h('ol', { class: 'lines', role: 'log', 'aria-label': 'Chat', testid: 'chat', tabindex: 0 })
  const input = h('input', { type: 'text', maxlength: longest, placeholder: 'Say something', 'aria-label': 'Say something', autocomplete: 'off', enterkeyhint: 'send', testid: 'say' })
  const send = h('button', { type: 'submit', class: 'button', testid: 'send' }, 'Send')
  const form = h('form', { class: 'say', on: { submit: (e) => {
    e.preventDefault()
    say()
  } } }, input, send)
  const close = h('button', { class: 'icon close', 'aria-label': 'Close the panel', on: { click: () => show(false) } }, '×')
  const root = h('aside', { class: 'side', id: 'panel', 'aria-label': 'Members and chat' }, close, members, lines, form)

  let missed = 0
  const met = new Set<string>() // names of who was here at any time
  let past = true // what was said before we came, which a view ends
  let tellUnread: (n: number) => void = () => {}
  const open = (): boolean => !root.hidden
  const show = (on: boolean): void => {
    root.hidden = !on
    missed = 0
    tellUnread(0)
    if (on) lines.scrollTop = lines.scrollHeight
    else if (root.contains(document.activeElement)) (document.activeElement as HTMLElement).blur()
  }
  const talks = (on: boolean): void => {
    input.disabled = send.disabled = !on
    input.placeholder = on ? 'Say something' : 'Only players talk here'
  }
  const say = (): void => {
    const text = input.value.trim()
    if (text === '') return input.blur()
    input.value = ''
    room.say(text).catch((error: unknown) => {
      if (input.value === '') input.value = text
      toast(sentence(error), 'trouble')
    })
  }
  const add = (line: HTMLElement): void => {
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40
    lines.append(line)
    while (lines.childElementCount > keptLines) lines.firstElementChild?.remove()
    if (atEnd) lines.scrollTop = lines.scrollHeight
  }
  const keys = (e: KeyboardEvent): void => {
    if (e.key !== 'Enter' || e.defaultPrevented || busy(document.activeElement)) return
    e.preventDefault()
    if (!open()) show(true)
    input.focus()
  }
  root.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') (document.activeElement as HTMLElement).blur()
    e.stopPropagation()
  })
  root.addEventListener('keyup', (e) => e.stopPropagation())
  addEventListener('keydown', keys)
  show(matchMedia(wide).matches)

  const undo = [
    room.onWelcome(() => {
      fill(members, ...room.members.map((m) => memberLine(m, room.seat)))
      lines.replaceChildren()
      talks(room.seat >= 0)
      for (const m of room.members) if (m.state === 'taken') met.add(m.name)
      past = true
    }),
    room.onView(() => (past = false)),
    room.onMember((m, before) => {
      fill(members, ...room.members.map((m) => memberLine(m, room.seat)))
      const news = change(m, before, met)
      if (news && m.seat !== room.seat) add(h('li', { class: 'news' }, news))
    }),
    room.onChat((line) => {
      add(chatLine(line, room.seat))
      if (!open() && !past) tellUnread(++missed)
    }),
    () => removeEventListener('keydown', keys),
  ]
  return { root, toggle: () => show(!open()), fold: () => show(false), unread: (run) => (tellUnread = run), stop: () => undo.forEach((u) => u()) }
}

/** Whether keys belong to what has the focus. */
function busy(focused: Element | null): boolean {
  return focused instanceof HTMLElement && focused.matches('input, textarea, select, button, a, dialog, [contenteditable]')
}

const seen = { open: '', taken: 'here', held: 'away, expected back', given_up: 'left' } as const

function memberLine(m: Member, mine: number): HTMLElement {
  return h('li', { class: m.seat === mine ? 'mine' : undefined, 'data-state': m.state, 'data-seat': m.seat, title: seen[m.state], testid: 'member' },
    h('span', { class: 'name' }, m.name),
    h('small', {}, m.seat === mine ? 'you' : m.state === 'taken' ? '' : m.state === 'held' ? 'away' : 'left'))
}

/** What a seat's change is to those who read it. A seat held for who has not come yet is none. */
function change(m: Member, before: Member | undefined, met: Set<string>): string {
  if (m.state === before?.state && m.name === before.name) return ''
  switch (m.state) {
    case 'taken': {
      const news = met.has(m.name) ? `${m.name} is back.` : `${m.name} came.`
      met.add(m.name)
      return news
    }
    case 'held': return before?.state === 'taken' ? `${m.name} dropped; the seat is kept.` : ''
    case 'given_up': return `${m.name} left.`
    case 'open': return before && before.state !== 'given_up' && met.has(before.name) ? `${before.name} left.` : ''
  }
}

function chatLine(line: ChatLine, mine: number): HTMLElement {
  return h('li', { class: line.seat === mine && mine >= 0 ? 'mine' : undefined }, h('b', {}, line.name || 'Somebody'), ' ', line.text)
}
