// The floor and the walls. Their outline is worked out once a map.

import { paletteOf } from './colors.ts'
import { one } from './fixed.ts'
import { tile, wall, type Chart } from './maps.ts'

const t = tile / one // units
const beyond = 40 // units of wall drawn outside the map

export class Ground {
  readonly #chart: Chart
  readonly #map: number
  readonly #walls = new Path2D()
  readonly #edges = new Path2D()
  readonly #grid = new Path2D()

  constructor(chart: Chart, map: number) {
    this.#chart = chart
    this.#map = map
    for (let y = 0; y < chart.h; y++) for (let x = 0; x < chart.w; x++) if (wall(chart, x, y)) this.#tile(x, y)
    for (let x = 1; x < chart.w; x++) line(this.#grid, x * t, 0, x * t, chart.h * t)
    for (let y = 1; y < chart.h; y++) line(this.#grid, 0, y * t, chart.w * t, y * t)
  }

  draw(ctx: CanvasRenderingContext2D): void {
    const colors = paletteOf(this.#map)
    const { w, h } = this.#chart
    ctx.fillStyle = colors.wall
    ctx.fillRect(-beyond, -beyond, w * t + 2 * beyond, h * t + 2 * beyond)
    ctx.fillStyle = colors.floor
    ctx.fillRect(0, 0, w * t, h * t)
    stroke(ctx, this.#grid, colors.grid, 0.12)
    ctx.fillStyle = colors.wall
    ctx.fill(this.#walls)
    ctx.lineCap = 'round'
    ctx.globalAlpha = 0.12
    stroke(ctx, this.#edges, colors.edge, 2.2)
    ctx.globalAlpha = 0.25
    stroke(ctx, this.#edges, colors.edge, 1)
    ctx.globalAlpha = 1
    stroke(ctx, this.#edges, colors.edge, 0.3)
  }

  /** The walls alone, for the small map. */
  drawSmall(ctx: CanvasRenderingContext2D): void {
    ctx.fillStyle = paletteOf(this.#map).edge
    ctx.globalAlpha = 0.4
    ctx.fill(this.#walls)
    ctx.globalAlpha = 1
  }

  #tile(x: number, y: number): void {
    this.#walls.rect(x * t - 0.02, y * t - 0.02, t + 0.04, t + 0.04)
    const open = (dx: number, dy: number): boolean => !wall(this.#chart, x + dx, y + dy)
    if (open(0, -1)) line(this.#edges, x * t, y * t, (x + 1) * t, y * t)
    if (open(0, 1)) line(this.#edges, x * t, (y + 1) * t, (x + 1) * t, (y + 1) * t)
    if (open(-1, 0)) line(this.#edges, x * t, y * t, x * t, (y + 1) * t)
    if (open(1, 0)) line(this.#edges, (x + 1) * t, y * t, (x + 1) * t, (y + 1) * t)
  }
}

function line(path: Path2D, x0: number, y0: number, x1: number, y1: number): void {
  path.moveTo(x0, y0)
  path.lineTo(x1, y1)
}

function stroke(ctx: CanvasRenderingContext2D, path: Path2D, color: string, width: number): void {
  ctx.strokeStyle = color
  ctx.lineWidth = width
  ctx.stroke(path)
}
