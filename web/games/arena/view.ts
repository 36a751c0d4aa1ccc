// What the server tells, by the names of game/arena/view.go.

import type { Room } from '../../sdk/src/index.ts'
import type { Body, Controls } from './move.ts'

export interface View {
  phase: number
  ends: number // the last tick of the match, once it has begun
  limit: number // points that win at once; 0 is none
  map: number
  ships: readonly ShipView[]
  shots: readonly ShotView[]
  spots: Uint8Array // what lies on each of the map's spots; 0 is nothing
}

export interface ShipView {
  seat: number
  flags: number
  score: number
  streak: number
  down: number // ticks until it flies again; 0 while it does
  health: number
  shield: number
  aim: number
  body: Body
}

/** A shot in flight: where it was fired, whereto and when. Where it is follows. */
export interface ShotView {
  seat: number
  born: number
  x: number
  y: number
  aim: number
}

export interface Events {
  start: Record<string, never>
  spawn: { seat: number }
  hit: { seat: number; by: number }
  kill: { seat: number; by: number; points: number; streak: number }
  pickup: { seat: number; kind: number; spot: number }
}

export type ArenaRoom = Room<Controls, View, Events>

export const Phase = { warmUp: 0, playing: 1, ended: 2 } as const
export const Flag = { bot: 1, away: 2, safe: 4 } as const
export const Kind = { nothing: 0, health: 1, shield: 2, rapid: 3, spread: 4 } as const

export const tickRate = 30
export const maxHealth = 100
export const maxShield = 60
