package link_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tickroom/net/link"
	"tickroom/net/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func frame(t *testing.T, m wire.Message) wire.Frame {
	t.Helper()
	f, err := wire.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAMemberSpeaksToItsRoom(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.client(wire.Command{N: 7, Data: aim{3}})
		s.heard("command 7 {X:3}", "a command reaches the room decoded, as a value of the game's type")
		s.client(wire.Input{Tick: 9, Data: aim{-1}})
		s.heard("input 9 {X:-1}", "an input keeps its tick")
		s.client(wire.Say{N: 8, Text: "two\nlines"})
		s.heard(`say 8 "two lines"`, "a line of chat is one line")
		s.client(wire.Ping{T: 5})
		s.reads(wire.Pong{T: 5, Tick: 42, Micros: 1500}, "a ping is answered at once, without waiting for the room")
		s.client(wire.Leave{})
		s.heard("leave", "leaving is for the room to do")
		s.link.Close(wire.CloseLeft, "You left.")
		s.heard("gone", "a room that closed the link hears it gone like any other")
		s.readsBye(wire.CloseLeft, "the client is told that it left")
	})
}

func TestOneFrameIsOnItsWayAtATime(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for n := range uint32(3) {
			s.link.Send(frame(t, wire.Reply{N: n})) // fakeConn panics if two are on their way
		}
		for n := range uint32(3) {
			s.reads(wire.Reply{N: n}, "what must arrive arrives in order")
		}
		s.readsNothing("all has arrived")
	})
}

func TestOnlyTheNewestViewIsSent(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		view := func(n uint32) wire.Snapshot { return wire.Snapshot{View: look{n}} }
		s.link.Snapshot(frame(t, view(1)))
		s.link.Snapshot(frame(t, view(2)))
		s.link.Snapshot(frame(t, view(3)))
		s.link.Send(frame(t, wire.Reply{N: 1}))
		s.link.Snapshot(frame(t, view(4)))
		s.reads(view(1), "the first view went at once")
		s.reads(wire.Reply{N: 1}, "what must arrive goes before a view")
		s.reads(view(4), "views 2 and 3 were replaced while 1 was on its way")
		s.readsNothing("a view is sent once")
		if s.replaced != 2 {
			t.Errorf("meter saw %d replaced, want 2: operators see how many players fall behind", s.replaced)
		}
	})
}

func TestASlowReaderCostsOnlyItself(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		big := frame(t, wire.Chat{Text: strings.Repeat("x", 64<<10)})
		for range 5 { // one on its way, and 4 fill 256 KiB but for their heads
			s.link.Send(big)
		}
		s.closedWith(0, "the queue is not full yet")
		s.heard("gone", "the fifth did not fit: the seat is held for a client that comes back")
		s.link.Send(big) // nothing: the room may not know yet
		s.conn.take()
		s.link.Sent()
		s.readsBye(wire.CloseSlow, "what was queued is given up; why is told")
	})
}

func TestManySmallFramesFillTheQueueToo(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		small := frame(t, wire.Reply{})
		for range wire.MaxQueueFrames + 1 {
			s.link.Send(small)
		}
		s.heardNothing("one on its way and a full queue")
		s.link.Send(small)
		s.heard("gone", "one more does not fit: the count is bounded as the bytes are")
	})
}

func TestAFrameLargerThanTheQueueGoesAlone(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		huge := wire.Notice{Text: strings.Repeat("x", wire.MaxQueue)}
		s.link.Send(frame(t, wire.Reply{N: 1}))
		s.link.Send(frame(t, huge))
		s.reads(wire.Reply{N: 1}, "it was first")
		s.reads(huge, "a large frame in an empty queue is not a slow reader")
	})
}

func TestHelloMustComeFirstAndInTime(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.wait(wire.HelloTimeout - time.Millisecond)
		s.readsNothing("there is time left")
		s.wait(time.Millisecond)
		s.readsBye(wire.CloseHello, "who says nothing for 5 s is closed")
	})
	for _, m := range []wire.Message{wire.Ping{T: 1}, wire.Say{N: 1, Text: "hi"}, wire.Leave{}, wire.Command{N: 1, Data: aim{}}} {
		play(t, func(t *testing.T, s *stage) {
			s.client(m)
			s.readsBye(wire.CloseProtocol, "nothing counts before hello")
		})
	}
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.client(wire.Hello{Ticket: "good"})
		s.heard("gone", "a second hello ends the link")
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
			s.client(wire.Hello{Ticket: "bad"})
			s.heard("join bad", "the room decides")
			s.readsBye(c.code, fmt.Sprintf("%q has this code", c.err))
		})
	}
}

func TestSilenceIsDeathAndAnyTrafficIsLife(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range 5 {
			s.wait(wire.DeadAfter - time.Millisecond)
			s.client(wire.Input{Tick: 1, Data: aim{}})
			s.heard("input 1 {X:0}", "any traffic counts as alive, not only pings")
		}
		s.wait(wire.DeadAfter - time.Millisecond)
		s.readsNothing("not silent for long enough")
		s.wait(time.Millisecond)
		s.heard("gone", "12 s of silence: the seat is held")
		s.readsBye(wire.CloseDead, "should it still listen, it may come back")
	})
}

func TestAFloodClosesItsLink(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for range wire.FrameBurst - 1 { // hello was one
			s.client(wire.Ping{})
			s.reads(wire.Pong{Tick: 42, Micros: 1500}, "a burst after a stall is let through")
		}
		s.client(wire.Ping{})
		s.readsBye(wire.CloseFlood, "one frame more than the burst")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.wait(5 * time.Second)
		for range 10 * wire.MaxFrameRate {
			s.wait(time.Second/wire.MaxFrameRate + time.Microsecond)
			s.client(wire.Input{Tick: 1, Data: aim{}})
		}
		s.closedWith(0, "the rate itself may be kept up for ever")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		long := frame(t, wire.Say{N: 1, Text: strings.Repeat("x", 8000)})
		for n := 0; n <= wire.ByteBurst; n += len(long) {
			s.link.Received(long)
		}
		s.link.Lost(0)
		if s.closed != int(wire.CloseFlood) {
			t.Errorf("closed with %d, want flood: bytes are bounded as frames are", s.closed)
		}
	})
}

func TestChatBeyondItsLengthIsRefused(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.client(wire.Say{N: 1, Text: strings.Repeat("ü", wire.MaxChat)})
		s.heard("say 1 \""+strings.Repeat("ü", wire.MaxChat)+"\"", "characters are counted, not bytes")
		s.client(wire.Say{N: 2, Text: strings.Repeat("x", wire.MaxChat+1)})
		s.heardNothing("the link refuses it")
		s.reads(wire.Reply{N: 2, Code: "too-long", Text: "A line of chat has at most 280 characters."}, "a refusal, not a close: people type")
	})
}

func TestBytesThatAreNoMessageCloseTheLink(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.link.Received([]byte("\x93\x02\x01\xdd\xff\xff\xff\xff"))
		s.heard("gone", "the room sees only that the link ended")
		s.readsBye(wire.CloseProtocol, "such a client would do it again")
		s.link.Received([]byte("\x91\x06"))
		s.heardNothing("what comes after counts for nothing")
	})
}

func TestAFullMailboxClosesAsBusy(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.room.busy = true
		s.client(wire.Command{N: 1, Data: aim{}})
		s.readsBye(wire.CloseBusy, "the room did not take it; the client may come back")
	})
}

func TestByeWaitsForWhatWasQueuedButNotForEver(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.link.Send(frame(t, wire.Reply{N: 1}))
		s.link.Send(frame(t, wire.Over{Reason: "score"}))
		s.link.Snapshot(frame(t, wire.Snapshot{View: look{1}}))
		s.link.Close(wire.CloseOver, "The room is closed.")
		s.link.Close(wire.CloseSlow, "The first call counts.")
		s.link.Send(frame(t, wire.Reply{N: 2}))
		s.reads(wire.Reply{N: 1}, "it was on its way")
		s.reads(wire.Over{Reason: "score"}, "how the match ended was queued before")
		s.readsBye(wire.CloseOver, "no view any more, and nothing from after the close")
	})
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.link.Send(frame(t, wire.Reply{N: 1}))
		s.link.Close(wire.CloseGoingAway, "The server is stopping.")
		s.wait(3*time.Second - time.Millisecond)
		s.closedWith(0, "the client has time to read")
		s.wait(time.Millisecond)
		s.closedWith(wire.CloseGoingAway, "a server that stops does not wait for who does not read")
		s.link.Sent() // late, and nothing
	})
}

func TestALinkLostWhileJoiningDoesNotKeepTheSeatTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &fakeRoom{slow: time.Second}
		l := link.Open(link.Config{Host: room}, &fakeConn{})
		go l.Received(frame(t, wire.Hello{Ticket: "good"}))
		time.Sleep(time.Second / 2)
		l.Lost(0)
		time.Sleep(time.Second)
		synctest.Wait()
		if room.count("gone") != 1 {
			t.Errorf("the room heard %q; a member that joined a lost link must be gone at once", room.ever)
		}
	})
}

func TestALostConnectionHoldsTheSeat(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.link.Lost(0)
		s.heard("gone", "the room holds the seat from now on")
		s.link.Send(frame(t, wire.Reply{N: 1}))
		s.link.Snapshot(frame(t, wire.Snapshot{View: look{1}}))
		s.link.Close(wire.CloseOver, "The room is closed.")
		s.readsNothing("nobody is there to read")
		s.closedWith(0, "and nothing is there to close")
	})
}
