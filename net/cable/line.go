package cable

import (
	"math/rand/v2"
	"time"
)

// Line is how long and how wide a cable is, the same both ways. The zero Line
// takes no time.
type Line struct {
	Delay  time.Duration // from one end to the other
	Jitter time.Duration // up to so much more, by chance; order is kept, as TCP does
	Rate   int           // bytes a second each way, for all connections together; 0 has no bound
}

// leaves is when the last of n bytes that are there now has left, on a line
// that is free from then on.
func (l Line) leaves(now, free time.Time, n int) time.Time {
	if l.Rate == 0 {
		return now
	}
	if free.Before(now) {
		free = now
	}
	return free.Add(time.Duration(n) * time.Second / time.Duration(l.Rate))
}

// travels is how long what has left is under way.
func (l Line) travels(dice *rand.Rand) time.Duration {
	if l.Jitter <= 0 {
		return l.Delay
	}
	return l.Delay + time.Duration(dice.Int64N(int64(l.Jitter)))
}
