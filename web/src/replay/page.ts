// The page of a match that is watched again, or while it is played: asks for a
// screening, connects, and puts the game's own renderer between a title and the
// controls. A screening that is gone is replaced by another, which shows what this
// one did.

import { connect, type Room } from '../../sdk/src/index.ts'
import { Problem, type ReplayGrant } from '../../sdk/src/lobby.ts'
import type { Context } from '../context.ts'
import { fill, h, type Undo } from '../dom.ts'
import { logo } from '../emblem.ts'
import { stageOf } from '../room/stage.ts'
import { address, go, lobby } from '../route.ts'
import { toast } from '../toast.ts'
import { sentence } from '../words.ts'
import { controls } from './controls.ts'
import { cover } from './cover.ts'
import { keys } from './keys.ts'
import { fromTheStart, Player, type Wish } from './player.ts'
import { result } from './result.ts'

export function replayPage(root: HTMLElement, c: Context, id: string, delay = 0): Undo {
  let leave: Undo = () => {}
  let gone = false
  const enter = (wish: Wish, tries = 0): void => {
    leave()
    leave = () => {}
    c.me.as((token) => c.rest.replay(token, id, delay)).then(
      (grant) => {
        if (gone) return
        root.replaceChildren()
        leave = watch(root, c, grant, wish, enter)
      },
      (error: unknown) => {
        if (gone) return
        if (notYet(error) && tries < patience) leave = later(() => enter(wish, tries + 1))
        else fill(root, refused(error, () => enter(wish)))
      },
    )
  }
  document.title = 'Replay · tickroom'
  fill(root, h('main', { class: 'alone' }, h('p', { class: 'muted', role: 'status' }, 'Fetching the replay…')))
  enter(fromTheStart)
  return () => {
    gone = true
    leave()
  }
}

/** A server that was just started may still be fetching the room: so often it is asked again. */
const patience = 8

const notYet = (error: unknown): boolean => error instanceof Problem && error.status === 503

function later(run: () => void): Undo {
  const timer = setTimeout(run, 1000)
  return () => clearTimeout(timer)
}

function refused(error: unknown, again: () => void): HTMLElement {
  return h('main', { class: 'alone' }, h('div', { class: 'ticket', testid: 'refused' },
    h('h1', {}, 'Nothing to watch here'),
    h('p', { role: 'alert' }, sentence(error)),
    h('div', { class: 'row' },
      h('button', { class: 'button primary', testid: 'back', on: { click: () => go(lobby, true) } }, 'Back to the lobby'),
      h('button', { class: 'button quiet', testid: 'try-again', on: { click: again } }, 'Try again'))))
}

function watch(root: HTMLElement, c: Context, grant: ReplayGrant, wish: Wish, enter: (wish: Wish) => void): Undo {
  const room: Room = connect(grant)
  const player = new Player(room, grant, wish)
  const stage = stageOf(room)
  const foot = controls(room, player)
  const end = result(room, player)
  const over = cover(room, () => enter(player.wish))
  const head = header(c, grant, player)
  const page = h('div', { class: 'room replay', 'data-game': grant.game, testid: 'replay-page' },
    head.root, h('main', { class: 'floor' }, stage.root, end.root, over.root), foot.root)
  page.addEventListener('click', (e) => {
    if (e.detail > 0) (document.activeElement as HTMLElement | null)?.blur() // by a pointer: the space bar stays the replay's
  })
  root.append(page)
  const undo = [
    stage.stop, foot.stop, end.stop, over.stop, head.stop, keys(player), () => player.stop(),
    room.onOver((o) => player.ended(o.tick)),
    room.onNotice((n) => {
      if (n.code === 'ended') void c.me.asIs((token) => c.rest.match(grant.match, token)).then((m) => player.ended(m.ticks), () => {}) // else over says it
      if (n.code === 'differs') toast(n.text) // the controls say the rest
    }),
  ]
  return () => {
    for (const stop of undo) stop()
    void room.leave() // a screening is nobody else's
    room.close()
  }
}

function header(c: Context, grant: ReplayGrant, player: Player): { root: HTMLElement; stop: Undo } {
  const title = h('h1', { testid: 'room-title' })
  const kind = h('small', { testid: 'kind' })
  const result = h('button', { class: 'button quiet', testid: 'details', on: { click: () => go({ at: 'match', id: grant.match }) } }, 'Result')
  const link = location.origin + address({ at: 'replay', id: grant.match, delay: grant.delay })
  const copy = h('button', { class: 'button', testid: 'copy-link', on: { click: () => void share(link) } }, 'Copy link')
  let name = ''
  const draw = (): void => {
    const what = player.played ? 'Being played' : 'Replay'
    fill(title, name)
    fill(kind, what)
    result.hidden = player.played
    document.title = `${name}, ${what.toLowerCase()} · tickroom`
  }
  void c.title(grant.game).then((known) => {
    name = known
    draw()
  })
  const root = h('header', { class: 'bar' },
    h('button', { class: 'icon', testid: 'to-lobby', 'aria-label': 'Back to the lobby', title: 'Back to the lobby', on: { click: () => go(lobby) } }, logo()),
    h('div', { class: 'where' }, title, kind), result, copy)
  return { root, stop: player.onChange(draw) }
}

/** Copies the link, or shows it where the browser allows no more. */
async function share(link: string): Promise<void> {
  const done = await navigator.clipboard?.writeText(link).then(() => true, () => false)
  toast(done ? 'Link copied. Whoever has it can watch.' : link)
}
