// What battleship says and shows: types.ts, generated from game/battleship, and
// the words and marks that its Go types cannot say.

import type { Room } from '../../sdk/src/index.ts'
import type { Command, Events, View as Told } from './types.ts'

export type { Cell, Command, Events, Place, Ship, Shot, Side } from './types.ts'

/** The view, with the words that a phase may be. */
export interface View extends Told {
  readonly phase: 'waiting' | 'placing' | 'firing' | 'over'
}

export type BattleRoom = Room<Command, View, Events>

/** Marks of a cell. */
export const untried = 0
export const miss = 1
export const hit = 2
