// Soft light: a round gradient of each colour, drawn once and then copied,
// which is many times faster than a blurred shadow.

const size = 64
const cache = new Map<string, HTMLCanvasElement>()

/** Adds light around a place. The radius is in the context's units. */
export function glow(ctx: CanvasRenderingContext2D, color: string, x: number, y: number, radius: number, alpha: number): void {
  ctx.globalCompositeOperation = 'lighter'
  ctx.globalAlpha = alpha
  ctx.drawImage(sprite(color), x - radius, y - radius, 2 * radius, 2 * radius)
  ctx.globalAlpha = 1
  ctx.globalCompositeOperation = 'source-over'
}

function sprite(color: string): HTMLCanvasElement {
  const known = cache.get(color)
  if (known) return known
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const ctx = canvas.getContext('2d')
  if (ctx) {
    const light = ctx.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2)
    light.addColorStop(0, color)
    light.addColorStop(0.35, `${color}66`)
    light.addColorStop(1, `${color}00`)
    ctx.fillStyle = light
    ctx.fillRect(0, 0, size, size)
  }
  cache.set(color, canvas)
  return canvas
}
