// The bar below the picture: play, the way through the match, speed, whom to
// follow. It is drawn anew with each frame of the page, from what the player says.

import type { Room } from '../../sdk/src/index.ts'
import { drawing, fill, h, type Undo } from '../dom.ts'
import { speeds, type Player } from './player.ts'
import { timeOf } from './time.ts'

const everybody = -1

export function controls(room: Room, player: Player): { root: HTMLElement; stop: Undo } {
  const play = h('button', { class: 'icon play', testid: 'play', on: { click: () => player.toggle() } })
  const slider = h('input', {
    type: 'range', class: 'way', testid: 'seek', step: 1, 'aria-label': 'Where in the match',
    on: { input: () => player.seek(Number(slider.value)) },
  })
  const now = h('span', { class: 'time', testid: 'replay-time' })
  const paces = speeds.map((speed) =>
    h('button', { class: 'pace', testid: `speed-${speed}`, on: { click: () => player.pace(speed) } }, `${speed}×`))
  const total = h('span', { class: 'time total' })
  const live = h('button', { class: 'onair', testid: 'live', on: { click: () => player.goLive() } }, h('span', {}, 'Live'), player.delay > 0 && h('small', {}, `${player.delay} s late`))
  let pointed = false
  const who = h('select', { testid: 'follow', 'aria-label': 'Whom to follow', on: {
    pointerdown: () => (pointed = true),
    keydown: () => (pointed = false),
    change: () => {
      player.follow(Number(who.value))
      if (pointed) who.blur() // the space bar stays the replay's
    },
  } })
  const root = h('footer', { class: 'controls', testid: 'controls' },
    play, now, slider, h('div', { class: 'far' }, total, live),
    h('div', { class: 'paces', role: 'group', 'aria-label': 'Speed' }, ...paces),
    h('label', { class: 'follow' }, h('span', {}, 'Follow'), who))

  const names = (): void => {
    fill(who, h('option', { value: everybody }, 'Everybody'), ...room.members.map((m) => h('option', { value: m.seat }, m.name)))
    who.disabled = !player.follows
    who.title = player.follows ? '' : 'Players’ eyes are to be had when the match is over'
    who.value = String(player.follows ? player.seat : everybody)
    if (who.value === '') who.value = String(everybody) // who is followed is not there yet, or not any more
  }
  const choices = (): void => {
    paces.forEach((button, i) => {
      button.setAttribute('aria-pressed', String(speeds[i] === player.speed))
      button.disabled = player.isLive && speeds[i]! > 1
    })
    total.hidden = player.played
    live.hidden = !player.played
    live.dataset.live = String(player.isLive)
    live.title = player.isLive ? 'You see it as it is played' : 'To where the match is now (End)'
    names()
  }
  let shown = ''
  let frame = 0
  const draw = (): void => {
    frame = requestAnimationFrame(draw)
    const { span } = player
    const tick = player.isLive ? span.ticks : player.tick
    const does = player.atEnd ? 'again' : player.runs ? 'pause' : 'play'
    slider.min = String(span.begins)
    slider.max = String(Math.max(span.ticks, span.begins + 1))
    slider.value = String(tick)
    slider.style.setProperty('--part', String((tick - span.begins) / Math.max(1, span.ticks - span.begins)))
    root.dataset.tick = String(player.tick)
    const time = timeOf(player.tick, span)
    const length = timeOf(span.ticks, span)
    if (total.textContent !== length) fill(total, length)
    if (now.textContent !== time) fill(now, time)
    if (slider.ariaValueText !== time) slider.ariaValueText = time
    if (does === shown) return
    shown = does
    fill(play, icons[does]() as HTMLElement)
    play.dataset.does = does
    play.ariaLabel = play.title = words[does]
  }
  choices()
  draw()
  const undo = [player.onChange(choices), room.onMember(names), room.onWelcome(names)]
  return { root, stop: () => {
    cancelAnimationFrame(frame)
    for (const u of undo) u()
  } }
}

const words = { play: 'Play (Space)', pause: 'Pause (Space)', again: 'From the beginning (Space)' } as const

const icon = (path: string) => (): Element =>
  drawing(`<svg viewBox="0 0 24 24" width="26" height="26" fill="currentColor" aria-hidden="true"><path d="${path}"/></svg>`)

const icons = {
  play: icon('M7 4.5v15l13-7.5z'),
  pause: icon('M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z'),
  again: icon('M12 4a8 8 0 1 1-7.7 5.8l2.9.8A5 5 0 1 0 12 7v4L5.500 5.500 12 .5z'),
} as const
