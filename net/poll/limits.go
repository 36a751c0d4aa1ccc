package poll

import (
	"time"

	"tickroom/net/wire"
)

// Limits of a connection; those that a client must know are in net/wire.
const (
	// defaultMaxConns keeps memory bounded, as WebSockets have it. One more: 503.
	defaultMaxConns = 20_000
	// maxOpening is a request that holds one frame: hello, or the post of a poll.
	// A larger one: 413.
	maxOpening = wire.MaxFrame + 4
	// maxSaying is a post and the frames of a say, with their lengths: 413, and
	// the connection ends.
	maxSaying = wire.MaxSay + maxPost
	// maxPost is far above any post.
	maxPost = 128
	// maxAnswer is when an answer has enough: the rest goes with the next, so
	// that nobody waits long for the end of one. It is above what a link sends in
	// a second.
	maxAnswer = 64 << 10
	// bodyWithin is how long a body may take: it is small, and who needs longer
	// holds a connection on purpose. 408.
	bodyWithin = 5 * time.Second
	// writeWithin is how long one frame may take into the kernel. A peer that
	// reads nothing for so long is slow.
	writeWithin = wire.DeadAfter
	// gatherFor is how long an answer waits after its first frame: what a tick
	// says, it says at once, and an answer costs a round trip.
	gatherFor = 5 * time.Millisecond
	// cutAfter is how long a connection that is closed may take to say so.
	cutAfter = time.Second
)
