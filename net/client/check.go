package client

import (
	"time"

	"tickroom/net/wire"
)

// check takes a newer view, and says now and then what we have of the one it
// replaces: whoever heard that may have written into it by now. What does not
// even encode is wrong, and 0 is as wrong as any other hash.
func (c *conn) check(newer wire.Snapshot) {
	before := c.shown
	c.shown = newer
	if before.View == nil || time.Since(c.checked) < wire.CheckEvery {
		return
	}
	hash, err := wire.ViewHash(before.View)
	if err != nil {
		hash = 0
	}
	c.checked = time.Now()
	_ = c.write(wire.Check{Tick: before.Tick, Hash: hash})
}
