package ws

import (
	"time"

	"tickroom/net/wire"
)

// Limits of a connection; those that a client must know are in net/wire.
const (
	// defaultMaxConns keeps memory bounded: about 20 KB each. One more: 503.
	defaultMaxConns = 20_000
	// handshakeWithin bounds the answer to the upgrade.
	handshakeWithin = 5 * time.Second
	// writeWithin is how long one frame may take into the kernel. A peer that
	// reads nothing for so long is slow.
	writeWithin = wire.DeadAfter
	// cutAfter is how long a peer may take to answer a close frame: a second
	// covers any usable connection, and a server that stops waits no longer.
	cutAfter = time.Second
)
