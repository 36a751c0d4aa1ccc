// The player's hands: keyboard, mouse and thumbs made into controls.

import { angleOf } from './fixed.ts'
import { Keys, type KeyName } from './keys.ts'
import { Pointers, push, type Point } from './pointers.ts'
import type { Controls } from './move.ts'

const dead = 0.18 // of a stick's way that does nothing
const trigger = 0.35 // of the right stick's way beyond which it fires

export class Hands {
  readonly keys: Keys
  readonly pointers: Pointers
  #aim = 0

  constructor(canvas: HTMLCanvasElement, pressed: (name: KeyName) => void, tapped: (at: Point) => boolean) {
    this.keys = new Keys(window, pressed)
    this.pointers = new Pointers(canvas, tapped)
  }

  /** The controls now, for a ship that is seen at a place of the canvas. */
  controls(ship: Point): Controls {
    const { keys, pointers } = this
    const move = this.#move()
    const aimed = push(pointers.right)
    const pulled = Math.hypot(aimed.x, aimed.y)
    if (pulled > dead) this.#aim = angleOf(aimed.x, aimed.y)
    else if (pointers.mouse) this.#aim = angleOf(pointers.mouse.x - ship.x, pointers.mouse.y - ship.y)
    else if (Math.hypot(move.x, move.y) > dead) this.#aim = angleOf(move.x, move.y)
    return {
      moveX: Math.round(move.x * 127),
      moveY: Math.round(move.y * 127),
      aim: this.#aim,
      fire: keys.is('fire') || pointers.fires || pulled > trigger,
      dash: keys.is('dash') || pointers.dashes,
    }
  }

  /** The controls were read for a tick. */
  sampled(): void {
    this.keys.sampled()
    this.pointers.sampled()
  }

  /** Lets go of everything. */
  release(): void {
    this.keys.release()
    this.pointers.release()
  }

  stop(): void {
    this.keys.stop()
    this.pointers.stop()
  }

  #move(): Point {
    const stick = push(this.pointers.left)
    if (Math.hypot(stick.x, stick.y) > dead) return stick
    const { keys } = this
    const x = Number(keys.is('right')) - Number(keys.is('left'))
    const y = Number(keys.is('down')) - Number(keys.is('up'))
    const length = Math.max(1, Math.hypot(x, y))
    return { x: x / length, y: y / length }
  }
}
