package link

import (
	"time"

	"golang.org/x/time/rate"

	"tickroom/net/wire"
)

// flood is how fast a client may send. One that is faster is slowed: nothing is
// read from it until it is within its rate, and what it sends meanwhile waits
// on its side. One that has to be slowed for MaxSlow on end is cut.
type flood struct {
	frames, bytes *rate.Limiter
	slowed        time.Time // since when without a rest; zero when it is not
}

func newFlood() *flood {
	return &flood{
		frames: rate.NewLimiter(wire.MaxFrameRate, wire.FrameBurst),
		bytes:  rate.NewLimiter(wire.MaxByteRate, wire.ByteBurst),
	}
}

// pass lets a frame through, late if need be; false means to cut.
func (f *flood) pass(bytes int) bool {
	now := time.Now()
	bytes = min(bytes, wire.ByteBurst) // one that is larger is refused by who decodes it
	wait := max(f.frames.ReserveN(now, 1).DelayFrom(now), f.bytes.ReserveN(now, bytes).DelayFrom(now))
	if wait == 0 {
		f.slowed = time.Time{}
		return true
	}
	if f.slowed.IsZero() {
		f.slowed = now
	}
	if now.Sub(f.slowed) > wire.MaxSlow {
		return false
	}
	time.Sleep(wait)
	return true
}
