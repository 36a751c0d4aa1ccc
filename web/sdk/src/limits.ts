// Every bound the client puts on what comes from outside, and on itself.

/** Bytes of one frame from the server: a snapshot of a large match is tens of kilobytes. */
export const maxFrame = 1 << 20

/** How deep a schema's types may nest: deeper is a mistake or an attack. */
export const maxTypeDepth = 32

/** Types in one schema: a large game has some hundreds. */
export const maxTypes = 4096

/** Lines of chat kept in memory: what a person scrolls back through. */
export const maxChat = 200

/** Requests waiting for their reply. More means nobody is answering. */
export const maxPending = 256

/** Bytes in the socket's own buffer from which on inputs wait: a newer one will replace them. */
export const inputBacklog = 4096

/** Nothing heard for so long: the connection is dead. The server says the same of us. */
export const deadAfter = 12_000

/** A probe (the page came back, the network changed) that is not answered within this: dead. */
export const probeAfter = 3_000

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

/** How long to wait for the server's last word after leaving. */
export const leaveWait = 2_000

/** Nothing on the stream of rooms for so long: open a new one. The server beats every 15 s. */
export const streamDeadAfter = 40_000

/** Changes of the rooms that come within this are told together. */
export const gather = 50

/** A REST call that has no answer after this is given up. */
export const callTimeout = 15_000
