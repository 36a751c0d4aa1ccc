// The mouse and the thumbs. A finger put down on the left half steers and one
// on the right half aims and fires; each thumb's stick is where it was put down.
// Positions are CSS pixels within the canvas.

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Stick {
  readonly id: number
  readonly from: Point
  to: Point
}

export const stickRadius = 56
export const dashRadius = 34

/** Where the dash button of a touch screen is: above the right thumb, or beside it on a low screen. */
export const dashButton = (w: number, h: number): Point => (h < 480 ? { x: w - 204, y: h - 58 } : { x: w - 54, y: h - 230 })

export class Pointers {
  /** Where the mouse is; undefined before it moved, and once fingers are used. */
  mouse: Point | undefined
  /** Whether the player uses fingers. */
  touch: boolean
  left: Stick | undefined
  right: Stick | undefined
  #firing = false
  #clicked = false
  #dashing: number | undefined
  #tapped = false
  #canvas: HTMLCanvasElement
  #undo = new AbortController()

  /** Hears the pointers on a canvas. Where one goes down `tapped` may say that it was meant for something else. */
  constructor(canvas: HTMLCanvasElement, tapped: (at: Point) => boolean) {
    this.#canvas = canvas
    this.touch = matchMedia('(pointer: coarse)').matches
    const { signal } = this.#undo
    canvas.addEventListener('pointerdown', (e) => {
      if (!tapped(this.#at(e))) this.#press(e)
    }, { signal })
    canvas.addEventListener('pointermove', (e) => this.#move(e), { signal })
    canvas.addEventListener('pointerup', (e) => this.#lift(e), { signal })
    canvas.addEventListener('pointercancel', (e) => this.#lift(e), { signal })
    canvas.addEventListener('contextmenu', (e) => e.preventDefault(), { signal })
    window.addEventListener('blur', () => this.release(), { signal })
  }

  get fires(): boolean {
    return this.#firing || this.#clicked
  }

  get dashes(): boolean {
    return this.#dashing !== undefined || this.#tapped
  }

  /** The pointers were read for a tick. */
  sampled(): void {
    this.#clicked = this.#tapped = false
  }

  release(): void {
    this.#firing = this.#clicked = this.#tapped = false
    this.left = this.right = this.#dashing = undefined
  }

  stop(): void {
    this.#undo.abort()
  }

  #at(e: PointerEvent): Point {
    const box = this.#canvas.getBoundingClientRect()
    return { x: e.clientX - box.left, y: e.clientY - box.top }
  }

  #press(e: PointerEvent): void {
    const at = this.#at(e)
    this.#canvas.setPointerCapture(e.pointerId)
    this.touch = e.pointerType === 'touch'
    if (!this.touch) {
      this.mouse = at
      if (e.button === 2) this.#tapped = true
      else this.#firing = this.#clicked = true
      return
    }
    this.mouse = undefined
    const box = this.#canvas.getBoundingClientRect()
    const button = dashButton(box.width, box.height)
    if (Math.hypot(at.x - button.x, at.y - button.y) < dashRadius * 1.3) {
      this.#dashing = e.pointerId
      this.#tapped = true
    } else if (at.x < box.width / 2) this.left ??= { id: e.pointerId, from: at, to: at }
    else this.right ??= { id: e.pointerId, from: at, to: at }
  }

  #move(e: PointerEvent): void {
    const at = this.#at(e)
    if (e.pointerType !== 'touch') this.mouse = at
    for (const stick of [this.left, this.right]) if (stick?.id === e.pointerId) stick.to = at
  }

  #lift(e: PointerEvent): void {
    if (e.pointerType !== 'touch') this.#firing = false
    if (this.left?.id === e.pointerId) this.left = undefined
    if (this.right?.id === e.pointerId) this.right = undefined
    if (this.#dashing === e.pointerId) this.#dashing = undefined
  }
}

/** How far a stick is pushed, each way from -1 to 1 and no farther than 1 in all. */
export function push(stick: Stick | undefined): Point {
  if (!stick) return { x: 0, y: 0 }
  const x = stick.to.x - stick.from.x
  const y = stick.to.y - stick.from.y
  const most = Math.max(stickRadius, Math.hypot(x, y))
  return { x: x / most, y: y / most }
}
