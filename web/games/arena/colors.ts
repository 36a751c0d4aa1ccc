// The colours: one a seat, light enough to read on the dark floor.

const seats = [
  '#58e6ff', '#ff6b93', '#ffd24d', '#86f76f', '#b79bff', '#ff9950', '#6aaeff', '#ff7df0',
  '#d3f75a', '#ff6f61', '#4fe8bf', '#dcdcff', '#ffb9a8', '#9cf4ff', '#e3adff', '#b6f7c1',
] as const

export const seatColor = (seat: number): string => seats[seat % seats.length] ?? seats[0]

/** Of what lies about, by kind. */
export const kindColor = ['#ffffff', '#5dfc8f', '#5cc8ff', '#ffd84d', '#ff7de9'] as const
export const kindName = ['', 'Health', 'Shield', 'Rapid fire', 'Spread shot'] as const

export interface Palette {
  readonly floor: string
  readonly grid: string
  readonly wall: string
  readonly edge: string
}

/** Of the maps, by index. */
const palettes: readonly Palette[] = [
  { floor: '#080c1a', grid: '#141b36', wall: '#121a3d', edge: '#5c7cff' },
  { floor: '#120b12', grid: '#251524', wall: '#2c1526', edge: '#ff7a4d' },
  { floor: '#070f13', grid: '#10242a', wall: '#0c2a31', edge: '#2fd6c3' },
]

export const paletteOf = (map: number): Palette => palettes[map % palettes.length] ?? (palettes[0] as Palette)

export const ink = '#eef2ff'
export const dim = '#a9b4d6'
export const bad = '#ff5d6c'
export const panel = 'rgba(8, 12, 26, 0.72)'
export const denser = 'rgba(8, 12, 26, 0.92)' // under much text
