// The open rooms, as they come and go.

import { browser } from '../../sdk/src/index.ts'
import { watchRooms, type GameInfo, type RoomEntry } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { act, fill, h, type Undo } from '../dom.ts'
import { joinRoom } from '../enter.ts'
import { go } from '../route.ts'
import { toast } from '../toast.ts'
import { plural, sentence } from '../words.ts'

export function openRooms(c: Context): { root: HTMLElement; stop: Undo } {
  const list = h('ol', { class: 'board', testid: 'rooms' })
  const note = h('p', { class: 'nothing' }, 'Looking…')
  const live = h('span', { class: 'live', title: 'The list is kept up to date' }, 'live')
  const known = new Map<string, GameInfo>()
  let newest: readonly RoomEntry[] = []

  const draw = (): void => {
    const shown = newest.filter((r) => r.status === 'waiting' || r.status === 'running')
    fill(list, ...shown.map((r) => line(c, r, known.get(r.game))))
    fill(note, shown.length === 0 && 'No room is open. Quick play opens one.')
  }
  c.games().then((games) => {
    for (const g of games) known.set(g.name, g)
    draw()
  }, () => {}) // the cards say so
  const stop = watchRooms((rooms) => {
    live.classList.toggle('lost', rooms === undefined)
    live.textContent = rooms === undefined ? 'reconnecting' : 'live'
    if (rooms === undefined) return
    newest = rooms
    draw()
  }, { world: browser })
  const root = h('section', { class: 'panel', 'aria-labelledby': 'open' }, h('header', {}, h('h2', { id: 'open' }, 'Open rooms'), live), list, note)
  return { root, stop }
}

function line(c: Context, room: RoomEntry, game: GameInfo | undefined): HTMLElement {
  const title = game?.title ?? room.game
  const rewind = h('button', { class: 'button quiet', testid: 'rewind-room', 'aria-label': `Watch ${title} from any moment`, title: 'Watch it with a way back', on: {
    click: () => go({ at: 'replay', id: room.id }),
  } }, 'Rewind')
  const enter = (name: string, watch: boolean, label: string): HTMLButtonElement => {
    const button = h('button', { class: watch ? 'button quiet' : 'button', testid: name, 'aria-label': `${label} ${title}`, on: {
      click: () => act(button, () => joinRoom(c, room.id, watch), (error) => toast(sentence(error), 'trouble')),
    } }, label)
    return button
  }
  const names = room.players.map((p) => p.name).join(', ') || 'nobody yet'
  return h('li', { class: 'line', 'data-game': room.game, 'data-room': room.id, testid: 'room' },
    h('span', { class: 'what' }, title, h('small', {}, room.status === 'waiting' ? 'waiting' : 'playing')),
    h('span', { class: 'names' }, names, room.watchers > 0 && h('small', {}, ` + ${plural(room.watchers, 'watcher')}`)),
    h('span', { class: 'count', title: 'Seats taken' }, `${room.seats - room.free}/${room.seats}`),
    room.free > 0 ? enter('join-room', false, 'Join') : h('span', { class: 'full' }, 'full'),
    h('span', { class: 'ways' },
      !game?.watch_delay && enter('watch-room', true, 'Watch'), // else rooms show nothing of it
      game?.replays && room.status === 'running' && rewind))
}
