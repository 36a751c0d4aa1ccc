package main

import (
	"testing"
	"time"
)

func TestStatesThatDidNotComeAreSkippedByWhatWasDue(t *testing.T) {
	for name, c := range map[string]struct {
		rates                           rates
		ticks                           []uint32
		skipped, duplicated, outOfOrder uint64
	}{
		"one in every tick":                     {rates{20, 20}, []uint32{7, 8, 9}, 0, 0, 0},
		"two missing":                           {rates{20, 20}, []uint32{7, 10, 11}, 2, 0, 0},
		"two in three ticks, all there":         {rates{30, 20}, []uint32{2, 3, 5, 6, 8, 9}, 0, 0, 0},
		"two in three ticks, those of 3 and 5":  {rates{30, 20}, []uint32{2, 6, 8}, 2, 0, 0},
		"one twice":                             {rates{20, 20}, []uint32{7, 7, 8}, 0, 1, 0},
		"an older one":                          {rates{20, 20}, []uint32{7, 8, 6, 9}, 0, 0, 1},
		"one between those that are due, extra": {rates{30, 1}, []uint32{30, 31, 60}, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var sum tally
			var s stream
			for _, tick := range c.ticks {
				sum.state(&s, c.rates, &roomClock{}, tick, 1, 0)
			}
			if sum.skipped != c.skipped || sum.duplicated != c.duplicated || sum.outOfOrder != c.outOfOrder {
				t.Errorf("%d skipped, %d twice, %d out of order; want %d, %d, %d",
					sum.skipped, sum.duplicated, sum.outOfOrder, c.skipped, c.duplicated, c.outOfOrder)
			}
		})
	}
}

func TestAgeIsFromWhenTheTickWasDue(t *testing.T) {
	sum := tally{measuring: true}
	var clock roomClock
	clock.is(5 * time.Second)
	sum.state(&stream{}, rates{20, 20}, &clock, 40, 100, 7*time.Second+3*time.Millisecond)
	if got := sum.age.quantile(1); got != 3*time.Millisecond {
		t.Errorf("tick 40 at 20 Hz is due after 2 s, and was read 3 ms later: its age is %v", got)
	}
	if sum.states != 1 || sum.bytes != 100 {
		t.Errorf("%d states of %d bytes, want 1 of 100", sum.states, sum.bytes)
	}
}

func TestNumbersComeOneAfterTheOther(t *testing.T) {
	for name, c := range map[string]struct {
		said                         []uint64
		lost, duplicated, outOfOrder uint64
	}{
		"from any on":  {said: []uint64{5, 6, 7}},
		"two missing":  {said: []uint64{1, 4, 5}, lost: 2},
		"one twice":    {said: []uint64{1, 2, 2, 3}, duplicated: 1},
		"an older one": {said: []uint64{1, 2, 3, 1, 4}, outOfOrder: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var sum tally
			var s sequence
			for _, n := range c.said {
				sum.numbered(&s, n)
			}
			if sum.lost != c.lost || sum.duplicated != c.duplicated || sum.outOfOrder != c.outOfOrder {
				t.Errorf("%d lost, %d doubled, %d out of order; want %d, %d, %d",
					sum.lost, sum.duplicated, sum.outOfOrder, c.lost, c.duplicated, c.outOfOrder)
			}
		})
	}
}

func TestMembersWhoAreShownDifferentThingsAreFoundOut(t *testing.T) {
	var r room
	for _, c := range []struct {
		tick, hash uint32
		differs    bool
		why        string
	}{
		{0, 7, false, "nobody was shown tick 0 before"},
		{0, 7, false, "the second is shown the same"},
		{0, 8, true, "the third is shown something else"},
		{64, 9, false, "it is another tick in the same place"},
	} {
		if got := r.differs(c.tick, c.hash); got != c.differs {
			t.Errorf("tick %d: differs is %v: %s", c.tick, got, c.why)
		}
	}
}
