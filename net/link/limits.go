package link

import "time"

// Limits that are the link's own; those that a client must know are in
// net/wire.

// closeWithin is how long what was queued, and Bye, may take to leave: enough
// for a slow phone to hear why, little enough for a server that stops.
const closeWithin = 3 * time.Second

// desyncsLogged is how often differences are logged, of all links together: a
// client with a fault has one every few seconds.
const desyncsLogged = time.Second
