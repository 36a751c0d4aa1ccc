// The camera: which part of the map is seen, and how large.

import { tileBits, type Chart } from './maps.ts'
import { one } from './fixed.ts'
import type { Point } from './pointers.ts'

const shown = 13_500 // square units on the screen, whatever its shape
const shownTouch = 9_500 // on a screen for fingers, so that ships are larger
const follow = 7 // of the way to where it should be, a second
const edge = 8 // units beyond the map that may be seen
const edgeTouch = 18 // where thumbs cover the corners
const tileUnits = (1 << tileBits) / one

export class Camera {
  /** CSS pixels a unit. */
  scale = 8
  /** The middle of the screen, in units. */
  x = 0
  y = 0
  width = 1 // CSS pixels
  height = 1
  #placed = false
  #shake = 0
  #edge = edge

  resize(width: number, height: number, touch: boolean): void {
    this.width = Math.max(1, width)
    this.height = Math.max(1, height)
    this.#edge = touch ? edgeTouch : edge
    this.scale = Math.sqrt((this.width * this.height) / (touch ? shownTouch : shown))
  }

  /** Moves towards a place, in units; at once the first time and when it is far. */
  look(at: Point, on: Chart, seconds: number): void {
    const to = {
      x: within(at.x, this.width / this.scale, on.w * tileUnits, this.#edge),
      y: within(at.y, this.height / this.scale, on.h * tileUnits, this.#edge),
    }
    const cut = !this.#placed || Math.hypot(to.x - this.x, to.y - this.y) > 120
    const share = cut ? 1 : 1 - Math.exp(-follow * seconds)
    this.x += (to.x - this.x) * share
    this.y += (to.y - this.y) * share
    this.#placed = true
    this.#shake *= Math.exp(-9 * seconds)
  }

  /** Shakes the picture, by so many units at first. */
  shake(units: number): void {
    this.#shake = Math.min(1.6, this.#shake + units)
  }

  /** Makes a context draw in units; `ratio` is device pixels per CSS pixel. */
  apply(ctx: CanvasRenderingContext2D, ratio: number, time: number): void {
    const k = this.scale * ratio
    const x = this.x + Math.sin(time * 0.09) * this.#shake
    const y = this.y + Math.cos(time * 0.11) * this.#shake
    ctx.setTransform(k, 0, 0, k, (this.width * ratio) / 2 - x * k, (this.height * ratio) / 2 - y * k)
  }

  /** Where a place of the map is on the screen, in CSS pixels. */
  toScreen(at: Point): Point {
    return { x: (at.x - this.x) * this.scale + this.width / 2, y: (at.y - this.y) * this.scale + this.height / 2 }
  }

  /** Whether a circle of the map is on the screen. */
  sees(at: Point, radius: number): boolean {
    const halfWidth = this.width / this.scale / 2 + radius
    const halfHeight = this.height / this.scale / 2 + radius
    return Math.abs(at.x - this.x) < halfWidth && Math.abs(at.y - this.y) < halfHeight
  }
}

/** Keeps a window within the map, with a little of what is beyond; a map that is smaller is in the middle. */
function within(at: number, window: number, map: number, edge: number): number {
  const least = window / 2 - edge
  const most = map - window / 2 + edge
  return least > most ? map / 2 : Math.min(most, Math.max(least, at))
}
