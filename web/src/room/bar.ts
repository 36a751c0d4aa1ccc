// The bar above the game: out, what it is, who to ask in, how the connection
// does, the panel, and leaving.

import { CloseCode, type Via } from '../../sdk/src/index.ts'
import type { Undo } from '../dom.ts'
import { act, fill, h } from '../dom.ts'
import { logo } from '../emblem.ts'
import { go, lobby } from '../route.ts'
import { forgetTicket } from '../tickets.ts'
import { invite } from './invite.ts'
import type { Place } from './place.ts'

export function bar(p: Place, togglePanel: () => void, onUnread: (run: (n: number) => void) => void): { root: HTMLElement; stop: Undo } {
  const { c, room } = p
  const title = h('h1', { testid: 'room-title' })
  const readout = h('span', { class: 'readout', testid: 'ping' })
  const unread = h('span', { class: 'unread', testid: 'unread' })
  const leave = h('button', { class: 'button quiet', testid: 'leave', on: { click: () => act(leave, () => leaveFor(p), () => {}) } }, 'Leave')
  const root = h('header', { class: 'bar' },
    h('button', { class: 'icon', testid: 'to-lobby', 'aria-label': 'To the lobby; your seat is kept for a while', title: 'To the lobby; your seat is kept for a while', on: { click: () => go(lobby) } }, logo()),
    h('div', { class: 'where' }, title, readout),
    h('button', { class: 'button', testid: 'invite', on: { click: () => invite(p.code) } }, 'Invite'),
    h('button', { class: 'button', testid: 'panel', 'aria-controls': 'panel', on: { click: togglePanel } }, 'Chat', unread),
    leave)
  onUnread((n) => fill(unread, n > 0 && String(n)))
  const undo = [
    room.onWelcome((info) => void c.title(info.game).then((name) => {
      fill(title, room.seat < 0 ? `${name} · watching` : name)
      document.title = `${name} · tickroom`
      root.dataset.game = info.game
    })),
    room.onState(() => read()),
  ]
  const read = (): void => showLink(readout, p)
  const timer = setInterval(read, 1000)
  return { root, stop: () => {
    clearInterval(timer)
    for (const stop of undo) stop()
  } }
}

/** What stands beside the round trip where no WebSocket carries the match, and what it means. */
const ways: Readonly<Record<Via, readonly [short: string, long: string]>> = {
  websocket: ['', ''],
  stream: ['stream', 'No WebSocket comes through here: a stream carries the match.'],
  poll: ['polling', 'No WebSocket and no stream come through here: updates are fetched one after the other.'],
}

function showLink(readout: HTMLElement, { room }: Place): void {
  const via = room.state.phase === 'connected' ? room.state.via : undefined
  const on = via !== undefined && room.clock.synced
  const [short, long] = via ? ways[via] : ['', '']
  const rtt = Math.round(room.rtt)
  readout.dataset.quality = !on ? 'none' : rtt < 80 && room.jitter < 20 ? 'good' : rtt < 180 && room.jitter < 50 ? 'fair' : 'poor'
  readout.dataset.via = via ?? 'none'
  readout.title = `Round trip, and how unevenly updates arrive. ${long}`.trim()
  fill(readout, on ? `${rtt} ms ±${Math.round(room.jitter)}` : '– ms', short !== '' && h('span', { class: 'via' }, short))
}

const leaveWait = 2000 // ms for the room to answer: the lobby can give the seat up as well

/** Gives the seat up, by the room if it is reachable, else by the lobby. */
async function leaveFor({ c, id, room }: Place): Promise<void> {
  const seated = room.seat >= 0
  if (room.state.phase === 'connected') {
    await Promise.race([room.leave(), new Promise((resolve) => setTimeout(resolve, leaveWait))])
  }
  const left = room.state.phase === 'closed' && room.state.code === CloseCode.Left
  forgetTicket(id)
  go(lobby)
  if (!left && seated) await c.me.as((token) => c.rest.giveUp(token, id))
}
