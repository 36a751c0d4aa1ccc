package direct

import "tickroom/net/wire"

// WakeBytes is how much must wait in a socket that is polled to wake somebody at
// once. Two ticks of what a player says are less; a ping that is to be answered
// at once is padded to it.
const WakeBytes = wire.WakeBytes

const (
	// maxSmall is the largest message that takes the short way: far above an input
	// or an acknowledgement. A larger one is the library's, which bounds it.
	maxSmall = 1 << 10
	// bufferSize is what is read at once, and has to hold a small message: the
	// inputs of a second. Few are in use at a time.
	bufferSize = 4 << 10
	// maxTail bounds what the library may add to what the kernel does not take:
	// some control frames. It is then told that its time is over.
	maxTail = 2 * wire.MaxServerFrame
	// writeWithin is how long one frame may take into the kernel. A peer that
	// reads nothing for so long is slow.
	writeWithin = wire.DeadAfter
)
