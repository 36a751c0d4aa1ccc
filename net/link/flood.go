package link

import (
	"time"

	"tickroom/net/wire"
)

// flood is how fast a client may send. One that is faster is slowed: nothing is
// read from it until it is within its rate, and what it sends meanwhile waits
// on its side. One that has to be slowed for MaxSlow on end is cut.
type flood struct {
	frames, bytes bucket
	slowed        time.Time // since when without a rest; zero when it is not
}

func newFlood() *flood {
	return &flood{
		frames: newBucket(wire.MaxFrameRate, wire.FrameBurst),
		bytes:  newBucket(wire.MaxByteRate, wire.ByteBurst),
	}
}

// pass counts a frame, and says for how long to read nothing more; false means
// to cut.
func (f *flood) pass(now time.Time, bytes int) (rest time.Duration, ok bool) {
	bytes = min(bytes, wire.ByteBurst) // one that is larger is refused by who decodes it
	rest = max(f.frames.take(now, 1), f.bytes.take(now, bytes))
	if rest == 0 {
		f.slowed = time.Time{}
		return 0, true
	}
	if f.slowed.IsZero() {
		f.slowed = now
	}
	return rest, now.Sub(f.slowed) <= wire.MaxSlow
}

// bucket lets a burst through and then so many a second. It holds the time at
// which it will be full again, which is all there is to know.
type bucket struct {
	each, burst time.Duration // what one costs, and the most that may be owed
	full        time.Time
}

func newBucket(rate, burst int) bucket {
	each := time.Second / time.Duration(rate)
	return bucket{each: each, burst: each * time.Duration(burst)}
}

// take takes n, and says how long until that was within the rate.
func (b *bucket) take(now time.Time, n int) (wait time.Duration) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(b.each * time.Duration(n))
	return max(0, b.full.Sub(now)-b.burst)
}
