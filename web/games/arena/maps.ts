// The maps, as in game/arena/maps.go: the server names one by its index, and
// both sides know its walls.

export const tileBits = 11
export const tile = 1 << tileBits

/** The middle of a tile. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A map, cut into square tiles. */
export interface Chart {
  readonly name: string
  readonly rows: readonly string[]
  readonly w: number
  readonly h: number
  readonly spots: readonly Place[]
}

/** Says whether a tile is solid; beyond the edge all is. */
export const wall = (c: Chart, x: number, y: number): boolean => (c.rows[y]?.[x] ?? '#') === '#'

/** Says whether a straight line meets no wall, walking the tiles along it. */
export function clear(c: Chart, x0: number, y0: number, x1: number, y1: number): boolean {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  const stepX = x1 < x0 ? -1 : 1
  const stepY = y1 < y0 ? -1 : 1
  const endX = x1 >> tileBits
  const endY = y1 >> tileBits
  let tx = x0 >> tileBits
  let ty = y0 >> tileBits
  let nextX = stepX > 0 ? tile - (x0 & (tile - 1)) : x0 & (tile - 1)
  let nextY = stepY > 0 ? tile - (y0 & (tile - 1)) : y0 & (tile - 1)
  while (!wall(c, tx, ty)) {
    if (tx === endX && ty === endY) return true
    if (ty === endY || (tx !== endX && nextX * dy <= nextY * dx)) {
      tx += stepX
      nextX += tile
    } else {
      ty += stepY
      nextY += tile
    }
  }
  return false
}

function chart(name: string, ...rows: string[]): Chart {
  const spots: Place[] = []
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] === 'o') spots.push({ x: x * tile + tile / 2, y: y * tile + tile / 2 })
    }
  })
  return { name, rows, w: rows[0]?.length ?? 0, h: rows.length, spots }
}

/** In the order of View.map. */
export const charts: readonly Chart[] = [
  chart(
    'Atrium',
    '################################',
    '#..........#........#..........#',
    '#.s....o...#..s..s..#...o....s.#',
    '#...##.....#........#.....##...#',
    '#...#......................#...#',
    '#......##....##..##....##......#',
    '###....#......#..#......#....###',
    '#..............##..............#',
    '#.s...o..#............#..o...s.#',
    '#........#............#........#',
    '#........#............#........#',
    '#.s...o..#............#..o...s.#',
    '#..............##..............#',
    '###....#......#..#......#....###',
    '#......##....##..##....##......#',
    '#...#......................#...#',
    '#...##.....#........#.....##...#',
    '#.s....o...#..s..s..#...o....s.#',
    '#..........#........#..........#',
    '################################',
  ),
  chart(
    'Canyon',
    '################################',
    '#......#................#......#',
    '#.s....#....o......o....#....s.#',
    '#......#..####....####..#......#',
    '#####..#..#..........#..#..#####',
    '#.........#..s....s..#.........#',
    '#..o....###....##....###....o..#',
    '#.........#....##....#.........#',
    '##..###........##........###..##',
    '#.s...#..................#...s.#',
    '#.s...#..................#...s.#',
    '##..###........##........###..##',
    '#.........#....##....#.........#',
    '#..o....###....##....###....o..#',
    '#.........#..s....s..#.........#',
    '#####..#..#..........#..#..#####',
    '#......#..####....####..#......#',
    '#.s....#....o......o....#....s.#',
    '#......#................#......#',
    '################################',
  ),
  chart(
    'Orbit',
    '########################',
    '#......................#',
    '#.s...o..........o...s.#',
    '#...###...s..s...###...#',
    '#...#..............#...#',
    '#......##..##..##......#',
    '#.s....#........#....s.#',
    '#..o................o..#',
    '#........##..##........#',
    '#........##..##........#',
    '#..o................o..#',
    '#.s....#........#....s.#',
    '#......##..##..##......#',
    '#...#..............#...#',
    '#...###...s..s...###...#',
    '#.s...o..........o...s.#',
    '#......................#',
    '########################',
  ),
]
