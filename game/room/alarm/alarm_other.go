//go:build !linux

package alarm

// Alarm gives timers of Go's.
type Alarm struct{}

// New starts an alarm.
func New() (*Alarm, error) { return &Alarm{}, nil }

// Close stops the alarm.
func (*Alarm) Close() {}

// Timer makes a timer that is not set.
func (*Alarm) Timer() Timer { return Plain() }
