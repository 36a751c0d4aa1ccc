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
	// MaxLink is far above any name of a link. CloseProtocol.
	MaxLink = 64
	// MaxConn is far above any name of a connection. CloseProtocol.
	MaxConn = 64
	// MaxURL is far above any place of a channel. A server says no longer one, and
	// a client does not go there.
	MaxURL = 1024
	// MaxSay bounds the frames of one HTTP request: a second of them at the
	// greatest rate, and less than what a link takes at once. 413.
	MaxSay = 64 << 10
	// MaxChat is how many characters a line of chat may have: what fits on a
	// phone. A longer one is refused: "too-long".
	MaxChat = 280
	// MaxPing is the largest number a ping may carry: the largest that
	// JavaScript counts exactly. CloseProtocol.
	MaxPing = 1 << 53
	// WakeBytes is how long a WebSocket frame must be, header and all, to wake a
	// server that reads its rooms' sockets right before their ticks. A shorter one
	// is read then, which is soon enough for all but a ping. PadBytes of padding
	// make a ping so long. More than MaxPad: CloseProtocol.
	WakeBytes = 128
	PadBytes  = 120
	MaxPad    = 256
	// MaxSpeed is how fast a replay may go, in percent: faster than eyes follow,
	// and who wants to be further on says so. CloseProtocol.
	MaxSpeed = 800
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
	// CheckEvery is how often a client says what it has of a view: a program that
	// spoils its views is found within a match, at a few bytes a second.
	CheckEvery = 5 * time.Second
	// PollWait is how long a poll waits for something to say: less than proxies
	// and clients wait for an answer.
	PollWait = 10 * time.Second
	// DeadAfter is how long either side may hear nothing: two pings and the
	// time for a bad network to deliver one of them. CloseDead.
	DeadAfter = 12 * time.Second
)

// What one link may cost.
const (
	// MaxFrameRate is how many frames a second a client may send, in the long
	// run: four for each tick at 30. FrameBurst more at once, since a network
	// that stalled delivers a second of them in one piece. Who sends more is
	// slowed; see MaxSlow.
	MaxFrameRate = 120
	FrameBurst   = 240
	// MaxByteRate is bytes a second in the same sense.
	MaxByteRate = 64 << 10
	ByteBurst   = 128 << 10
	// MaxSlow is how long a client that sends more than its rate is slowed, by
	// not reading from it, before it is cut. CloseFlood.
	MaxSlow = 5 * time.Second

	// ViewRate is how many bytes a second of views one link may get in the long
	// run, ViewBurst more at once: a good phone connection, and 30 views a second
	// of 4 KB. Above it views come less often, each the newest.
	ViewRate  = 128 << 10
	ViewBurst = 64 << 10

	// ViewsKnown is how many of the last views a link remembers the hashes of, for
	// a client that checks what it has: a second of them at 30 a second. A check of
	// an older one is nothing.
	ViewsKnown = 32

	// AckFrames, AckBytes and AckAfter say when a client acknowledges: after so
	// many messages that must arrive, so many bytes of them, or so long after the
	// first, whichever comes first; and with every hello.
	AckFrames = 64
	AckBytes  = 32 << 10
	AckAfter  = time.Second

	// MaxQueue is how many bytes, and MaxQueueFrames how many frames, may wait
	// for a client to acknowledge them: seconds of any game's events. One more
	// and the link is behind: CloseSlow, and who comes back is told all anew.
	// Snapshots are replaced, never queued.
	MaxQueue       = 256 << 10
	MaxQueueFrames = 1024
)
