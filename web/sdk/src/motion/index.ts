// Smooth motion over a network, for any game: others are drawn a little in the
// past, between two views (timeline.ts); the own things are played ahead of the
// server, at once, and put right by each view (prediction.ts). Both times keep a
// distance to the room's clock that the network decides (delay.ts, lead.ts).
//
// Nothing here reads a clock, knows a room or draws: the tick of now is given,
// as `room.clock.tickAt(room.now())` tells it, and what a game's states and views
// are is the game's affair. Nothing is shared either: make one of each per room.

export { blend, mix, turn, type Blending } from './blend.ts'
export { Lead, type LeadOptions, type Network } from './lead.ts'
export { Prediction, type Played, type PredictionOptions, type Rules } from './prediction.ts'
export { Repeat } from './repeat.ts'
export { Timeline, type Between, type TimelineOptions } from './timeline.ts'
