package client_test

import (
	"testing"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

func (s *server) shows(tick game.Tick) {
	s.sends(wire.Snapshot{Tick: tick, View: board{10 * uint32(tick)}})
}

// showsFor shows a view every second. The last is checked, so who waits for the
// check waits for all of them.
func (s *server) showsFor(from, to game.Tick) {
	for tick := from; tick < to; tick++ {
		s.shows(tick)
		time.Sleep(time.Second)
	}
	s.shows(to)
}

func TestAViewIsCheckedNowAndThenWhenANewerOneComes(t *testing.T) {
	hash := func(n uint32) uint32 {
		hash, err := wire.ViewHash(board{n})
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		go s.showsFor(1, 6)
		s.wants(wire.Check{Tick: 5, Hash: hash(50)}, "the view that was shown until now")
		go s.showsFor(7, 12)
		s.wants(wire.Check{Tick: 11, Hash: hash(110)}, "not sooner than so long after the last")
		s.sends(wire.Desync{Tick: 11})
		s.shows(12)
		s.flushes()
	}, func(s *server) {
		s.resumes(1, 0)
		go func() {
			time.Sleep(wire.CheckEvery + time.Second)
			s.showsFor(13, 14)
		}()
		s.wants(wire.Check{Tick: 13, Hash: hash(130)}, "a view of the connection before is not checked: another server may have shown it")
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(30 * time.Second)
		told := 0
		for _, m := range s.hears() {
			if m == wire.Message(wire.Desync{Tick: 11}) {
				told++
			}
		}
		if told != 1 {
			s.Errorf("heard of %d differences, want the one: it is who hears that may have made it", told)
		}
		c.Close()
	})
}
