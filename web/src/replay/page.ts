// The page of a match that is watched again: asks for a screening, connects, and
// puts the game's own renderer between a title and the controls. A screening that
// is gone is replaced by another, which shows what this one did.

import { connect, type Room } from '../../sdk/src/index.ts'
import type { ReplayGrant } from '../../sdk/src/lobby.ts'
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

export function replayPage(root: HTMLElement, c: Context, id: string): Undo {
  let leave: Undo = () => {}
  let gone = false
  const enter = (wish: Wish): void => {
    leave()
    leave = () => {}
    c.me.as((token) => c.rest.replay(token, id)).then(
      (grant) => {
        if (gone) return
        root.replaceChildren()
        leave = watch(root, c, grant, wish, enter)
      },
      (error: unknown) => {
        if (!gone) fill(root, refused(error, () => enter(wish)))
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
  const page = h('div', { class: 'room replay', 'data-game': grant.game, testid: 'replay-page' },
    head(c, grant), h('main', { class: 'floor' }, stage.root, end.root, over.root), foot.root)
  page.addEventListener('click', (e) => {
    if (e.detail > 0) (document.activeElement as HTMLElement | null)?.blur() // by a pointer: the space bar stays the replay's
  })
  root.append(page)
  const undo = [stage.stop, foot.stop, end.stop, over.stop, keys(player), room.onNotice((n) => toast(n.text))]
  return () => {
    for (const stop of undo) stop()
    void room.leave() // a screening is nobody else's
    room.close()
  }
}

function head(c: Context, grant: ReplayGrant): HTMLElement {
  const title = h('h1', { testid: 'room-title' })
  const copy = h('button', { class: 'button', testid: 'copy-link', on: { click: () => void share(location.origin + address({ at: 'replay', id: grant.match })) } }, 'Copy link')
  void c.title(grant.game).then((name) => {
    fill(title, name)
    document.title = `${name}, replay · tickroom`
  })
  return h('header', { class: 'bar' },
    h('button', { class: 'icon', testid: 'to-lobby', 'aria-label': 'Back to the lobby', title: 'Back to the lobby', on: { click: () => go(lobby) } }, logo()),
    h('div', { class: 'where' }, title, h('small', {}, 'Replay')),
    h('button', { class: 'button quiet', testid: 'details', on: { click: () => go({ at: 'match', id: grant.match }) } }, 'Result'),
    copy)
}

/** Copies the link, or shows it where the browser allows no more. */
async function share(link: string): Promise<void> {
  const done = await navigator.clipboard?.writeText(link).then(() => true, () => false)
  toast(done ? 'Link copied. Whoever has it can watch.' : link)
}
