package main

import "time"

// tally is all that is counted. Times, states and bytes are those of the measured
// span; what went wrong is that of the whole run.
type tally struct {
	measuring bool
	states    uint64
	bytes     uint64
	said      uint64 // bytes that bots said
	age       histogram
	rtt       histogram
	answer    histogram // from a command to its reply

	skipped    uint64 // states that were due and did not come
	lost       uint64
	duplicated uint64
	outOfOrder uint64
	reconnects uint64
	refused    uint64
	desyncs    uint64
}

// stream is what one bot knows of the states it was shown, to tell what is
// missing. The zero value has seen none.
type stream struct {
	last uint32 // tick
	any  bool
}

// rates are how often a room steps, and how often it shows.
type rates struct{ ticks, snapshots int }

// shown is how many states are due up to a tick.
func (r rates) shown(tick uint32) uint64 { return uint64(tick) * uint64(r.snapshots) / uint64(r.ticks) }

// due is when a tick is, after tick 0.
func (r rates) due(tick uint32) time.Duration {
	return time.Duration(tick) * time.Second / time.Duration(r.ticks)
}

// state counts one that has come.
func (t *tally) state(s *stream, r rates, clock *roomClock, tick uint32, bytes int, at moment) {
	switch {
	case !s.any:
	case tick == s.last:
		t.duplicated++
	case tick < s.last:
		t.outOfOrder++
	default:
		t.skipped += max(r.shown(tick)-r.shown(s.last), 1) - 1
	}
	s.last, s.any = max(s.last, tick), true
	if !t.measuring {
		return
	}
	t.states++
	t.bytes += uint64(bytes)
	if clock.known {
		zero, _ := clock.zero()
		t.age.add(at - zero - r.due(tick))
	}
}

// sequence checks numbers that are to come one after the other. The zero value
// takes any first one.
type sequence struct{ next uint64 }

func (t *tally) numbered(s *sequence, n uint64) {
	switch {
	case s.next == 0 || n == s.next:
	case n > s.next:
		t.lost += n - s.next
	case n == s.next-1:
		t.duplicated++
		return
	default:
		t.outOfOrder++
		return
	}
	s.next = n + 1
}
