package sqlite

import "time"

const (
	// busyTimeout is how long a write waits for one of another process on the
	// same file; a write takes milliseconds.
	busyTimeout = 5 * time.Second

	// migrateTimeout bounds the schema's upgrade at start, with the wait for
	// another process that is doing it.
	migrateTimeout = 2 * time.Minute

	// readers bounds the connections that read beside the one that writes. More
	// than cores would only wait for each other; each costs about 2 MB of cache.
	readers = 4
)
