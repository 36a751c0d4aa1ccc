// What covers the game while there is no connection, or the match stands still:
// what is happening, how long the seat is kept, and what one can do. Never more
// certain than it is.

import { CloseCode, LocalCode, type State } from '../../sdk/src/index.ts'
import { fill, h, type Child, type Undo } from '../dom.ts'
import { go, lobby } from '../route.ts'
import { forgetTicket } from '../tickets.ts'
import type { Place } from './place.ts'

export function cover(p: Place): { root: HTMLElement; stop: Undo } {
  const { room } = p
  const root = h('div', { class: 'cover', role: 'alertdialog', 'aria-label': 'Connection', testid: 'cover' })
  let timer: ReturnType<typeof setInterval> | undefined
  const draw = (): void => {
    const state = room.state
    clearInterval(timer)
    const paused = state.phase === 'connected' && room.notice?.code === 'paused'
    root.dataset.phase = paused ? 'paused' : state.phase
    root.hidden = (state.phase === 'connected' && !paused) || (state.phase === 'closed' && quiet(p, state))
    if (root.hidden) return root.replaceChildren()
    if (paused) return standing(root)
    if (state.phase === 'closed') return closed(root, p, state)
    const count = reconnecting(root, p)
    timer = setInterval(count, 250)
  }
  draw()
  const undo = [room.onState(draw), room.onNotice(draw)]
  return { root, stop: () => {
    clearInterval(timer)
    for (const stop of undo) stop()
  } }
}

/** Closed without a word needed: by this page, or the result says it. */
function quiet({ room }: Place, state: State & { phase: 'closed' }): boolean {
  return state.code === LocalCode.Closed || (room.over !== undefined && state.code !== CloseCode.TakenOver)
}

/** We are here, and so is the server; what it must keep it cannot write. */
function standing(root: HTMLElement): void {
  fill(root, h('div', { class: 'ticket', testid: 'paused' }, h('div', { class: 'ticker', 'aria-hidden': 'true' }), h('h2', {}, 'The match stands still'),
    h('p', {}, 'The server waits for its database. Nobody moves, and no clock of the match runs.'),
    h('p', { class: 'muted' }, 'It goes on by itself. What you said or did just now is done then.'),
    h('div', { class: 'row' }, h('button', { class: 'button quiet', on: { click: () => go(lobby) } }, 'To the lobby'))))
}

/** Lays the words out once, and returns what keeps their numbers right. */
function reconnecting(root: HTMLElement, { room }: Place): () => void {
  const title = h('h2', {}, room.info ? 'Reconnecting' : 'Connecting')
  const what = h('p', { testid: 'reconnect-what' })
  const kept = h('p', { class: 'muted', testid: 'reconnect-kept' })
  const now = h('button', { class: 'button primary', testid: 'retry', on: { click: () => room.retry() } }, 'Try now')
  const out = h('button', { class: 'button quiet', on: { click: () => go(lobby) } }, 'To the lobby')
  fill(root, h('div', { class: 'ticket' }, h('div', { class: 'ticker', 'aria-hidden': 'true' }), title, what, kept, h('div', { class: 'row' }, now, out)))
  const count = (): void => {
    const state = room.state
    const lost = state.phase === 'reconnecting'
    now.hidden = kept.hidden = !lost
    if (!lost) return fill(what, 'Reaching the server…')
    const wait = Math.ceil((state.next - room.now()) / 1000)
    const left = Math.ceil((state.until - room.now()) / 1000)
    fill(what, `${state.reason || 'The connection was lost.'} ${wait > 0 ? `Try ${state.attempt} in ${wait} s.` : `Try ${state.attempt} is being made.`}`)
    fill(kept, left > 0 ? `Your seat is kept for ${left} s more.` : 'The time your seat was kept for may be over. One last try.')
  }
  count()
  return count
}

interface Words {
  readonly title: string
  readonly text: string
  /** What the button that goes back in says; none if that cannot work. */
  readonly again?: string
  /** The ticket is worth nothing any more. */
  readonly spent?: boolean
}

function closed(root: HTMLElement, p: Place, state: State & { phase: 'closed' }): void {
  const words = wordsFor(state)
  if (words.spent) forgetTicket(p.id)
  const buttons: Child[] = [
    words.again !== undefined && h('button', { class: 'button primary', testid: 'reenter', on: { click: p.reenter } }, words.again),
    h('button', { class: words.again === undefined ? 'button primary' : 'button quiet', testid: 'cover-lobby', on: { click: () => go(lobby) } }, 'Back to the lobby'),
  ]
  fill(root, h('div', { class: 'ticket', 'data-code': state.code }, h('h2', {}, words.title), h('p', {}, words.text), h('div', { class: 'row' }, ...buttons)))
  root.querySelector('button')?.focus()
}

function wordsFor(state: State & { phase: 'closed' }): Words {
  switch (state.code) {
    case CloseCode.TakenOver:
      return { title: 'You opened this in another tab', text: 'The match goes on there. One seat is played from one place.', again: 'Play here instead' }
    case CloseCode.Ticket:
      return { title: 'Your seat is gone', text: 'It was given up, or the server does not know this room any more.', again: 'Ask for a seat', spent: true }
    case CloseCode.Left:
      return { title: 'You left this room', text: 'Your seat was given up.', spent: true }
    case CloseCode.Over:
      return { title: 'This room is closed', text: 'The match is over.', spent: true }
    case CloseCode.Failed:
      return { title: 'The match was stopped', text: state.reason || 'The game had a fault.', spent: true }
    case LocalCode.GraceOver:
      return { title: 'The server is out of reach', text: 'For as long as your seat was kept it could not be reached. It may still work.', again: 'Try again' }
    case LocalCode.Garbled:
      return { title: 'This page is out of date', text: 'The server speaks differently now. Load the page again.' }
  }
  return { title: 'The connection was closed', text: state.reason || `The server gave the code ${state.code}.`, again: 'Try again' }
}
