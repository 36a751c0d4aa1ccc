// Every bound the client puts on what comes from outside, and on itself.

/** Bytes of one frame from the server: a snapshot of a large match is tens of kilobytes. */
export const maxFrame = 1 << 20

/** Bytes of one frame to the server, which takes no larger one. */
export const maxSaid = 8 << 10

/** How deep a schema's types may nest: deeper is a mistake or an attack. */
export const maxTypeDepth = 32

/** Types in one schema: a large game has some hundreds. */
export const maxTypes = 4096

/** Lines of chat kept in memory: what a person scrolls back through. */
export const maxChat = 200

/** Requests kept until their answer, sent or not: one more is refused, as "full". */
export const maxKept = 256

/**
 * The server keeps what it said until it is told that it arrived: after so many
 * messages, so many bytes of them, or so long after the first.
 */
export const ackMessages = 64
export const ackBytes = 32 << 10
export const ackAfter = 1_000

/** How often to say what we have of a view, to a server that compares. */
export const checkEvery = 5_000

/** Characters of a place that the room has moved to: the server says no longer one. */
export const maxUrl = 1024

/** How often in a row we go at once where we are told: servers that send us round and round get ordinary waits. */
export const movesAtOnce = 4

/** Bytes of frames in one request, over HTTP: the server takes no more. */
export const maxSay = 65_000

/** Bytes in the socket's own buffer from which on inputs wait: a newer one will replace them. */
export const inputBacklog = 4096

/** Nothing heard for so long: the connection is dead. The server says the same of us. */
export const deadAfter = 12_000

/**
 * A probe (the page came back, the network changed) that is not answered within
 * two round trips and this: dead. After so long in any case. Where only silence
 * made us ask, the server may be busy, and has so long at least.
 */
export const probeMore = 150
export const probeAfter = 3_000
export const probeQuiet = 1_000

/** Silence makes us ask after so many snapshots that did not come, and not before so long. */
export const quietSnapshots = 4
export const quietFor = 2_000

/** A connection over which nothing has come for so long is blocked; and longer with each try, for who is far. */
export const answerWithin = 3_000
export const answerMore = 1_000

/** After so many tries that failed, what worked before counts for nothing: the network may be another. */
export const sureFor = 2

/** Without a WebSocket, one is tried after the first of these; then it doubles up to the last. */
export const firstClimb = 10_000
export const lastClimb = 300_000

/** What makes a ping long enough to wake a server that reads only before its ticks. */
export const padBytes = 120

/** How often to ping; the first few come faster, so that the clock is soon right. */
export const pingEvery = 5_000
export const firstPingEvery = 1_000
export const firstPings = 5

/** Waiting before a try to reconnect: a random part of a span that doubles from the first to the last. */
export const firstBackoff = 250
export const lastBackoff = 8_000

/** A connection that lasted so long was a good one: the next drop begins with the shortest wait. */
export const settledAfter = 5_000

/** How long a seat is thought to be kept when the server has not said it yet. */
export const presumedGrace = 60_000

/** Nothing on the stream of rooms for so long: open a new one. The server beats every 15 s. */
export const streamDeadAfter = 40_000

/** Changes of the rooms that come within this are told together. */
export const gather = 50

/** A REST call that has no answer after this is given up. */
export const callTimeout = 15_000

/** Times the speed of play that a replay may go at: the server's bound. */
export const fastest = 8
