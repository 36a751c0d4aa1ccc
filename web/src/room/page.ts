// The page of one room: gets the ticket, connects, and puts the game, the bar,
// the panel and what may cover them together. They know the room, not each other.

import { connect } from '../../sdk/src/index.ts'
import { Problem, type Grant } from '../../sdk/src/lobby.ts'
import { chats } from '../../games/game.ts'
import type { Context } from '../context.ts'
import { fill, h, type Undo } from '../dom.ts'
import { go, lobby } from '../route.ts'
import { forgetTicket, keepTicket, ticketOf } from '../tickets.ts'
import { toast } from '../toast.ts'
import { missed, sentence } from '../words.ts'
import { bar } from './bar.ts'
import { cover } from './cover.ts'
import { panel } from './panel.ts'
import type { Place } from './place.ts'
import { result } from './result.ts'
import { stageOf } from './stage.ts'

export function roomPage(root: HTMLElement, c: Context, id: string, watch: boolean): Undo {
  let leave: Undo = () => {}
  let gone = false
  const enter = (): void => {
    leave()
    leave = () => {}
    root.replaceChildren()
    seatFor(c, id, watch).then(
      (grant) => {
        if (!gone) leave = inRoom(root, c, id, grant, enter)
      },
      (error: unknown) => {
        if (!gone) fill(root, refused(error, enter))
      },
    )
  }
  document.title = 'tickroom'
  enter()
  return () => {
    gone = true
    leave()
  }
}

async function seatFor(c: Context, id: string, watch: boolean): Promise<Grant> {
  const kept = ticketOf(id)
  if (kept) return kept
  const grant = await c.me.as((token) => c.rest.seat(token, id, watch))
  keepTicket(grant)
  return grant
}

const forGood: readonly number[] = [403, 404, 410] // asking again would get the same answer

function refused(error: unknown, again: () => void): HTMLElement {
  const hopeless = error instanceof Problem && forGood.includes(error.status)
  return h('main', { class: 'alone' }, h('div', { class: 'ticket', testid: 'refused' },
    h('h1', {}, 'No seat here'),
    h('p', { role: 'alert' }, sentence(error)),
    h('div', { class: 'row' },
      h('button', { class: 'button primary', testid: 'back', on: { click: () => go(lobby, true) } }, 'Back to the lobby'),
      !hopeless && h('button', { class: 'button quiet', testid: 'try-again', on: { click: again } }, 'Try again'))))
}

function inRoom(root: HTMLElement, c: Context, id: string, grant: Grant, reenter: () => void): Undo {
  const room = connect(grant)
  const place: Place = { c, id, code: grant.code, room, reenter }
  const side = panel(place)
  const stage = stageOf(room, (game) => chats.has(game) && side.fold())
  const top = bar(place, side.toggle, side.unread)
  const end = result(place)
  const over = cover(place)
  root.append(h('div', { class: 'room', testid: 'room-page' }, top.root, h('main', { class: 'floor' }, stage.root, side.root, end.root, over.root)))
  const undo = [
    top.stop, side.stop, end.stop, over.stop, stage.stop,
    room.onNotice((n) => n.code !== 'paused' && toast(n.text)), // the cover says that
    room.onState((state) => {
      const words = missed(state)
      if (words) toast(words)
    }),
  ]
  return () => {
    for (const stop of undo) stop()
    if (room.over) forgetTicket(id) // nothing to come back for; a reload still could
    room.close()
  }
}
