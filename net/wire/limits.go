package wire

import "time"

// Limits of the channel. The answer at each is a close code, said beside it;
// PROTOCOL.md lists them for clients.
const (
	// MaxFrame bounds a frame from a client: a full relay message twice over.
	// A larger one is never read into memory: CloseTooLarge.
	MaxFrame = 8 << 10
	// MaxServerFrame bounds a frame to a client, so that clients can bound
	// theirs. A view of 10,000 things fits; a larger one is an error of the game.
	MaxServerFrame = 1 << 20

	// MaxTicket is far above any ticket. A longer one is none: CloseTicket.
	MaxTicket = 128
	// MaxClient is how long a client's name for itself may be, in bytes: it
	// goes to a log line. CloseProtocol.
	MaxClient = 64
	// MaxChat is how many characters a line of chat may have: what fits on a
	// phone. A longer one is refused: "too-long".
	MaxChat = 280
	// MaxPing is the largest number a ping may carry: the largest that
	// JavaScript counts exactly. CloseProtocol.
	MaxPing = 1 << 53
	// maxSchemaDepth bounds how deep types of a schema nest; no game comes near.
	maxSchemaDepth = 32
	// maxLog bounds a log's bytes before compression, written or read: half an
	// hour of 16 players at 30 Hz with 70 bytes each, and a bound on what a
	// broken one can make us allocate.
	maxLog = 64 << 20
)

// Times of the channel.
const (
	// HelloTimeout is how long a new connection may say nothing. CloseHello.
	HelloTimeout = 5 * time.Second
	// PingEvery is how often a client pings: browsers cannot send pings of
	// WebSocket's own, and an answer proves the whole way to the room.
	PingEvery = 5 * time.Second
	// DeadAfter is how long either side may hear nothing: two pings and the
	// time for a bad network to deliver one of them. CloseDead.
	DeadAfter = 12 * time.Second
)

// What one link may cost.
const (
	// MaxFrameRate is how many frames a second a client may send, in the long
	// run: four for each tick at 30. FrameBurst more at once, since a network
	// that stalled delivers a second of them in one piece. CloseFlood.
	MaxFrameRate = 120
	FrameBurst   = 240
	// MaxByteRate is bytes a second in the same sense. CloseFlood.
	MaxByteRate = 64 << 10
	ByteBurst   = 128 << 10

	// MaxQueue is how many bytes, and MaxQueueFrames how many frames, may wait
	// for a client that reads slowly: seconds of any game's events. A frame
	// that no longer fits is CloseSlow. Snapshots are replaced, never queued.
	MaxQueue       = 256 << 10
	MaxQueueFrames = 1024
)
