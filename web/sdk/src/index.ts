// The client of tickroom: a room over its channel. The lobby is in lobby.ts.

export { Clock } from './clock.ts'
export { connect, type ConnectOptions } from './connect.ts'
export { LocalCode, type State } from './dialer.ts'
export type { Undo } from './events.ts'
export { CloseCode, seatStates, watcher } from './protocol.ts'
export type { ChatLine, Member, Notice, Over, SeatState, Standing } from './protocol.ts'
export { Room, type Asking, type RoomEvent, type RoomInfo } from './room.ts'
export type { Showing } from './screening.ts'
export { Refusal, Unanswered } from './unanswered.ts'
export type { Via } from './via.ts'
export type { Socket, SocketHandler, World } from './world.ts'
export { browser } from './browser.ts'
