// What battleship says and shows, by the names of game/battleship/battleship.go.

import type { Room } from '../../sdk/src/index.ts'

export interface Cell {
  readonly x: number
  readonly y: number
}

export interface Place extends Cell {
  readonly ship: number
  readonly down: boolean
}

/** Exactly one of them does something. */
export interface Command {
  readonly place: Place | null
  readonly shuffle: boolean
  readonly ready: boolean
  readonly fire: Cell | null
}

const nothing: Command = { place: null, shuffle: false, ready: false, fire: null }

export const place = (p: Place): Command => ({ ...nothing, place: p })
export const fire = ({ x, y }: Cell): Command => ({ ...nothing, fire: { x, y } })
export const shuffle: Command = { ...nothing, shuffle: true }
export const ready: Command = { ...nothing, ready: true }

export interface Ship extends Cell {
  readonly length: number
  readonly down: boolean
  readonly sunk: boolean
}

export interface Side {
  readonly ready: boolean
  readonly missed: number // turns in a row that the clock took
  readonly shots: Uint8Array // a mark for every cell, row by row
  readonly ships: readonly Ship[]
}

export const untried = 0
export const miss = 1
export const hit = 2

export interface View {
  readonly phase: 'waiting' | 'placing' | 'firing' | 'over'
  readonly turn: number // the seat that may fire; -1 when none may
  readonly deadline: number // the tick at which the clock runs out; 0 when none runs
  readonly sides: readonly Side[] // by seat
}

export interface Shot extends Cell {
  readonly by: number
  readonly hit: boolean
  readonly sunk: number // the length of the ship it sank, or 0
}

export interface Events {
  ready: { readonly seat: number }
  began: { readonly first: number }
  shot: Shot
  turnLost: { readonly seat: number; readonly left: number }
}

export type BattleRoom = Room<Command, View, Events>
