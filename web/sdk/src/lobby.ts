// The lobby over REST: who we are, games, rooms and seats, what was played. What
// it grants is all that connect needs; who has a grant from elsewhere needs none of this.

export { Problem, Rest, type RestOptions } from './rest.ts'
export type { GameInfo, GameOption, Grant, Guest, MatchEntry, MatchPlayer, Page, Player, ReplayGrant, RoomEntry, RoomPlayer } from './rest.ts'
export { watchRooms, type RoomListOptions, type Stream } from './roomlist.ts'
