package main

import (
	"context"
	"math"
	"math/rand/v2"
	"time"
)

// bot is one member of a room. All its methods are called by the load's
// goroutine, and none waits.
//
//	          connected              ended: come back
//	(begin) ------------> playing ---------------------> away --+
//	   join                  ^                                  | a pause, join
//	                         +----------------------------------+
type bot interface {
	// connected has a socket to say things to.
	connected(joined, moment)
	// hear takes a message of so many bytes on the wire. An error ends the
	// connection.
	hear(op byte, payload []byte, bytes int, at moment) error
	// act does what is due, and says when it is to be called again.
	act(moment) (next moment)
	// ended is told that the connection is lost, or could not be made. It says
	// how to come back and when; a nil join is never.
	ended(error, moment) (join, time.Duration)
	// playing says that it is in its room.
	playing() bool
	// leave says farewell.
	leave()
}

// join connects. It is called from a goroutine of its own and knows what it was
// given, nothing else.
type join func(context.Context) (joined, error)

// joined is what came of it.
type joined struct {
	socket *socket
	ticket ticket // of a new seat; zero when it is the same as before
}

// room is what its members have in common.
type room struct {
	rates rates
	clock roomClock
	// shown is what the first member was shown of the last ticks.
	shown [64]struct {
		any  bool
		tick uint32
		hash uint32
	}
}

// differs holds what a member was shown against what others were.
func (r *room) differs(tick uint32, hash uint32) bool {
	at := &r.shown[tick%uint32(len(r.shown))]
	if !at.any || at.tick != tick {
		at.any, at.tick, at.hash = true, tick, hash
	}
	return at.hash != hash
}

// backoff counts tries to come back.
type backoff struct{ tries int }

// pause is how long to wait before the next: nothing at first, then a random part
// of a span that doubles.
func (b *backoff) pause(dice *rand.Rand) time.Duration {
	b.tries++
	if b.tries == 1 {
		return 0
	}
	span := min(leastPause<<min(b.tries-2, 10), mostPause)
	return time.Duration(dice.Float64() * float64(span))
}

// metronome says when to act: so many times a second, each bot at a time of its
// own, so that all together are even.
type metronome struct {
	period, offset time.Duration
	next           moment
}

// newMetronome gives one of many bots its time: part says which, from 0 to 1.
func newMetronome(period time.Duration, part float64) metronome {
	return metronome{period: period, offset: time.Duration(part * float64(period))}
}

// apart gives each index a part far from those just before it, so that members of
// a room do a thing at different times.
func apart(index int) float64 {
	const golden = 0.6180339887498949
	_, part := math.Modf(float64(index) * golden)
	return part
}

// after is the first beat after a time.
func (m *metronome) after(at moment) moment {
	return (at-m.offset+m.period)/m.period*m.period + m.offset
}

// due says whether it is time, and moves on. Beats that were missed are left out.
func (m *metronome) due(at moment) bool {
	if at < m.next {
		return false
	}
	first := m.next == 0
	m.next += m.period
	if first || m.next <= at {
		m.next = m.after(at)
	}
	return !first
}
