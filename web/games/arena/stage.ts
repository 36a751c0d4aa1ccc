// What the game puts into its root: a canvas as large as it, as sharp as the
// screen, and the button for sound.

const sharpest = 2 // device pixels per CSS pixel drawn at most: more costs, and is not seen in motion

export class Stage {
  readonly canvas = document.createElement('canvas')
  readonly ctx: CanvasRenderingContext2D
  readonly sound = document.createElement('button')
  width = 1 // CSS pixels
  height = 1
  ratio = 1
  #root: HTMLElement
  #sizes: ResizeObserver
  #position: string

  constructor(root: HTMLElement) {
    const ctx = this.canvas.getContext('2d', { alpha: false })
    if (!ctx) throw new Error('This browser has no canvas to draw on.')
    this.ctx = ctx
    this.#root = root
    this.#position = root.style.position
    if (getComputedStyle(root).position === 'static') root.style.position = 'relative'
    Object.assign(this.canvas.style, {
      position: 'absolute', inset: '0', width: '100%', height: '100%', display: 'block',
      touchAction: 'none', userSelect: 'none', outline: 'none',
    })
    this.canvas.tabIndex = 0
    this.canvas.setAttribute('role', 'application')
    this.canvas.setAttribute('aria-label', 'Arena. W A S D steers, the mouse aims and fires, Shift or Space dashes, Tab shows all points, M is sound.')
    this.sound.type = 'button'
    Object.assign(this.sound.style, {
      position: 'absolute', left: '10px', width: '36px', height: '36px', padding: '8px', border: '0',
      borderRadius: '8px', background: 'rgba(8, 12, 26, 0.72)', color: '#eef2ff', cursor: 'pointer',
    })
    // A thumb rests where a mouse leaves room.
    this.sound.style[matchMedia('(pointer: coarse)').matches ? 'top' : 'bottom'] = '10px'
    root.append(this.canvas, this.sound)
    this.#sizes = new ResizeObserver(() => this.#measure())
    this.#sizes.observe(root)
    this.#measure()
    this.canvas.focus({ preventScroll: true })
  }

  /** Shows whether there is sound. */
  showSound(muted: boolean): void {
    this.sound.replaceChildren(loudspeaker(muted))
    this.sound.title = muted ? 'Sound is off (M)' : 'Sound is on (M)'
    this.sound.setAttribute('aria-label', muted ? 'Turn sound on' : 'Turn sound off')
    this.sound.setAttribute('aria-pressed', String(!muted))
  }

  /** Whether the mouse has its arrow: a player has a cross in its place. */
  showCursor(on: boolean): void {
    const cursor = on ? 'pointer' : 'none'
    if (this.canvas.style.cursor !== cursor) this.canvas.style.cursor = cursor
  }

  stop(): void {
    this.#sizes.disconnect()
    this.canvas.remove()
    this.sound.remove()
    this.#root.style.position = this.#position
  }

  #measure(): void {
    this.width = Math.max(1, this.#root.clientWidth)
    this.height = Math.max(1, this.#root.clientHeight)
    this.ratio = Math.min(sharpest, devicePixelRatio || 1)
    this.canvas.width = Math.round(this.width * this.ratio)
    this.canvas.height = Math.round(this.height * this.ratio)
  }
}

/** A loudspeaker, with waves or crossed out. */
function loudspeaker(muted: boolean): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('aria-hidden', 'true')
  for (const d of ['M2 7h4l5-4v14l-5-4H2z', muted ? 'M14 7l5 6M19 7l-5 6' : 'M14 6.5q2.5 3.5 0 7M16.5 4.5q4 5.5 0 11']) {
    const path = document.createElementNS(space, 'path')
    path.setAttribute('d', d)
    path.setAttribute('fill', d.startsWith('M2') ? 'currentColor' : 'none')
    path.setAttribute('stroke', 'currentColor')
    path.setAttribute('stroke-width', '1.6')
    path.setAttribute('stroke-linecap', 'round')
    svg.append(path)
  }
  return svg
}
