package link_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tickroom/net/link"
	"tickroom/net/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAMemberSpeaksToItsRoom(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Command{N: 1, Data: aim{3}})
		s.heard("command 1 {X:3}", "a command reaches the room decoded, as a value of the game's type")
		s.says(wire.Input{Tick: 9, Data: aim{-1}})
		s.heard("input 9 {X:-1}", "an input keeps its tick")
		s.says(wire.Say{N: 2, Text: "two\nlines"})
		s.heard(`say 2 "two lines"`, "a line of chat is one line")
		s.says(wire.Show{Tick: 7, Speed: 50, Seat: 1})
		s.heard("show 7 at 50 as 1", "a wish of who watches a replay is passed on as it is")
		s.says(wire.Ping{T: 5})
		s.reads(wire.Pong{T: 5, Tick: 42, Micros: 1500}, "a ping is answered at once, without waiting for the room")
		s.says(wire.Leave{N: 3})
		s.heard("leave", "leaving is for the room to do")
		s.room.link().Close(wire.CloseLeft, "You left.")
		s.heardNothing("the room knows that it closed")
		s.readsBye(wire.CloseLeft, "the client is told that it left")
	})
}

func TestWhatTheClientSaysIsTakenOnceAndInOrder(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Command{N: 1, Data: aim{1}})
		s.heard("command 1 {X:1}", "it is the next")
		s.says(wire.Command{N: 1, Data: aim{1}})
		s.says(wire.Say{N: 1, Text: "hi"})
		s.says(wire.Leave{N: 1})
		s.heardNothing("a number that came before is nothing, whatever it says now")
		s.says(wire.Say{N: 3, Text: "hi"})
		s.heard("gone", "message 2 is missing: nothing is done, and the connection ends")
		s.readsBye(wire.CloseProtocol, "a client that skips numbers would do it again")
	})
}

func TestOneFrameIsOnItsWayAtATime(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2, 3) // fakeConn panics if two are on their way
		s.readsReplies("what must arrive arrives in order", 1, 2, 3)
		s.readsNothing("all has arrived")
	})
}

func TestAPongGoesAheadOfTheQueue(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2)
		s.says(wire.Ping{T: 5})
		s.readsReplies("it was on its way", 1)
		s.reads(wire.Pong{T: 5, Tick: 42, Micros: 1500}, "a pong that waits in a queue would measure the queue")
		s.readsReplies("and then the queue goes on", 2)
	})
}

func TestOnlyTheNewestViewIsSent(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		view := func(n uint32) wire.Snapshot { return wire.Snapshot{View: look{N: n}} }
		for n := range uint32(3) {
			s.room.link().Snapshot(frame(t, view(n+1)))
		}
		s.sends(1)
		s.room.link().Snapshot(frame(t, view(4)))
		s.reads(view(1), "the first view went at once")
		s.readsReplies("what must arrive goes before a view", 1)
		s.reads(view(4), "views 2 and 3 were replaced while 1 was on its way")
		s.readsNothing("a view is sent once")
		if s.replaced != 2 {
			t.Errorf("meter saw %d replaced, want 2: operators see how many players fall behind", s.replaced)
		}
	})
}

func TestTheBudgetOfViewsMakesThemFewerAndFresher(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		const views, rate, size = 150, 30, 16 << 10 // five seconds of almost four times ViewRate
		pad := strings.Repeat("x", size)
		var read, newest uint32
		look1 := func(why string) {
			for f := s.conn.take(); f != nil; f = s.conn.take() {
				s.port.Sent()
				m, err := wire.DecodeServer(f, testGame)
				if err != nil {
					t.Fatal(err)
				}
				v := m.(wire.Snapshot).View.(look)
				if v.N <= newest {
					t.Fatalf("view %d came after %d: %s", v.N, newest, why)
				}
				read, newest = read+1, v.N
			}
		}
		for n := range uint32(views) {
			s.room.link().Snapshot(frame(t, wire.Snapshot{View: look{N: n + 1, Pad: pad}}))
			look1("each is newer than the one before")
			if n > views/2 && n-newest > 4 {
				t.Fatalf("view %d is the newest that came by %d: those that are skipped are the older ones", newest, n)
			}
			s.wait(time.Second / rate)
		}
		if most := uint32(wire.ViewBurst/size + 5*wire.ViewRate/size + 1); read > most || read < most*3/4 {
			t.Errorf("%d views came; want close to %d, what the budget has for", read, most)
		}
		s.says(wire.Ping{}) // lives on
		s.reads(wire.Pong{Tick: 42, Micros: 1500}, "a ping needs no budget")
		s.sends(1)
		s.readsReplies("nor does what must arrive", 1)
		s.wait(time.Second)
		look1("the last is newer too")
		if newest != views {
			t.Errorf("view %d is the last that came, want %d: what a match ends with is seen", newest, views)
		}
	})
}

func TestHelloMustComeFirstAndInTime(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.wait(wire.HelloTimeout - time.Millisecond)
		s.readsNothing("there is time left")
		s.wait(time.Millisecond)
		s.readsBye(wire.CloseHello, "who says nothing for 5 s is closed")
	})
	for _, m := range []wire.Message{wire.Say{N: 1, Text: "hi"}, wire.Leave{N: 1}, wire.Ack{}, wire.Command{N: 1, Data: aim{}}} {
		play(t, func(t *testing.T, s *stage) {
			s.says(m)
			s.readsBye(wire.CloseProtocol, "nothing counts before hello")
		})
	}
	play(t, func(t *testing.T, s *stage) {
		s.says(wire.Ping{T: 7})
		s.reads(wire.Pong{T: 7}, "a client may find out first whether anything comes through")
		s.wait(wire.HelloTimeout)
		s.readsBye(wire.CloseHello, "but pings are no hello")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 2})
		s.heard("gone", "a second hello ends the connection")
		s.readsBye(wire.CloseProtocol, "hello is said once")
	})
}

func TestARefusedTicketIsToldWhy(t *testing.T) {
	for _, c := range []struct {
		err  error
		code wire.CloseCode
	}{
		{link.ErrTicket, wire.CloseTicket},
		{fmt.Errorf("room 7: %w", link.ErrOver), wire.CloseOver},
		{link.ErrBusy, wire.CloseBusy},
		{link.ErrGoingAway, wire.CloseGoingAway},
		{errors.New("disk on fire"), wire.CloseBusy},
	} {
		play(t, func(t *testing.T, s *stage) {
			s.room.err = c.err
			s.says(wire.Hello{Ticket: "bad", Link: s.name, Try: 1})
			s.heard("join bad", "the room decides")
			s.readsBye(c.code, fmt.Sprintf("%q has this code", c.err))
		})
	}
}

func TestBytesThatAreNoMessageEndTheConnection(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.port.Received([]byte("\x93\x02\x01\xdd\xff\xff\xff\xff"))
		s.heard("gone", "the room sees only that nothing carries the link")
		s.readsBye(wire.CloseProtocol, "such a client would do it again")
		s.says(wire.Leave{N: 1})
		s.heardNothing("what comes after counts for nothing")
	})
}

func TestByeWaitsForWhatWasQueuedButNotForEver(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		l := s.room.link()
		s.sends(1)
		l.Send(frame(t, wire.Over{Reason: "score"}))
		last := wire.Snapshot{View: look{N: 1}}
		l.Snapshot(frame(t, last))
		l.Close(wire.CloseOver, "The room is closed.")
		l.Close(wire.CloseSlow, "The first call counts.")
		s.sends(2)
		l.Snapshot(frame(t, wire.Snapshot{View: look{N: 2}}))
		l.Begin(frame(t, welcome))
		s.readsReplies("it was on its way", 1)
		s.reads(wire.Over{Reason: "score"}, "how the match ended was queued before")
		s.reads(last, "and so was what it ended with")
		s.readsBye(wire.CloseOver, "nothing from after the close")
		s.heardNothing("the room closed it, and knows")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1)
		s.room.link().Close(wire.CloseGoingAway, "The server is stopping.")
		s.wait(3*time.Second - time.Millisecond)
		s.closedWith(0, "the client has time to read")
		s.wait(time.Millisecond)
		s.closedWith(wire.CloseGoingAway, "a server that stops does not wait for who does not read")
		s.port.Sent() // late, and nothing
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		l := s.room.link()
		for range 2 { // the first takes all of the budget
			l.Snapshot(frame(t, wire.Snapshot{View: look{Pad: strings.Repeat("x", wire.ViewBurst)}}))
		}
		s.take("the budget has room for the first")
		l.Close(wire.CloseOver, "The room is closed.")
		s.wait(time.Second) // the budget has room for the second again, but bye is on its way
		s.readsBye(wire.CloseOver, "bye does not wait for the budget of views, and is the last")
	})
}

func TestALinkLostWhileJoiningDoesNotKeepTheSeatTaken(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.room.slow = time.Second
		hello := frame(t, wire.Hello{Ticket: "good", Link: "FIRST", Try: 1})
		go s.port.Received(hello)
		s.wait(time.Second / 2)
		s.port.Lost(0)
		s.wait(time.Second)
		if got := fmt.Sprint(s.room.ever); got != "[join good gone]" {
			t.Errorf("the room heard %s; a member that joined a lost link must be gone at once", got)
		}
	})
}

func TestAConnectionClosedBeforeItsHelloIsReadJoinsNothing(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.port.Close(wire.CloseGoingAway, "The server is stopping.")
		s.says(wire.Hello{Ticket: "good", Link: "FIRST", Try: 1})
		s.heardNothing("no seat is taken by who is being sent away")
		s.readsBye(wire.CloseGoingAway, "it is told why")
	})
}
