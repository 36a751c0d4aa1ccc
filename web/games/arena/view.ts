// What the server tells: types.ts, generated from game/arena, and the numbers
// that its Go types cannot say.

export type { ArenaRoom, Events, ShipView, ShotView, View } from './types.ts'

export const Phase = { warmUp: 0, playing: 1, ended: 2 } as const
export const Flag = { bot: 1, away: 2, safe: 4 } as const
export const Kind = { nothing: 0, health: 1, shield: 2, rapid: 3, spread: 4 } as const

export const tickRate = 30
export const maxHealth = 100
export const maxShield = 60
