package client_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/client"
	"tickroom/net/wire"
)

// asks starts a command and gives what will be its outcome. One after the
// other, they are asked in order.
func (s *stage) asks(c *client.Client, x int8) <-chan error {
	outcome := make(chan error, 1)
	go func() { outcome <- c.Command(s.Context(), move{x}) }()
	synctest.Wait()
	return outcome
}

func (s *stage) wantsErr(outcome <-chan error, want error, why string) {
	s.Helper()
	if got := <-outcome; !errors.Is(got, want) {
		s.Errorf("got %v, want %v: %s", got, want, why)
	}
}

func TestACommandIsDoneOnceWhereverTheConnectionIsCut(t *testing.T) {
	command := wire.Command{N: 1, Data: move{1}}
	for when, script := range map[string][]func(*server){
		"before the command arrives": {func(s *server) {
			s.welcomes()
			time.Sleep(time.Second) // and reads nothing
		}, func(s *server) {
			s.resumes(1, 0)
			s.wants(command, "it has not arrived")
			s.sends(wire.Reply{N: 1})
			s.untilGone()
		}},
		"before the reply is sent": {func(s *server) {
			s.welcomes()
			s.wants(command, "it was asked")
		}, func(s *server) {
			s.resumes(1, 1)
			s.sends(wire.Reply{N: 1})
			s.untilGone()
		}},
		"before the command and again before the reply": {func(s *server) {
			s.welcomes()
			time.Sleep(time.Second)
		}, func(s *server) {
			s.resumes(1, 0)
			s.wants(command, "it has not arrived")
		}, func(s *server) {
			s.resumes(1, 1)
			s.sends(wire.Reply{N: 1})
			s.untilGone()
		}},
		"after the reply": {func(s *server) {
			s.welcomes()
			s.wants(command, "it was asked")
			s.sends(wire.Reply{N: 1})
			s.flushes()
		}, func(s *server) {
			s.resumes(2, 1)
			s.untilGone()
		}},
	} {
		play(t, script, func(s *stage) {
			c := s.mustJoin()
			if err := c.Command(s.Context(), move{1}); err != nil {
				s.Errorf("cut %s: %v; want to hear that it was done", when, err)
			}
			time.Sleep(2 * time.Second)
			if len(s.script) > 0 || c.Err() != nil {
				s.Errorf("cut %s: %d connections were not made, ended with %v", when, len(s.script), c.Err())
			}
			c.Close()
		})
	}
}

func TestWhatIsAskedWhileAwayIsSentInOrder(t *testing.T) {
	play(t, []func(*server){welcomed, nil, nil, func(s *server) {
		s.resumes(1, 0)
		s.wants(wire.Command{N: 1, Data: move{1}}, "the first that was asked")
		s.wants(wire.Say{N: 2, Text: "two"}, "chat is numbered with commands")
		s.wants(wire.Command{N: 3, Data: move{3}}, "the last that was asked")
		for n := range uint32(3) {
			s.sends(wire.Reply{N: n + 1})
		}
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		first := s.asks(c, 1)
		said := make(chan error, 1)
		go func() { said <- c.Say(s.Context(), "two") }()
		synctest.Wait()
		last := s.asks(c, 3)
		if err := c.Input(5, move{1}); !errors.Is(err, client.ErrAway) {
			s.Errorf("got %v; want ErrAway: an input is worth nothing later", err)
		}
		for _, outcome := range []<-chan error{first, said, last} {
			s.wantsErr(outcome, nil, "it was kept and sent")
		}
		if len(s.drops()) != 3 {
			s.Errorf("drops %v; want to have been away for two tries", s.drops())
		}
		c.Close()
	})
}

func TestALinkThatTheServerForgotLosesWhatWasAsked(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		s.wants(wire.Command{N: 1, Data: move{1}}, "it was asked")
	}, nil, func(s *server) {
		s.forgets(1)
		s.wants(wire.Command{N: 1, Data: move{3}}, "a new link is numbered from 1")
		s.sends(wire.Reply{N: 1})
		s.flushes()
	}, func(s *server) {
		s.resumes(2, 1)
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		arrived := s.asks(c, 1)
		kept := s.asks(c, 2)
		s.wantsErr(arrived, client.ErrLost, "nobody knows whether it was done")
		s.wantsErr(kept, client.ErrLost, "who asked for it asked another match, for all it knows")
		if err := c.Command(s.Context(), move{3}); err != nil {
			s.Errorf("got %v; want nil: the new link is as good", err)
		}
		time.Sleep(time.Second)
		if got := kinds(s.told()); got != "wire.Welcome wire.Welcome wire.Reply" || len(s.script) > 0 {
			s.Errorf("told %s, %d connections not made; want all that counts anew, from welcome on", got, len(s.script))
		}
		c.Close()
	})
}

func TestWhatWasNotSentToAServerThatForgotTheLinkIsSentToItNow(t *testing.T) {
	play(t, []func(*server){welcomed, nil, func(s *server) {
		s.forgets(1)
		s.wants(wire.Command{N: 1, Data: move{1}}, "nothing of it was sent, so nothing is in doubt")
		s.sends(wire.Reply{N: 1})
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		s.wantsErr(s.asks(c, 1), nil, "it waited and was done")
		c.Close()
	})
}

func TestLeavingIsSaidAgainToAServerThatForgotTheLink(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		s.wants(wire.Leave{N: 1}, "said once, and lost")
	}, nil, func(s *server) {
		s.forgets(1)
		s.wants(wire.Leave{N: 1}, "who leaves is not kept by a server that starts again")
		s.closes(wire.CloseLeft, "You left.")
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		if err := c.Leave(s.Context()); err != nil {
			s.Errorf("got %v; want nil: the seat is given up", err)
		}
		<-c.Done()
	})
}

func TestWhatWasNotSentInTimeIsWithdrawn(t *testing.T) {
	play(t, []func(*server){welcomed, nil, nil, nil, func(s *server) {
		s.resumes(1, 0)
		s.wants(wire.Command{N: 1, Data: move{2}}, "numbers have no gap where something was withdrawn")
		s.sends(wire.Reply{N: 1})
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(s.Context(), 10*time.Millisecond)
		defer cancel()
		if err := c.Command(ctx, move{1}); !errors.Is(err, client.ErrUnsent) || !errors.Is(err, context.DeadlineExceeded) {
			s.Errorf("got %v; want ErrUnsent and the reason: it was not done, nor will be", err)
		}
		s.wantsErr(s.asks(c, 2), nil, "what was asked after it does not wait for it")
		c.Close()
	})
}

func TestALinkThatIsBehindSendsWhatDidNotArrive(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		s.sends(wire.Chat{Text: "seen"})
		s.wants(wire.Command{N: 1, Data: move{1}}, "it was asked")
		s.flushes()
	}, nil, func(s *server) {
		s.greeted(2)
		s.sends(wire.Linked{Why: "behind", Received: 1})
		s.sends(welcome)
		s.wants(wire.Command{N: 2, Data: move{2}}, "it had not arrived; numbers go on")
		s.sends(wire.Reply{N: 2})
		s.flushes()
	}, func(s *server) {
		s.resumes(2, 2) // welcome and the reply: counted from 1 again
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		arrived := s.asks(c, 1)
		kept := s.asks(c, 2)
		s.wantsErr(arrived, client.ErrLost, "it was done or refused; the reply is lost")
		s.wantsErr(kept, nil, "the server knows what it has, so this was sent again")
		time.Sleep(time.Second)
		if c.Err() != nil || len(s.script) > 0 {
			s.Errorf("ended with %v, %d connections not made", c.Err(), len(s.script))
		}
		c.Close()
	})
}

func TestALinkedThatDidNotLastChangesNothing(t *testing.T) {
	play(t, []func(*server){welcomed, func(s *server) {
		s.greeted(1)
		s.sends(wire.Linked{Why: "unknown"})
		s.flushes() // and cut before welcome
	}, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second)
		if c.Err() != nil || len(s.script) > 0 || len(s.drops()) != 2 {
			s.Errorf("ended with %v, drops %v; want to have come back as before", c.Err(), s.drops())
		}
		c.Close()
	})
}

func TestComingBackTwiceInARowToNothingNew(t *testing.T) {
	missed := func(s *server) {
		s.resumes(1, 0)
		s.flushes()
	}
	play(t, []func(*server){welcomed, missed, missed, func(s *server) {
		s.resumes(1, 0)
		s.sends(wire.Chat{Text: "at last"})
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second)
		if got := kinds(s.told()); got != "wire.Welcome wire.Chat" {
			s.Errorf("told %s; want welcome and chat once", got)
		}
		c.Close()
	})
}

func TestComingBackLateInTheGrace(t *testing.T) {
	script := []func(*server){welcomed}
	for range 17 { // tries that fail, pauses of 4 s in the end
		script = append(script, nil)
	}
	play(t, append(script, func(s *server) {
		s.resumes(1, 0)
		s.sends(wire.Chat{Text: "meanwhile"})
		s.wants(wire.Command{N: 1, Data: move{1}}, "it was asked 50 s ago")
		s.sends(wire.Reply{N: 1})
		s.untilGone()
	}), func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		s.wantsErr(s.asks(c, 1), nil, "the seat was kept, and so was the command")
		if away := time.Since(s.began); away < 50*time.Second || away > time.Minute {
			s.Errorf("away for %v; want most of the grace", away)
		}
		c.Close()
	})
}

func TestASecondClientTakesOver(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		time.Sleep(time.Second) // until the second is here
		s.closes(wire.CloseTakenOver, "You connected from elsewhere.")
	}, stays}, func(s *stage) {
		older := s.mustJoin()
		lost := s.asks(older, 1)
		newer := s.mustJoin()
		<-older.Done()
		if e, ok := errors.AsType[*client.Closed](older.Err()); !ok || e.Code != wire.CloseTakenOver {
			s.Errorf("the older ended with %v; want 4504 and no way back: two that take over from each other never end", older.Err())
		}
		s.wantsErr(lost, client.ErrLost, "who has ended hears no answer")
		time.Sleep(time.Minute)
		if newer.Err() != nil || len(s.drops()) > 0 {
			s.Errorf("the newer ended with %v, drops %v; want it to play on", newer.Err(), s.drops())
		}
		newer.Close()
	})
}

func TestAClientThatIsAwayDoesNotGatherWithoutEnd(t *testing.T) {
	play(t, []func(*server){welcomed}, func(s *stage) {
		c := s.mustJoin()
		const most = 256
		outcomes := make(chan error, most)
		for range most {
			go func() { outcomes <- c.Command(s.Context(), move{}) }()
		}
		synctest.Wait()
		if err := c.Command(s.Context(), move{}); !errors.Is(err, client.ErrFull) {
			s.Errorf("got %v; want ErrFull: %d wait already", err, most)
		}
		c.Close()
		for range most {
			s.wantsErr(outcomes, client.ErrLost, "nobody is left waiting when the client ends")
		}
	})
}

func TestAcknowledgements(t *testing.T) {
	play(t, []func(*server){func(s *server) {
		s.welcomes()
		go func() {
			for messages := range s.more {
				for _, m := range messages {
					s.sends(m)
				}
			}
		}()
		s.untilGone()
	}}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		if got := s.acked(); !slices.Equal(got, []ack{{0, 1}}) {
			s.Errorf("acknowledged %v; want welcome, which is number 1", got)
		}
		small, large := wire.Chat{Text: "hi"}, wire.Chat{Text: string(make([]byte, wire.AckBytes/2))}
		step := func(at time.Duration, messages []wire.Message, want []ack, why string) {
			time.Sleep(time.Until(s.began.Add(at)))
			s.more <- messages
			synctest.Wait()
			if got := s.acked(); !slices.Equal(got, want) {
				s.Errorf("after %v acknowledged %v, want %v: %s", at, got, want, why)
			}
		}
		ms := time.Millisecond
		step(10*ms, slices.Repeat([]wire.Message{small}, wire.AckFrames-1), nil, "one less than it takes")
		step(20*ms, []wire.Message{small}, []ack{{20 * ms, 65}}, "64 messages")
		step(30*ms, []wire.Message{large}, nil, "half of the bytes it takes")
		step(40*ms, []wire.Message{wire.Snapshot{View: board{}}, large}, []ack{{40 * ms, 67}}, "32 KiB; a snapshot does not count")
		step(50*ms, []wire.Message{small}, nil, "little")
		step(50*ms+wire.AckAfter, nil, []ack{{wire.AckAfter, 68}}, "little, but a second old")
		step(5*time.Second, nil, nil, "nothing new")
		close(s.more)
		c.Close()
	})
}
