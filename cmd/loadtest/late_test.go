package main

import (
	"strings"
	"testing"
	"time"
)

const earlier = `# TYPE tickroom_tick_late_seconds histogram
tickroom_tick_late_seconds_bucket{le="0.001"} 10
tickroom_tick_late_seconds_bucket{le="0.005"} 10
tickroom_tick_late_seconds_bucket{le="+Inf"} 10
tickroom_tick_late_seconds_sum 0.01
tickroom_ticks_over_budget_total 0
`

const later = `tickroom_tick_late_seconds_bucket{le="0.001"} 60
tickroom_tick_late_seconds_bucket{le="0.005"} 108
tickroom_tick_late_seconds_bucket{le="+Inf"} 110
`

func TestLatenessIsWhatWasCountedSince(t *testing.T) {
	late := readLateness(strings.NewReader(later)).since(readLateness(strings.NewReader(earlier)))
	for _, c := range []struct {
		share float64
		want  time.Duration
		why   string
	}{
		{.25, 500 * time.Microsecond, "25 of the 50 in the first bucket"},
		{.5, time.Millisecond, "50 of 100 were no later than its bound"},
		{.74, 3 * time.Millisecond, "half way into the 48 of the second"},
		{1, 5 * time.Millisecond, "the last has no bound, and gives the greatest there is"},
	} {
		if got := late.quantile(c.share); got != c.want {
			t.Errorf("a share of %v is %v late, want %v: %s", c.share, got, c.want, c.why)
		}
	}
}

func TestAServerThatDoesNotTellIsNotKnown(t *testing.T) {
	if late := readLateness(strings.NewReader("go_goroutines 7\n")); late != nil {
		t.Errorf("other metrics were read as %v", late)
	}
	if got := lateness(nil).since(nil).quantile(.5); got != 0 {
		t.Errorf("what is not known is %v", got)
	}
}
