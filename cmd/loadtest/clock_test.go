package main

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A server looks at its clock somewhere between a ping and its pong.
func TestTheClockIsNeverSurerThanItMayBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zero := time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(t, "zero"))
		delay := rapid.Int64Range(0, int64(100*time.Millisecond))
		var c roomClock
		var sent moment
		widest := time.Duration(1 << 62)
		for range rapid.IntRange(1, 20).Draw(t, "pongs") {
			sent += time.Duration(delay.Draw(t, "pause"))
			there := sent + time.Duration(delay.Draw(t, "there"))
			back := there + time.Duration(delay.Draw(t, "back"))
			c.hear(sent, back, there-zero)
			widest = min(widest, back-sent)
			at, wrong := c.zero()
			if off := max(at-zero, zero-at); off > wrong+1 {
				t.Fatalf("it is off by %v and says at most %v", off, wrong)
			}
			if 2*wrong > widest+1 {
				t.Fatalf("it says %v, and a round trip of %v knew better", wrong, widest)
			}
		}
	})
}

func TestAClockThatSlippedIsBelievedAnew(t *testing.T) {
	var c roomClock
	c.hear(1000, 1010, 500)
	c.hear(2000, 2010, 1500)
	if at, _ := c.zero(); at != 505 {
		t.Fatalf("tick 0 was due at %v, want 505ns: both pongs say so", at)
	}
	c.hear(3000, 3010, 2400)
	if at, wrong := c.zero(); at != 605 || wrong != 5 {
		t.Errorf("after a slip of 100 tick 0 was due at %v (%v), want 605ns and nothing of what was before", at, wrong)
	}
}
