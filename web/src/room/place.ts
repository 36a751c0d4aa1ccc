// What the parts of a room's page are made with.

import type { Room } from '../../sdk/src/index.ts'
import type { Context } from '../context.ts'

/** A room and where it is shown. */
export interface Place {
  readonly c: Context
  readonly id: string
  readonly code: string
  readonly room: Room
  /** Goes in again from the beginning, with the ticket there is or a new one. */
  readonly reenter: () => void
}
