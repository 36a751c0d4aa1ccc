package main

import "time"

// moment is a time of this program: how long after it began.
type moment = time.Duration

// roomClock is when tick 0 of a room was due, by our time. Each pong bounds it:
// the server looked at its clock after the ping was sent, and before the pong was
// read. All bounds of all members hold together, so that a few pings know it
// better than the fastest of them alone. When one contradicts the others, the
// server's clock has slipped (it was too late to catch up), and we begin anew.
//
// The zero value knows nothing.
type roomClock struct {
	early, late moment // tick 0 was due between them
	known       bool
}

// hear takes a pong: at some time between sent and read the room's clock said so.
func (c *roomClock) hear(sent, read, said time.Duration) {
	early, late := sent-said, read-said
	if c.known && max(c.early, early) <= min(c.late, late) {
		early, late = max(c.early, early), min(c.late, late)
	}
	c.early, c.late, c.known = early, late, true
}

// is has it exactly, where the server told.
func (c *roomClock) is(zero moment) { c.early, c.late, c.known = zero, zero, true }

// zero is when tick 0 was due, and by how much that may be wrong.
func (c *roomClock) zero() (at moment, wrong time.Duration) {
	return c.early + (c.late-c.early)/2, (c.late - c.early) / 2
}
