// The arena's renderer: puts a stage into the page, and draws the match upon it
// as long as it is mounted. How it works is in arena/play.ts.

import { Play } from './arena/play.ts'
import { Stage } from './arena/stage.ts'
import type { News } from './arena/news.ts'
import type { ArenaRoom, View } from './arena/view.ts'

const tellEvery = 200 // ms between two renewals of what tests look at

export function mount(room: ArenaRoom, root: HTMLElement): () => void {
  const stage = new Stage(root)
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const ended = new AbortController()
  let play: Play | undefined
  let frame = 0
  let told = 0

  const draw = (now: number): void => {
    frame = requestAnimationFrame(draw)
    if (!play) return
    play.frame(now / 1000)
    if (now - told < tellEvery) return
    told = now
    Object.assign(root.dataset, play.state())
  }
  const begin = (view: View): Play => {
    play = new Play(room, stage, view, calm)
    stage.showSound(play.sound.muted)
    return play
  }
  stage.sound.addEventListener('click', () => {
    play?.sound.wake()
    play?.sound.toggle()
    stage.showSound(play?.sound.muted ?? false)
    stage.canvas.focus({ preventScroll: true })
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) play?.letGo()
  }, { signal: ended.signal })

  const undo = [
    room.onView((view, tick) => (play ?? begin(view)).take(view, tick)),
    room.on('*', (event) => play?.hear(event as News)),
  ]
  frame = requestAnimationFrame(draw)

  return () => {
    cancelAnimationFrame(frame)
    ended.abort()
    for (const u of undo) u()
    play?.stop()
    stage.stop()
    for (const key of Object.keys(play?.state() ?? {})) delete root.dataset[key]
  }
}
