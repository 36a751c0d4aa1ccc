package client_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// deafAfter answers pings for so long, with a round trip of 100 ms, and then
// nothing any more.
func deafAfter(d time.Duration) func(*server) {
	return func(s *server) {
		s.delay = 100 * time.Millisecond
		s.welcomes()
		for began := time.Now(); ; {
			ping, ok := s.reads().(wire.Ping)
			switch {
			case !ok:
				return
			case time.Since(began) < d:
				s.sends(wire.Pong{T: ping.T})
			}
		}
	}
}

func TestSilenceIsFoundOutLongBeforeItIsDeath(t *testing.T) {
	play(t, []func(*server){deafAfter(time.Second), staysAgain}, func(s *stage) {
		c := s.mustJoin()
		const want = 2*time.Second + 100*time.Millisecond + 350*time.Millisecond // silence, since the pong came, and an answer that does not
		time.Sleep(want - 101*time.Millisecond)
		synctest.Wait()
		if len(s.drops()) > 0 {
			s.Errorf("dropped: %v; the answer may still come", s.drops())
		}
		time.Sleep(201 * time.Millisecond)
		synctest.Wait()
		if len(s.drops()) != 1 || s.drops()[0].Code != 0 || c.Err() != nil {
			s.Errorf("drops %v, %v; want to come back when a ping after 2 s of silence is not answered in two round trips and 150 ms", s.drops(), c.Err())
		}
		c.Close()
	})
}

func TestAServerThatSaysLittleIsAskedAndNotLeft(t *testing.T) {
	play(t, []func(*server){stays}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Minute)
		if len(s.drops()) > 0 {
			s.Errorf("dropped: %v; a room that pauses answers pings", s.drops())
		}
		c.Close()
	})
}

func TestALongFrameOnASlowLineIsNoSilence(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		s.flushes()
		go func() {
			for s.reads() != nil { // it hears pings, and the line is too busy to answer
			}
		}()
		w, err := s.ws.NextWriter(2)
		if err != nil {
			s.Error(err)
			return
		}
		frame, err := wire.Encode(wire.Chat{Text: string(make([]byte, 300<<10))})
		if err != nil {
			s.Error(err)
		}
		for len(frame) > 0 {
			n := min(len(frame), 10<<10)
			_, _ = w.Write(frame[:n])
			frame = frame[n:]
			time.Sleep(time.Second)
		}
		_ = w.Close()
		time.Sleep(time.Second)
	}}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(29500 * time.Millisecond)
		if len(s.drops()) > 0 {
			s.Errorf("dropped: %v; each piece of a frame is a sign of life", s.drops())
		}
		time.Sleep(2 * time.Second)
		if got := kinds(s.told()); got != "wire.Welcome wire.Chat" {
			s.Errorf("told %s, want the long line of chat", got)
		}
		c.Close()
	})
}

func TestWokenAClientFindsOutAtOnceThatItsConnectionIsDead(t *testing.T) {
	play(t, []func(*server){deafAfter(time.Second), staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(1200 * time.Millisecond)
		c.Wake()
		time.Sleep(340 * time.Millisecond)
		synctest.Wait()
		if len(s.drops()) > 0 {
			s.Errorf("dropped: %v; the answer may still come", s.drops())
		}
		time.Sleep(120 * time.Millisecond) // and goodbye to one who does not listen
		synctest.Wait()
		if len(s.drops()) != 1 {
			s.Errorf("drops %v; want to come back two round trips and 150 ms after the call", s.drops())
		}
		c.Close()
	})
}

func TestWokenAClientWhoseConnectionLivesKeepsIt(t *testing.T) {
	play(t, []func(*server){deafAfter(time.Hour)}, func(s *stage) {
		c := s.mustJoin()
		for range 10 {
			time.Sleep(700 * time.Millisecond)
			c.Wake()
			c.Wake()
		}
		if len(s.drops()) > 0 || c.Err() != nil {
			s.Errorf("drops %v, %v; pages become visible all the time", s.drops(), c.Err())
		}
		c.Close()
	})
}

func TestWokenAClientThatWaitsTriesAtOnceAndHesitatesAnew(t *testing.T) {
	play(t, []func(*server){welcomed, nil, nil, nil, nil, nil, nil, nil, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(3 * time.Second) // tries after 0, 125, 375, 875 and 1875 ms: the next is at 3875
		synctest.Wait()
		before := len(s.drops())
		c.Wake()
		synctest.Wait()
		drops := s.drops()
		if len(drops) != before+1 {
			s.Fatalf("drops %v; want one more try, at once", drops)
		}
		if got := drops[before].Wait; got != 125*time.Millisecond {
			s.Errorf("after it the next waits %v, want 125ms: when the network returns it is often not quite there", got)
		}
		time.Sleep(500 * time.Millisecond)
		if c.Err() != nil || len(s.script) > 0 {
			s.Errorf("ended with %v, %d connections not made; want to be back", c.Err(), len(s.script))
		}
		c.Close()
	})
}

func TestWokenAClientGivesUpATryThatMayHaveBeenSwallowed(t *testing.T) {
	swallows := func(s *server) {
		for s.reads() != nil {
		}
	}
	play(t, []func(*server){welcomed, swallows, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second) // a try is under way
		c.Wake()
		time.Sleep(200 * time.Millisecond) // goodbye to one who does not listen takes some
		synctest.Wait()
		if len(s.script) > 0 || len(s.drops()) != 1 {
			s.Errorf("%d connections not made, drops %v; want another try in place of the first", len(s.script), s.drops())
		}
		c.Close()
	})
}

func TestATryToComeBackIsGivenUpSoon(t *testing.T) {
	swallows := func(s *server) {
		for s.reads() != nil {
		}
	}
	play(t, []func(*server){welcomed, swallows, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(2400 * time.Millisecond)
		synctest.Wait()
		if len(s.drops()) != 1 {
			s.Errorf("drops %v; a slow network may still bring the answer", s.drops())
		}
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		if len(s.script) > 0 || len(s.drops()) != 2 {
			s.Errorf("%d connections not made, drops %v; want another try after less than three seconds", len(s.script), s.drops())
		}
		c.Close()
	})
}

func TestASnapshotThatWasOvertakenIsDropped(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		for _, tick := range []uint32{101, 103, 102, 103, 104} {
			s.sends(wire.Snapshot{Tick: game.Tick(tick), View: board{tick}})
		}
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second)
		var got []uint32
		for _, m := range s.hears() {
			if v, ok := m.(wire.Snapshot); ok {
				got = append(got, uint32(v.Tick))
			}
		}
		if want := []uint32{101, 103, 103, 104}; !slices.Equal(got, want) {
			s.Errorf("heard snapshots of %v, want %v: one that comes late tells of the past", got, want)
		}
		c.Close()
	})
}

func TestWokenAClientThatIsNotHeardFindsOutThoughItHears(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		for tick := range uint32(200) {
			time.Sleep(50 * time.Millisecond)
			s.sends(wire.Snapshot{Tick: game.Tick(101 + tick), View: board{}})
			if len(s.script) == 0 {
				return
			}
		}
	}, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second)
		c.Wake()
		time.Sleep(3 * time.Second)
		if len(s.script) > 0 || c.Err() != nil {
			s.Errorf("%d connections not made, %v; what a half-open connection still brings is no answer", len(s.script), c.Err())
		}
		c.Close()
	})
}
