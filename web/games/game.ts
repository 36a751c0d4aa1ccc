// The mount contract: how a game's renderer and the page meet.
//
// The page connects the room, waits for its welcome and its first view, and
// then calls the game's mount with an empty root that fills the screen below
// the page's bar. The renderer draws into root, listens to the room and sends
// commands. The function it returns takes everything back: listeners, timers,
// frames and what it put into root. The room is not its to close or leave.
//
// The page shows chat, members, ping, notices, reconnecting and the result; a
// renderer shows the game. While room.state.phase is not 'connected', the view
// stands still and requests wait, to be done once; a renderer needs to do nothing about
// it. In a replay (room.showing is there) nobody has a seat, ticks pass at
// room.clock.speed, and a view of an earlier tick means that it went back: events
// from there on are heard again.

import type { Room } from '../sdk/src/index.ts'
import { mount as arena } from './arena.ts'
import { mount as battleship } from './battleship.ts'
import { mount as relay } from './relay.ts'

/**
 * Draws one match of a game. Which types a room has is the game's to know (the
 * server's schema holds it to them), so a renderer names its own:
 *
 *     export const mount = (room: Room<Command, View, Events>, root: HTMLElement) => { ... }
 */
export type Mount = (room: Room<any, any, any>, root: HTMLElement) => () => void

/** The renderers by the game's name: one line a game. */
export const mounts: Readonly<Record<string, Mount>> = { arena, battleship, relay }

/** Games that are a chat themselves: the page keeps its own folded at first. */
export const chats: ReadonlySet<string> = new Set(['relay'])
