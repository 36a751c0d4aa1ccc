// What is seen and heard when something happens.

import type { Camera } from './camera.ts'
import { bad, ink, kindColor, kindName, seatColor } from './colors.ts'
import { one } from './fixed.ts'
import type { Hud } from './hud.ts'
import type { Chart } from './maps.ts'
import type { News } from './news.ts'
import type { Drawn, Ships } from './ships.ts'
import type { Sound, SoundName } from './sound.ts'
import type { Sparks } from './sparks.ts'
import type { Words } from './tags.ts'

const streaks: Readonly<Record<number, string>> = { 3: 'On a streak', 5: 'Unstoppable', 8: 'Legend' }

/** All that shows things, and what is to be known for it. */
export interface Theatre {
  readonly camera: Camera
  readonly sparks: Sparks
  readonly words: Words
  readonly ships: Ships
  readonly hud: Hud
  readonly sound: Sound
  readonly chart: Chart
  readonly seat: number
  readonly calm: boolean
  readonly name: (seat: number) => string
  /** Where a ship was last shown. */
  readonly where: (seat: number) => Drawn | undefined
}

export function show(n: News, t: Theatre, now: number): void {
  switch (n.name) {
    case 'start': return started(t, now)
    case 'spawn': return spawned(n.data.seat, t)
    case 'hit': return hit(n.data, t, now)
    case 'kill': return killed(n.data, t, now)
    case 'pickup': return picked(n.data, t)
  }
}

/** A ship fires: light at its nose, and the sound. */
export function fired(at: Drawn, t: Theatre): void {
  const nose = { x: at.x + Math.cos(at.aim) * 2.8, y: at.y + Math.sin(at.aim) * 2.8 }
  t.sparks.jet(nose.x, nose.y, at.aim, seatColor(at.seat), 3, 26, 0.35)
  heard(at.own ? 'ownShot' : 'shot', nose, t)
}

/** A ship dashes. */
export function dashed(at: Drawn, angle: number, t: Theatre): void {
  t.sparks.jet(at.x, at.y, angle + Math.PI, seatColor(at.seat), 16, 34, 0.7)
  t.sparks.ring(at.x, at.y, seatColor(at.seat), 5, 0.3)
  heard('dash', at, t)
}

function started(t: Theatre, now: number): void {
  t.hud.say('Fight!', ink, now)
  t.sound.play('start')
}

function spawned(seat: number, t: Theatre): void {
  const at = t.where(seat)
  if (!at) return
  t.sparks.ring(at.x, at.y, seatColor(seat), 8, 0.6)
  t.sparks.burst(at.x, at.y, seatColor(seat), 14, 18)
}

function hit(e: { seat: number; by: number }, t: Theatre, now: number): void {
  t.ships.flash(e.seat, now)
  const at = t.where(e.seat)
  if (at) t.sparks.burst(at.x, at.y, '#ffffff', 7, 30)
  if (e.by === t.seat) {
    t.hud.mark(now)
    t.sound.play('mark')
  }
  if (e.seat === t.seat) {
    t.sound.play('hurt')
    if (!t.calm) t.camera.shake(0.5)
  }
}

function killed(e: { seat: number; by: number; points: number; streak: number }, t: Theatre, now: number): void {
  const at = t.where(e.seat)
  if (at) blast(at, t)
  t.hud.killed({ by: e.by, byName: t.name(e.by), seat: e.seat, name: t.name(e.seat), points: e.points, at: now })
  if (e.seat === t.seat && !t.calm) t.camera.shake(1.5)
  if (e.by !== t.seat) return
  t.sound.play('score')
  if (at) t.words.add(`+${e.points}`, at.x, at.y, e.points > 1 ? '#ffd24d' : ink)
  const words = streaks[e.streak] ?? (e.points > 1 ? 'Streak ended!' : '')
  if (words) t.hud.say(words, '#ffd24d', now)
}

function blast(at: Drawn, t: Theatre): void {
  const color = seatColor(at.seat)
  t.sparks.burst(at.x, at.y, color, 46, 44, 0.75)
  t.sparks.burst(at.x, at.y, '#ffffff', 16, 26, 0.5)
  t.sparks.ring(at.x, at.y, color, 13, 0.55)
  t.sparks.ring(at.x, at.y, bad, 8, 0.4)
  heard('blast', at, t)
}

function picked(e: { seat: number; kind: number; spot: number }, t: Theatre): void {
  const spot = t.chart.spots[e.spot]
  if (!spot) return
  const at = { x: spot.x / one, y: spot.y / one }
  const color = kindColor[e.kind] ?? ink
  t.sparks.ring(at.x, at.y, color, 6, 0.4)
  t.sparks.burst(at.x, at.y, color, 14, 20)
  if (e.seat === t.seat) {
    t.words.add(kindName[e.kind] ?? '', at.x, at.y - 3, color)
    t.sound.play('pickup')
  }
}

function heard(name: SoundName, at: { x: number; y: number }, t: Theatre): void {
  t.sound.play(name, Math.hypot(at.x - t.camera.x, at.y - t.camera.y))
}
