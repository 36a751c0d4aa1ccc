// The keys of a replay. They are heard before the game's own, for which nobody
// has a seat; those of a list or a button that has the focus are left to it. The
// slider's are these: a tick is too short a way for a key.

import type { Undo } from '../dom.ts'
import { nextSpeed } from './time.ts'
import { speeds, type Player } from './player.ts'

const step = 5 // seconds

export function keys(player: Player): Undo {
  const acts: Readonly<Record<string, () => void>> = {
    Space: () => player.toggle(),
    ArrowLeft: () => player.skip(-step),
    ArrowRight: () => player.skip(step),
    ArrowUp: () => player.pace(nextSpeed(speeds, player.speed, 1)),
    ArrowDown: () => player.pace(nextSpeed(speeds, player.speed, -1)),
    Home: () => player.seek(player.span.begins),
    End: () => player.seek(player.span.ticks), // or to where it is by now
  }
  const press = (e: KeyboardEvent): void => {
    const act = acts[e.code]
    if (!act || e.ctrlKey || e.altKey || e.metaKey || taken(e)) return
    e.preventDefault()
    e.stopImmediatePropagation()
    if (e.code !== 'Space' || !e.repeat) act()
  }
  addEventListener('keydown', press, { capture: true })
  return () => removeEventListener('keydown', press, { capture: true })
}

/** Whether the key means something to what has the focus. Only the space bar does to a button. */
function taken(e: KeyboardEvent): boolean {
  const target = e.target instanceof Element ? e.target : undefined
  return target?.closest(e.code === 'Space' ? 'select, button, a, dialog' : 'select, dialog') != null
}
