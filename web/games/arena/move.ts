// How a ship moves: game/arena/move.go again, number for number. The server
// decides; this lets a player's own ship answer at once. Both are held to
// game/arena/testdata/move.json.

import { cosine, div, fullTurn, one, root, sine, sineOne } from './fixed.ts'
import { tile, tileBits, wall, type Chart } from './maps.ts'
import type { Body as Told, Controls } from './types.ts'

export type { Controls }

/** All of a ship that its own controls decide: what the server tells, to be played on. */
export type Body = { -readonly [K in keyof Told]: Told[K] }

const shipRadius = div(9 * one, 4)
const topSpeed = div(5 * one, 4)
export const dashWaitTicks = 60
const dashSpeed = div(17 * one, 4)
const grip = 56
const dashTicks = 5

export const plain = 0
export const rapid = 1
export const spread = 2
const gunTicks = [6, 3, 8] as const

/** How many ticks a gun lasts that was picked up, as in game/arena/pickups.go. */
export const gunLasts = (gun: number): number => (gun === rapid ? 180 : 240)

/** Moves a body by one tick and says whether it fires. */
export function step(b: Body, c: Controls, on: Chart): boolean {
  b.dashWait -= Math.min(b.dashWait, 1)
  b.gunWait -= Math.min(b.gunWait, 1)
  b.gunLeft -= Math.min(b.gunLeft, 1)
  if (b.gunLeft === 0) b.gun = plain
  if (c.dash && b.dashWait === 0) dash(b, c)
  else if (b.dash > 0) b.dash--
  else steer(b, c)
  const halfX = div(b.vx, 2)
  const halfY = div(b.vy, 2)
  slide(b, halfX, halfY, on)
  slide(b, halfX, halfY, on)
  const fires = c.fire && b.gunWait === 0
  if (fires) b.gunWait = gunTicks[b.gun] ?? gunTicks[plain]
  return fires
}

function dash(b: Body, c: Controls): void {
  b.dash = dashTicks
  b.dashWait = dashWaitTicks
  let x = c.moveX * 64
  let y = c.moveY * 64
  if (x === 0 && y === 0) {
    x = cosine(c.aim)
    y = sine(c.aim)
  }
  const length = root(x * x + y * y)
  b.vx = div(x * dashSpeed, length)
  b.vy = div(y * dashSpeed, length)
}

function steer(b: Body, c: Controls): void {
  const length = Math.max(127, root(c.moveX * c.moveX + c.moveY * c.moveY))
  b.vx = approach(b.vx, div(c.moveX * topSpeed, length))
  b.vy = approach(b.vy, div(c.moveY * topSpeed, length))
}

function approach(v: number, wanted: number): number {
  const d = wanted - v
  return -8 < d && d < 8 ? wanted : v + div(d * grip, 256)
}

/** Moves a body by less than its radius and takes it out of the eight tiles around. */
function slide(b: Body, dx: number, dy: number, on: Chart): void {
  b.x += dx
  b.y += dy
  const tx = b.x >> tileBits
  const ty = b.y >> tileBits
  const left = tx << tileBits
  const top = ty << tileBits
  const far = tile - shipRadius

  if (b.x - left < shipRadius && wall(on, tx - 1, ty)) {
    b.x = left + shipRadius
    b.vx = Math.max(b.vx, 0)
  } else if (b.x - left > far && wall(on, tx + 1, ty)) {
    b.x = left + far
    b.vx = Math.min(b.vx, 0)
  }
  if (b.y - top < shipRadius && wall(on, tx, ty - 1)) {
    b.y = top + shipRadius
    b.vy = Math.max(b.vy, 0)
  } else if (b.y - top > far && wall(on, tx, ty + 1)) {
    b.y = top + far
    b.vy = Math.min(b.vy, 0)
  }

  const right = b.x - left > tile / 2
  const below = b.y - top > tile / 2
  if (wall(on, right ? tx + 1 : tx - 1, below ? ty + 1 : ty - 1)) {
    clearCorner(b, right ? left + tile : left, below ? top + tile : top)
  }
}

function clearCorner(b: Body, cx: number, cy: number): void {
  const nx = b.x - cx
  const ny = b.y - cy
  const length = root(nx * nx + ny * ny)
  if (length >= shipRadius || length === 0) return
  b.x = cx + div(nx * shipRadius, length)
  b.y = cy + div(ny * shipRadius, length)
  const into = div(b.vx * nx + b.vy * ny, length)
  if (into < 0) {
    b.vx -= div(into * nx, length)
    b.vy -= div(into * ny, length)
  }
}

// Shots, as in game/arena/shots.go.

export const shotSpeed = div(13 * one, 4)
export const shotTicks = 28
const spreadTurn = 28

/** Where a shot is so many ticks after it was fired. A fraction of a tick is fine: shots fly straight. */
export function shotAt(s: { x: number; y: number; aim: number }, age: number): { x: number; y: number } {
  return {
    x: s.x + Math.trunc((cosine(s.aim) * shotSpeed * age) / sineOne),
    y: s.y + Math.trunc((sine(s.aim) * shotSpeed * age) / sineOne),
  }
}

/** Where the shots go that a gun fires at once. */
export function shotAims(gun: number, aim: number): number[] {
  if (gun !== spread) return [aim]
  return [-spreadTurn, 0, spreadTurn].map((turn) => (aim + turn) & (fullTurn - 1))
}
