package replay

import (
	"sync"
	"time"

	"tickroom/game"
)

// clock is when the last tick was due, for links that answer pings at once.
type clock struct {
	// Guarded by mu.
	mu   sync.Mutex
	tick game.Tick
	due  time.Time
}

func (c *clock) set(t game.Tick, due time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tick, c.due = t, due
}

func (c *clock) read() (game.Tick, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tick, max(0, time.Since(c.due))
}
