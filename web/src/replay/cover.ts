// What covers a replay that has no connection. It stands still meanwhile, and
// goes on where it was.

import { CloseCode, LocalCode, type Room, type State } from '../../sdk/src/index.ts'
import { fill, h, type Undo } from '../dom.ts'
import { go, lobby } from '../route.ts'

/** `again` asks for another screening, and shows it where this one was. */
export function cover(room: Room, again: () => void): { root: HTMLElement; stop: Undo } {
  const root = h('div', { class: 'cover', role: 'alertdialog', 'aria-label': 'Connection', testid: 'cover' })
  const draw = (): void => {
    const { state } = room
    root.dataset.phase = state.phase
    root.hidden = state.phase === 'connected' || (state.phase === 'closed' && state.code === LocalCode.Closed)
    if (root.hidden) return root.replaceChildren()
    if (state.phase !== 'closed') return waiting(root, room)
    if (state.code === CloseCode.Ticket) return again() // the server was started anew
    closed(root, state, again)
  }
  draw()
  return { root, stop: room.onState(draw) }
}

function waiting(root: HTMLElement, room: Room): void {
  const lost = room.state.phase === 'reconnecting'
  fill(root, h('div', { class: 'ticket' }, h('div', { class: 'ticker', 'aria-hidden': 'true' }),
    h('h2', {}, lost ? 'Reconnecting' : 'Fetching the replay'),
    h('p', {}, lost ? 'The replay stands still, and goes on where it was.' : 'Reaching the server…'),
    h('div', { class: 'row' },
      lost && h('button', { class: 'button primary', testid: 'retry', on: { click: () => room.retry() } }, 'Try now'),
      h('button', { class: 'button quiet', on: { click: () => go(lobby) } }, 'To the lobby'))))
}

function closed(root: HTMLElement, state: State & { phase: 'closed' }, again: () => void): void {
  const [title, text, button] = wordsFor(state)
  fill(root, h('div', { class: 'ticket', 'data-code': state.code }, h('h2', {}, title), h('p', {}, text), h('div', { class: 'row' },
    button !== undefined && h('button', { class: 'button primary', testid: 'reenter', on: { click: again } }, button),
    h('button', { class: 'button quiet', testid: 'cover-lobby', on: { click: () => go(lobby) } }, 'Back to the lobby'))))
  root.querySelector('button')?.focus()
}

function wordsFor(state: State & { phase: 'closed' }): readonly [title: string, text: string, again?: string] {
  switch (state.code) {
    case CloseCode.TakenOver: return ['You watch something else', 'So many replays at once are too many; this one made way.', 'Watch here instead']
    case CloseCode.Over: return ['The replay was put away', state.reason || 'Nobody watched for a long while.', 'Go on']
    case CloseCode.Failed: return ['The replay ends here', 'This server’s rules cannot play the match any further.']
    case LocalCode.GraceOver: return ['The server is out of reach', 'It could not be reached for a while. It may still work.', 'Try again']
    case LocalCode.Garbled: return ['This page is out of date', 'The server speaks differently now. Load the page again.']
  }
  return ['The connection was closed', state.reason || `The server gave the code ${state.code}.`, 'Try again']
}
