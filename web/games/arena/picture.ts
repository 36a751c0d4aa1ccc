// One frame, drawn: the ground, what lies, flies and glows upon it, and the
// surroundings in CSS pixels over it.

import type { Camera } from './camera.ts'
import type { Hud, Scene } from './hud.ts'
import type { Ships } from './ships.ts'
import type { Streak } from './shots.ts'
import type { Sparks } from './sparks.ts'
import type { Stage } from './stage.ts'
import { drawTags, type Words } from './tags.ts'
import { drawPickups, drawShots } from './things.ts'

const weak = 40 // health below which the edges of the screen glow red

export interface Layers {
  readonly camera: Camera
  readonly ships: Ships
  readonly sparks: Sparks
  readonly words: Words
  readonly hud: Hud
}

/** Draws a frame at a time in seconds. */
export function paint(stage: Stage, l: Layers, scene: Scene, shots: readonly Streak[], now: number): void {
  const { ctx, ratio, width, height } = stage
  ctx.setTransform(1, 0, 0, 1, 0, 0)
  ctx.globalAlpha = 1
  l.camera.apply(ctx, ratio, now * 1000)
  scene.ground.draw(ctx)
  drawPickups(ctx, scene.view.spots, scene.chart, now)
  drawShots(ctx, shots)
  l.ships.draw(ctx, scene.ships, now)
  l.sparks.draw(ctx)
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  if (scene.own && scene.downSeconds === 0 && scene.own.health <= weak) redden(ctx, width, height, 1 - scene.own.health / weak)
  drawTags(ctx, scene.ships, l.camera)
  l.words.draw(ctx, l.camera)
  l.hud.draw(ctx, width, height, scene, now)
}

function redden(ctx: CanvasRenderingContext2D, w: number, h: number, part: number): void {
  const red = ctx.createRadialGradient(w / 2, h / 2, Math.min(w, h) * 0.42, w / 2, h / 2, Math.hypot(w, h) / 2)
  red.addColorStop(0, '#ff2a4000')
  red.addColorStop(1, '#ff2a40')
  ctx.globalAlpha = 0.18 + 0.3 * part
  ctx.fillStyle = red
  ctx.fillRect(0, 0, w, h)
  ctx.globalAlpha = 1
}
