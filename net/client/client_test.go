package client_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tickroom/game"
	"tickroom/net/client"
	"tickroom/net/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhatIsHeardComesInOrderAfterWelcome(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		s.sends(wire.Snapshot{Tick: 101, View: board{1}})
		s.sends(wire.Chat{Name: "Ann", Text: "hi"})
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		c.Close()
		want := "wire.Welcome wire.Snapshot wire.Chat wire.Pong"
		if got := kinds(s.hears()); got != want {
			s.Errorf("heard %s, want %s: Welcome first, then all else; the first ping is sent at once", got, want)
		}
		if got := c.Welcome().Seat; got != 1 {
			s.Errorf("seat %d, want 1", got)
		}
		if !errors.Is(c.Err(), client.ErrClosed) {
			s.Errorf("ended with %v; want ErrClosed, since we closed it", c.Err())
		}
	})
}

func kinds(messages []wire.Message) (s string) {
	for i, m := range messages {
		s += fmt.Sprintf("%*s%T", min(i, 1), "", m)
	}
	return s
}

func TestACommandWaitsForItsAnswer(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		for {
			switch m := s.next().(type) {
			case nil:
				return
			case wire.Say:
				time.Sleep(time.Second)
				s.sends(wire.Reply{N: m.N})
			case wire.Command:
				switch m.Data.(move).X {
				case 0:
					s.sends(wire.Reply{N: m.N + 100}) // the answer to something else
					s.sends(wire.Reply{N: m.N})
				case 1:
					s.sends(wire.Reply{N: m.N, Code: "not-your-turn", Text: "Wait."})
				}
			}
		}
	}}, func(s *stage) {
		c := s.mustJoin()
		if err := c.Command(s.Context(), move{0}); err != nil {
			s.Errorf("got %v; want nil: it was done", err)
		}
		err := c.Command(s.Context(), move{1})
		if r, ok := errors.AsType[*game.Refusal](err); !ok || r.Code != "not-your-turn" {
			s.Errorf("got %v; want the rules' own refusal", err)
		}
		ctx, cancel := context.WithTimeout(s.Context(), time.Second/2)
		defer cancel()
		if err := c.Say(ctx, "hello"); !errors.Is(err, context.DeadlineExceeded) {
			s.Errorf("got %v; want to wait no longer than asked to", err)
		}
		if err := c.Say(s.Context(), strings.Repeat("x", wire.MaxFrame)); err == nil {
			s.Error("what no server takes is refused here: it would end the link")
		}
		if err := c.Command(s.Context(), move{0}); err != nil {
			s.Errorf("got %v; want nil: the link goes on", err)
		}
		c.Close()
		if err := c.Command(s.Context(), move{0}); !errors.Is(err, client.ErrClosed) {
			s.Errorf("got %v; want ErrClosed from who has ended", err)
		}
	})
}

func TestComingBack(t *testing.T) {
	for _, code := range []wire.CloseCode{wire.CloseGoingAway, wire.CloseReplaced, wire.CloseHello, 4321} {
		play(t, []func(*server){thrownOut(code), staysAgain}, func(s *stage) {
			c := s.mustJoin()
			synctest.Wait()
			if want := (client.Drop{Code: code, Text: "out", Wait: 0}); len(s.drops()) != 1 || s.drops()[0] != want {
				s.Errorf("drops %v; want one, with the server's words, and the first try at once", s.drops())
			}
			if c.Err() != nil || kinds(s.hears()) != "wire.Welcome wire.Pong" {
				s.Errorf("%v, heard %s; want to go on where it was, without another welcome", c.Err(), kinds(s.hears()))
			}
			c.Close()
		})
	}
}

func TestPausesGrowUntilTheSeatIsLost(t *testing.T) {
	play(t, []func(*server){thrownOut(1001)}, func(s *stage) {
		c := s.mustJoin()
		<-c.Done()
		if !errors.Is(c.Err(), client.ErrTooLate) {
			s.Errorf("ended with %v; want ErrTooLate: the seat is not kept any longer", c.Err())
		}
		want := []time.Duration{0, 125, 250, 500, 1000, 2000, 4000, 4000}
		for i, d := range s.drops() {
			if want := want[min(i, len(want)-1)] * time.Millisecond; d.Wait != want {
				s.Errorf("try %d waits %v, want %v: half of a ceiling that doubles from 250 ms to 8 s", i, d.Wait, want)
			}
		}
		if took := time.Since(s.began); took > time.Minute || took < 55*time.Second {
			s.Errorf("gave up after %v; want to try for nearly all of the grace of 60 s", took)
		}
	})
}

func TestWhoIsThrownOutAtOnceDoesNotTryEverFaster(t *testing.T) {
	again := thrownOutAgain(wire.CloseFlood)
	later := func(s *server) {
		s.resumes(1, 0)
		for range 6 {
			time.Sleep(time.Second)
			s.sends(wire.Snapshot{View: board{}})
		}
		s.closes(wire.CloseBusy, "out")
	}
	play(t, []func(*server){thrownOut(wire.CloseFlood), again, again, later, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Minute)
		want := []time.Duration{0, 125 * time.Millisecond, 250 * time.Millisecond, 0}
		for i, d := range s.drops() {
			if d.Wait != want[i] {
				s.Errorf("try %d waits %v, want %v: the pauses start anew only after a connection that held", i, d.Wait, want[i])
			}
		}
		c.Close()
	})
}

func TestCodesThatEndIt(t *testing.T) {
	for _, code := range []wire.CloseCode{wire.CloseProtocol, wire.CloseTicket, wire.CloseTakenOver, wire.CloseOver, 1009, 1002} {
		play(t, []func(*server){thrownOut(code)}, func(s *stage) {
			c := s.mustJoin()
			<-c.Done()
			if e, ok := errors.AsType[*client.Closed](c.Err()); !ok || e.Code != code {
				s.Errorf("ended with %v; want closed with %d, and no try to come back", c.Err(), code)
			}
			if len(s.drops()) > 0 {
				s.Errorf("code %d: told of a try to come back: %v", code, s.drops())
			}
		})
	}
}

func TestARefusedJoinSaysWhy(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.greeted(0)
		s.closes(wire.CloseTicket, "There is no such ticket.")
	}}, func(s *stage) {
		_, err := s.join()
		if e, ok := errors.AsType[*client.Closed](err); !ok || e.Code != wire.CloseTicket || e.Text != "There is no such ticket." {
			s.Errorf("got %v; want the server's code and words", err)
		}
	})
	play(t, nil, func(s *stage) {
		if _, err := s.join(); err == nil {
			s.Error("a server that answers 503 is nowhere to join")
		}
	})
	play(t, []func(*server){func(s *server) {
		s.greeted(0)
		s.sends(wire.Linked{Why: "new"})
		s.sends(wire.Welcome{Game: "chess"})
		s.untilGone()
	}}, func(s *stage) {
		if _, err := s.join(); err == nil {
			s.Error("the messages of another game cannot be understood")
		}
	})
}

func TestTickIsEstimatedFromThePings(t *testing.T) {
	began := time.Time{}
	play(t, []func(*server){func(s *server) {
		s.delay = 30 * time.Millisecond
		began = time.Now()
		s.welcomes()
		for {
			ping, ok := s.reads().(wire.Ping)
			if !ok {
				return
			}
			since := time.Since(began)
			time.Sleep(20 * time.Millisecond) // the way there; the way back is 30
			since += 10 * time.Millisecond
			s.sends(wire.Pong{T: ping.T, Tick: game.Tick(100 + since/(50*time.Millisecond)), Micros: uint32(since % (50 * time.Millisecond) / time.Microsecond)})
		}
	}}, func(s *stage) {
		c := s.mustJoin()
		if c.RTT() != 0 || c.Tick() != 100 {
			s.Errorf("tick %d, rtt %v; want Welcome's before the first answer", c.Tick(), c.RTT())
		}
		time.Sleep(12*time.Second + time.Millisecond)
		want := game.Tick(100 + time.Since(began)/(50*time.Millisecond))
		if got := c.Tick(); got != want && got != want-1 {
			s.Errorf("tick %d, want %d: half of the round trip is the way back", got, want)
		}
		if c.RTT() != 50*time.Millisecond {
			s.Errorf("rtt %v, want 50ms", c.RTT())
		}
		c.Close()
	})
}

func TestLeavingWaitsForTheServer(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		for {
			if m, ok := s.next().(wire.Leave); ok {
				if m.N != 1 {
					s.Errorf("leave has number %d, want 1: an input before it has none", m.N)
				}
				s.closes(wire.CloseLeft, "You left.")
				return
			}
		}
	}}, func(s *stage) {
		c := s.mustJoin()
		if err := c.Input(7, move{1}); err != nil {
			s.Errorf("input: %v", err)
		}
		if err := c.Leave(s.Context()); err != nil {
			s.Errorf("leave: %v", err)
		}
		if e, ok := errors.AsType[*client.Closed](c.Err()); !ok || e.Code != wire.CloseLeft {
			s.Errorf("ended with %v; want closed because we left", c.Err())
		}
	})
}
