// The client of tickroom: a lobby over REST, a room over its channel.

export { Clock } from './clock.ts'
export { connect, type ConnectOptions } from './connect.ts'
export type { Undo } from './events.ts'
export { LocalCode, type State } from './link.ts'
export { CloseCode, seatStates, watcher } from './protocol.ts'
export type { ChatLine, Member, Notice, Over, SeatState, Standing } from './protocol.ts'
export { Refusal, Room, type RoomEvent, type RoomInfo } from './room.ts'
export type { Socket, SocketHandler, World } from './world.ts'
export { Problem, Rest, type RestOptions } from './rest.ts'
export type { GameInfo, GameOption, Grant, Guest, MatchEntry, MatchPlayer, Page, Player, RoomEntry, RoomPlayer } from './rest.ts'
export { watchRooms, type RoomListOptions, type Stream } from './roomlist.ts'
export { browser } from './browser.ts'
