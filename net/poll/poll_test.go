package poll_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tickroom/net/poll"
	"tickroom/net/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAConversationOverAStream(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		p.saying(wire.Ping{T: 9}, wire.Command{N: 1, Data: aim{1}})
		p.hears(wire.Pong{T: 9, Tick: 42}, "a ping is answered")
		s.room.link("ann").Send(encode(wire.Chat{Text: "hi"}))
		p.hears(wire.Chat{Text: "hi"}, "what the room says comes at once")
		p.saying(wire.Input{Tick: 5, Data: aim{1}})
		p.saying(wire.Leave{N: 2})
		p.hearsEnd(wire.CloseLeft, "the player left")
		want := []string{"ann command {X:1}", "ann input 5"}
		if got := s.room.all(); !slices.Equal(got, want) {
			s.Errorf("the room heard %q, want %q", got, want)
		}
		synctest.Wait()
		s.wants(p.tries(wire.Ping{}), 410, "the connection has ended")
	})
}

func TestAConversationByPolling(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.polling("ann")
		p.saying(wire.Ping{T: 9}, wire.Command{N: 1, Data: aim{1}})
		p.polled([]wire.Message{wire.Pong{T: 9, Tick: 42}}, "what was there before the poll is answered at once")
		s.room.link("ann").Send(encode(wire.Chat{Text: "hi"}))
		s.room.link("ann").Send(encode(wire.Chat{Text: "there"}))
		s.room.link("ann").Snapshot(encode(wire.Snapshot{Tick: 1, View: look{}}))
		p.polled([]wire.Message{wire.Chat{Text: "hi"}, wire.Chat{Text: "there"}, wire.Snapshot{Tick: 1, View: look{}}}, "all that is due comes with one answer")
		p.saying(wire.Leave{N: 2})
		got := p.messages(p.wants(p.asks(), 200, "bye is said in an answer"))
		if bye, ok := got[len(got)-1].(wire.Bye); !ok || bye.Code != wire.CloseLeft {
			s.Errorf("got %#v, want bye in the end", got)
		}
		synctest.Wait()
		s.wants(p.asks(), 410, "the connection has ended")
	})
}

func TestAPollWaitsForSomethingToSay(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p, began := s.polling("ann"), time.Now()
		p.polled(nil, "nothing was said")
		if took := time.Since(began); took != wire.PollWait {
			s.Errorf("answered after %v, want %v: well within what proxies wait", took, wire.PollWait)
		}
		began = time.Now()
		go func() {
			time.Sleep(time.Second)
			l := s.room.link("ann")
			l.Send(encode(wire.Chat{Text: "first"}))
			time.Sleep(time.Millisecond) // the room is not done with its tick
			l.Send(encode(wire.Chat{Text: "second"}))
			l.Snapshot(encode(wire.Snapshot{Tick: 2, View: look{}}))
		}()
		p.polled([]wire.Message{wire.Chat{Text: "first"}, wire.Chat{Text: "second"}, wire.Snapshot{Tick: 2, View: look{}}}, "what a tick says goes in one answer")
		if took := time.Since(began); took > time.Second+10*time.Millisecond {
			s.Errorf("answered after %v, want a moment after the first frame", took)
		}
	})
}

func TestBetweenTwoPollsViewsReplaceEachOther(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.polling("ann")
		view := func(n int32) wire.Message { return wire.Snapshot{Tick: 1, View: look{n}} }
		l := s.room.link("ann")
		l.Snapshot(encode(view(0)))
		p.polled([]wire.Message{view(0)}, "the newest of now")
		for n := range int32(50) {
			l.Snapshot(encode(view(n + 1)))
			if n == 20 {
				l.Send(encode(wire.Chat{Text: "between"}))
			}
		}
		p.polled([]wire.Message{wire.Chat{Text: "between"}, view(50)}, "one view, the newest, behind what must arrive")
	})
}

func TestAnAnswerIsBounded(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.polling("ann")
		long := wire.Chat{Text: strings.Repeat("x", 30<<10)}
		for range 7 {
			s.room.link("ann").Send(encode(long))
		}
		p.polled([]wire.Message{long, long, long}, "an answer has enough above 64 KiB")
		p.polled([]wire.Message{long, long, long}, "the rest goes with the next")
		p.polled([]wire.Message{long}, "and the last of it")
	})
}

func TestSilenceEndsAConnection(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p, began := s.streams("ann"), time.Now()
		p.hearsEnd(wire.CloseDead, "nothing was heard for too long")
		if took := time.Since(began); took != wire.DeadAfter {
			s.Errorf("closed after %v, want %v", took, wire.DeadAfter)
		}
	})
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		for range 10 {
			time.Sleep(wire.PingEvery)
			p.saying(wire.Ping{})
			p.hears(wire.Pong{Tick: 42}, "who pings lives on, beyond every time of the HTTP server")
		}
	})
	play(t, poll.Config{}, func(s *stage) {
		p := s.polling("ann")
		time.Sleep(20 * time.Second) // it neither polls nor pings
		synctest.Wait()
		if !s.room.heard("ann gone") || s.meter.count(wire.CloseDead) != 1 {
			s.Errorf("meter %v, room %q: the seat is held from now on", s.meter.closed, s.room.all())
		}
		s.wants(p.asks(), 410, "the connection is forgotten: nobody came for its bye")
	})
}

func TestAClientThatGoesIsGoneAtOnce(t *testing.T) {
	for name, goes := range map[string]func(s *stage){
		"from its stream": func(s *stage) {
			p := s.streams("ann")
			synctest.Wait()
			p.body.Close()
		},
		"from a poll that waits": func(s *stage) {
			p := s.polling("ann")
			ctx, cancel := context.WithTimeout(s.Context(), time.Second)
			defer cancel()
			before := *s
			if response := (&player{stage: &before, conn: p.conn}).asksUntil(ctx); response != nil {
				s.Errorf("answered %v, want no answer", response)
			}
		},
	} {
		play(t, poll.Config{}, func(s *stage) {
			goes(s)
			synctest.Wait()
			if !s.room.heard("ann gone") || s.meter.count(0) != 1 {
				s.Errorf("%s: meter %v, room %q: the seat is held from now on", name, s.meter.closed, s.room.all())
			}
		})
	}
}

func TestALinkGoesOnOverAnotherTransport(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		p.saying(wire.Command{N: 1, Data: aim{1}})
		synctest.Wait()
		older := *p
		s.room.link("ann").Send(encode(wire.Chat{Text: "not seen"}))
		p.opensPoll(hello("ann", p.link, 1, 2), wire.Linked{Resumed: true, Received: 1}, wire.Chat{Text: "not seen"})
		older.hearsEnd(wire.CloseReplaced, "one link, one connection")
		p.saying(wire.Command{N: 1, Data: aim{1}}, wire.Command{N: 2, Data: aim{2}})
		want := []string{"ann command {X:1}", "ann back", "ann command {X:2}"}
		if got := s.room.all(); !slices.Equal(got, want) {
			s.Errorf("the room heard %q, want %q: a command is done once, and the seat was not left for a moment", got, want)
		}
	})
}

func TestAnAnswerThatWasLostIsTheLinksBusiness(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.polling("ann")
		lost := wire.Chat{Text: "lost on the way"}
		s.room.link("ann").Send(encode(lost))
		p.polled([]wire.Message{lost}, "it is answered, and let us say that it does not arrive")
		p.polls--
		s.wants(p.asks(), 410, "a poll that comes again is not answered twice")
		p.opensPoll(hello("ann", p.link, 1, 2), wire.Linked{Resumed: true}, lost)
	})
}

func TestASayThatComesAgainDoesNothing(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		p.saying(wire.Input{Tick: 1, Data: aim{}})
		for range 3 {
			p.says--
			p.saying(wire.Input{Tick: 2, Data: aim{}})
		}
		p.saying(wire.Input{Tick: 3, Data: aim{}})
		if got, want := s.room.all(), []string{"ann input 1", "ann input 3"}; !slices.Equal(got, want) {
			s.Errorf("the room heard %q, want %q: browsers and proxies repeat requests", got, want)
		}
	})
}

func TestWhoIsNotLetInIsToldWhy(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		for path, body := range map[string][]byte{
			"stream": hello("none", "L", 0, 1),
			"poll":   hello("none", "M", 0, 1),
		} {
			got := s.messages(s.wants(s.post(path, body), 200, "a connection opens"))
			if bye, ok := got[len(got)-1].(wire.Bye); !ok || len(got) != 2 || bye.Code != wire.CloseTicket {
				s.Errorf("%s: got %#v, want opened and bye, as over a WebSocket", path, got)
			}
		}
		got := s.messages(s.wants(s.post("stream", framed(wire.Command{N: 1, Data: aim{}})), 200, "a connection opens"))
		if bye, ok := got[len(got)-1].(wire.Bye); !ok || bye.Code != wire.CloseProtocol {
			s.Errorf("got %#v, want bye to who does not say hello first", got)
		}
	})
}

func TestAPanicEndsOneConnection(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		good := s.streams("good")
		for _, path := range []string{"stream", "poll"} {
			if response := s.post(path, hello("panic", path, 0, 1)); response != nil {
				s.Errorf("%s answered %d; want to see it cut, not half dead", path, response.StatusCode)
			}
		}
		good.saying(wire.Ping{T: 1})
		good.hears(wire.Pong{T: 1, Tick: 42}, "the others do not notice")
	})
}

func TestThereIsAMostOfConnections(t *testing.T) {
	play(t, poll.Config{MaxConns: 2}, func(s *stage) {
		first := s.streams("a")
		s.polling("b")
		for _, path := range []string{"stream", "poll"} {
			response := s.post(path, hello("c", "L", 0, 1))
			if response.Header.Get("Retry-After") == "" {
				s.Error("it does not say when to come back")
			}
			s.wants(response, 503, "one too many")
		}
		first.body.Close()
		synctest.Wait()
		s.streams("c")
	})
}

func TestShutdown(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		streaming, polling, between := s.streams("a"), s.polling("b"), s.polling("c")
		answer := make(chan []byte, 1)
		go func() { answer <- s.wants(polling.asks(), 200, "a poll that waits is answered") }()
		synctest.Wait()
		began, done := time.Now(), make(chan error, 1)
		go func() { done <- s.server.Shutdown(s.Context()) }()
		streaming.hearsEnd(wire.CloseGoingAway, "players are told to come back")
		got := s.messages(<-answer)
		if bye, ok := got[0].(wire.Bye); !ok || bye.Code != wire.CloseGoingAway {
			s.Errorf("the poll was answered %#v, want bye", got)
		}
		s.wants(s.post("stream", hello("d", "L", 0, 1)), 503, "nobody is let in any more")
		if err := <-done; err != nil || time.Since(began) > 4*time.Second {
			s.Errorf("took %v: %v; who does not poll does not hold the server up", time.Since(began), err)
		}
		s.wants(between.asks(), 410, "too late for bye")
	})
	play(t, poll.Config{}, func(s *stage) {
		asleep := s.streams("asleep")
		for range 3 { // it does not read: the pipe is full
			s.room.link("asleep").Send(encode(wire.Chat{Text: strings.Repeat("x", 60<<10)}))
		}
		synctest.Wait()
		why := errors.New("second Ctrl-C")
		ctx, cancel := context.WithCancelCause(s.Context())
		cancel(why)
		began := time.Now()
		if err := s.server.Shutdown(ctx); !errors.Is(err, why) || time.Since(began) > time.Second {
			s.Errorf("took %v: %v; want the context's cause, at once", time.Since(began), err)
		}
		asleep.body.Close()
	})
}

func TestASlowReaderCostsItselfOnly(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		slow, good := s.streams("slow"), s.streams("good")
		long := wire.Chat{Text: strings.Repeat("x", 32<<10)}
		for i := range uint32(16) {
			s.room.link("slow").Send(encode(long))
			s.room.link("good").Send(encode(long))
			good.hears(long, "who reads gets everything")
			good.saying(wire.Ack{Seen: 2 + i}) // welcome was the first
			synctest.Wait()
		}
		if !s.room.heard("slow gone") || s.meter.count(wire.CloseSlow) != 1 {
			s.Errorf("meter %v, room %q: a full queue ends that connection at once", s.meter.closed, s.room.all())
		}
		time.Sleep(5 * time.Second) // for bye, which it does not read either
		synctest.Wait()
		s.wants(slow.tries(wire.Ping{}), 410, "it was cut")
		good.saying(wire.Ping{T: 1})
		good.hears(wire.Pong{T: 1, Tick: 42}, "the others play on")
		slow.body.Close()
	})
}

func TestOfViewsASlowReaderGetsTheNewestOnly(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("slow")
		long := func(n int32) wire.Message { return wire.Snapshot{Tick: 1, View: look{n}} }
		l := s.room.link("slow")
		l.Send(encode(wire.Chat{Text: strings.Repeat("x", 64<<10)})) // fills the pipe until it is read
		synctest.Wait()
		for n := range int32(100) {
			l.Snapshot(encode(long(n)))
			time.Sleep(10 * time.Millisecond)
		}
		p.hears(wire.Chat{Text: strings.Repeat("x", 64<<10)}, "it reads again")
		p.hears(long(99), "nothing else is queued")
		l.Send(encode(wire.Chat{Text: "next"}))
		p.hears(wire.Chat{Text: "next"}, "nor behind it")
	})
}
