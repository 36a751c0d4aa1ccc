package postgres

import "time"

const (
	// connectTimeout bounds reaching the server: a wrong address must be told
	// while whoever started the server still looks at it. A shorter
	// connect_timeout in the URL holds; a longer one does not.
	connectTimeout = 5 * time.Second

	// migrateTimeout bounds the schema's upgrade at start, with the wait for
	// another server that is doing it.
	migrateTimeout = 2 * time.Minute

	// maxConns bounds the pool: calls are short, and Postgres allows 100
	// connections to all servers together. pool_max_conns in the URL overrides.
	maxConns = 8

	// idleTimeout bounds how long a transaction waits for its server to go on.
	// Between its statements is nothing but a little code; but a process that is
	// frozen there holds its lease's lock, which keeps its rooms from others.
	idleTimeout = 5 * time.Second

	// pingTimeout bounds the check of a connection that was idle before it is
	// used; without it a host that vanished costs a caller all its patience.
	pingTimeout = 2 * time.Second
)
