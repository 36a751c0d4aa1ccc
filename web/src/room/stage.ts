// Where the game is drawn: its renderer is mounted at the first view, which the
// welcome precedes.

import type { Room } from '../../sdk/src/index.ts'
import { mounts, type Mount } from '../../games/game.ts'
import { fill, h, type Undo } from '../dom.ts'

/** `mounting` is told which game it is. */
export function stageOf(room: Room, mounting: (game: string) => void = () => {}): { root: HTMLElement; stop: Undo } {
  const root = h('div', { class: 'stage', id: 'game', testid: 'game' })
  let unmount: Undo | undefined
  const undo = room.onView(() => {
    if (unmount) return
    const game = room.info?.game ?? ''
    mounting(game)
    unmount = (mounts[game] ?? unknownGame)(room, root)
  })
  return { root, stop: () => {
    undo()
    unmount?.()
  } }
}

const unknownGame: Mount = (_, stage) => {
  fill(stage, h('p', { class: 'nothing' }, 'This page cannot show the game yet. Its room works all the same: chat is open.'))
  return () => stage.replaceChildren()
}
