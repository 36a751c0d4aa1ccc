// Package alarm wakes rooms when their ticks are due, to the tenth of a
// millisecond.
//
// Go's own timers wake a process that sleeps by whole milliseconds: first too
// early, to sleep again, and then too late. A server with a few rooms sleeps
// before every tick, so it would pay for two wakings and be half a millisecond
// late with each state. An [Alarm] is one timer of the kernel (timerfd) for all
// rooms, watched by Go's poller as a socket is. Where there is none, [New] gives
// timers of Go's.
//
// An Alarm owns one goroutine, which Close waits for. It knows no room.
package alarm

import "time"

// Timer is a time.Timer for one goroutine: C receives once after each Reset, at
// most, and not before its time. One Reset after another may leave a token of
// the first in C.
type Timer interface {
	C() <-chan time.Time
	Reset(time.Duration)
	Stop()
}

// Plain is a timer of Go's.
func Plain() Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return plain{t}
}

type plain struct{ *time.Timer }

func (p plain) C() <-chan time.Time   { return p.Timer.C }
func (p plain) Reset(d time.Duration) { p.Timer.Reset(d) }
func (p plain) Stop()                 { p.Timer.Stop() }
