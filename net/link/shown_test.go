package link_test

import (
	"strings"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// checkOf is what a client says that has this view.
func (s *stage) checkOf(v wire.Snapshot) wire.Check {
	s.t.Helper()
	hash, err := wire.ViewHash(v.View)
	if err != nil {
		s.t.Fatal(err)
	}
	return wire.Check{Tick: v.Tick, Hash: hash}
}

// shows has the room show a view, which the client reads.
func (s *stage) shows(tick game.Tick, n uint32) wire.Snapshot {
	s.t.Helper()
	v := wire.Snapshot{Tick: tick, View: look{N: n}}
	s.room.link().Snapshot(frame(s.t, v))
	s.reads(v, "a view is shown")
	return v
}

func (s *stage) desyncs(want int, why string) {
	s.t.Helper()
	if s.desynced != want {
		s.t.Fatalf("%d differences were counted, want %d: %s", s.desynced, want, why)
	}
}

func TestAViewThatArrivedAsItWasSentIsNotSpokenOf(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		first, second := s.shows(1, 10), s.shows(2, 20)
		s.says(s.checkOf(first))
		s.says(s.checkOf(second))
		s.says(s.checkOf(second))
		s.readsNothing("they are what was sent")
		s.desyncs(0, "nothing differs")
	})
}

func TestAViewThatDiffersIsCountedOnceAndTheNewestSentAgain(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.shows(1, 10)
		newest := s.shows(2, 20)
		spoiled := s.checkOf(wire.Snapshot{Tick: 1, View: look{N: 11}})
		s.says(spoiled)
		s.reads(wire.Desync{Tick: 1}, "who writes the client is told")
		s.reads(newest, "and the client has the right view again")
		s.desyncs(1, "one view differs")
		s.says(spoiled)
		s.readsNothing("that was told, and cannot be asked for again and again")
		s.says(s.checkOf(wire.Snapshot{Tick: 2, View: look{N: 21}}))
		s.reads(wire.Desync{Tick: 2}, "the next view differs as well")
		s.reads(newest, "a difference is put right every time")
		s.desyncs(2, "two views differed")
	})
}

func TestANewerViewThatWaitsPutsADifferenceRight(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.shows(1, 10)
		newer := wire.Snapshot{Tick: 3, View: look{N: 30}}
		s.room.link().Snapshot(frame(t, wire.Snapshot{Tick: 2, View: look{N: 20}})) // is on its way
		s.room.link().Snapshot(frame(t, newer))
		s.says(s.checkOf(wire.Snapshot{Tick: 1, View: look{N: 11}}))
		s.take("the view that was on its way")
		s.reads(wire.Desync{Tick: 1}, "the client is told")
		s.reads(newer, "an older view would be overtaken")
		s.readsNothing("one view is enough")
	})
}

func TestAViewThatNobodyRemembersIsNotHeldAgainstTheClient(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Check{Tick: 1, Hash: 1})
		s.says(wire.Check{Tick: 0, Hash: 0})
		s.readsNothing("no view was sent yet")
		for tick := range game.Tick(wire.ViewsKnown + 1) {
			s.shows(tick+1, uint32(tick))
		}
		s.says(wire.Check{Tick: 1, Hash: 1})
		s.readsNothing("it is too long ago: 32 came after it")
		s.says(wire.Check{Tick: 2, Hash: 1})
		s.reads(wire.Desync{Tick: 2}, "the oldest that is remembered")
		s.take("and the newest again")
		s.desyncs(1, "of two, one is known")
	})
}

func TestATickThatWasShownTwiceMayBeEither(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		first := s.shows(5, 10)
		s.shows(6, 0)
		second := s.shows(5, 20) // a replay that went back, to what another seat saw
		s.says(s.checkOf(first))
		s.says(s.checkOf(second))
		s.readsNothing("both were shown")
		s.says(wire.Check{Tick: 5, Hash: 1})
		s.reads(wire.Desync{Tick: 5}, "this was not")
		s.reads(second, "the newest")
	})
}

func TestACheckOverAConnectionOfBeforeIsNothing(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.shows(1, 10)
		older := s.peer
		s.comes(1)
		s.heard("back", "the link goes on over another connection")
		s.readsLinked(wire.Linked{Resumed: true}, "nothing was missed")
		older.says(wire.Check{Tick: 1, Hash: 1})
		s.desyncs(0, "it carries the link no more")
	})
}

func TestViewsSentAgainKeepToTheBudget(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		big := wire.Snapshot{Tick: 1, View: look{Pad: strings.Repeat("x", wire.ViewBurst)}}
		s.room.link().Snapshot(frame(t, big))
		s.take("the budget has room for one")
		s.says(wire.Check{Tick: 1, Hash: 1})
		s.reads(wire.Desync{Tick: 1}, "the client is told at once")
		s.readsNothing("the view waits as any other: a client that is always wrong gets no more than one that is right")
		s.wait(wire.ViewBurst * time.Second / wire.ViewRate)
		s.reads(big, "and comes when there is room")
	})
}
