package link_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

var (
	resumed = wire.Linked{Resumed: true}
	behind  = wire.Linked{Why: "behind"}
)

func TestALinkGoesOnWhereItWas(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2, 3, 4)
		s.readsReplies("over the first connection", 1, 2)
		s.loses()
		s.sends(5)
		s.comes(2) // welcome and 1; 2 left the server and got lost
		s.heard("back", "the room need not tell anything again")
		s.readsLinked(resumed, "all after seen is kept")
		s.readsReplies("what was on its way, what waited, what was sent while away", 2, 3, 4, 5)
		s.readsNothing("each once")
	})
}

func TestALinkResumesWithNothingSeen(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
		s.try = 1
		s.room.takeHeard()
		s.readsLinked(wire.Linked{Why: "new"}, "all that the client learned is that it is linked")
		s.loses()
		s.comes(0)
		s.heard("back", "it is the same link, and the room need not begin again")
		s.readsLinked(wire.Linked{Why: "new"}, "nothing was seen, perhaps not even this")
		s.reads(welcome, "message 1 is the first after none, and nothing is lost")
		s.sends(1)
		s.loses()
		s.comes(1)
		s.heard("back", "")
		s.readsLinked(resumed, "who has seen welcome has read that the link is new")
		s.readsReplies("all after it", 1)
	})
}

func TestALinkResumesTwiceInARow(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2, 3)
		s.loses()
		for range 2 {
			s.comes(1)
			s.heard("back", "it is carried again")
			s.readsLinked(resumed, "what was sent over a connection that broke is still kept")
			s.readsReplies("all is sent again", 1, 2)
			s.loses()
		}
		s.comes(3)
		s.heard("back", "")
		s.readsLinked(resumed, "some of it arrived the second time")
		s.readsReplies("and the rest now", 3)
	})
}

func TestALinkResumesAfterALongQuietTime(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.loses()
		s.wait(5 * time.Hour)
		s.comes(1)
		s.heard("back", "how long a seat is held is for the room to say")
		s.readsLinked(resumed, "nothing here grows old")
		s.readsNothing("nothing was said meanwhile")
		s.sends(1)
		s.readsReplies("it goes on", 1)
	})
}

func TestWhatTheClientSaidBeforeIsNotTakenAgain(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.says(wire.Command{N: 1, Data: aim{1}})
		s.heard("command 1 {X:1}", "over the first connection")
		s.loses()
		s.comes(1)
		s.heard("back", "")
		s.readsLinked(wire.Linked{Resumed: true, Received: 1}, "the client hears what arrived")
		s.says(wire.Command{N: 1, Data: aim{1}})
		s.heardNothing("a client that sends it all the same does nothing twice")
		s.says(wire.Command{N: 2, Data: aim{2}})
		s.heard("command 2 {X:2}", "numbers go on over connections")
	})
}

func TestAnUnknownLinkBeginsAnew(t *testing.T) {
	for name, hello := range map[string]func(s *stage) wire.Hello{
		"with another ticket": func(s *stage) wire.Hello { return wire.Hello{Ticket: "other", Link: s.name, Seen: 1} },
	} {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			s.loses()
			s.connects()
			h := hello(s)
			h.Try = 2
			s.says(h)
			s.heard("join "+h.Ticket, "the ticket decides: "+name)
			s.readsLinked(wire.Linked{Why: "unknown"}, "the client counts from 1 on, both ways")
			s.reads(welcome, "message 1")
			s.says(wire.Command{N: 1, Data: aim{1}})
			s.heard("command 1 {X:1}", "also of what it says")
		})
	}
}

func TestALinkThatItsRoomClosedWhileAwayIsUnknown(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.loses()
		s.sends(1)
		s.room.link().Close(wire.CloseOver, "The room is closed.")
		s.sends(2)
		s.readsNothing("nobody is there to read")
		s.closedWith(0, "and nothing is there to close")
		if n := s.hub.Links(); n != 0 {
			t.Errorf("the hub knows %d links; nothing can be said to one that ended", n)
		}
		s.room.err = link.ErrOver
		s.comes(1)
		s.heard("join good", "the ticket says what became of it")
		s.readsBye(wire.CloseOver, "the room is closed")
	})
}

func TestWhoIsBehindIsToldEverythingAnew(t *testing.T) {
	big := wire.Chat{Text: strings.Repeat("x", 100<<10)}
	overflow := func(t *testing.T, s *stage) {
		for range 3 {
			s.room.link().Send(frame(t, big))
		}
	}
	anew := func(t *testing.T, s *stage, received uint32) {
		s.heard("renew", "the room is asked to tell all that counts")
		want := behind
		want.Received = received
		s.readsLinked(want, "what had to arrive is lost, and the client hears so")
		s.sends(7)
		s.room.link().Snapshot(frame(t, wire.Snapshot{View: look{N: 7}}))
		s.readsNothing("whatever the room says before it begins anew is part of what is lost")
		s.room.link().Begin(frame(t, welcome))
		s.sends(8)
		s.reads(welcome, "message 1 again")
		s.readsReplies("message 2", 8)
		s.says(wire.Ack{Seen: 2})
		s.heardNothing("both sides count from welcome on")
		s.loses()
		s.comes(2)
		s.heard("back", "")
		want.Why, want.Resumed = "", true
		s.readsLinked(want, "from then on it is a link like any other")
		s.readsNothing("all was seen")
	}
	t.Run("while away", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			s.says(wire.Command{N: 1, Data: aim{1}})
			s.heard("command 1 {X:1}", "it is done")
			s.loses()
			overflow(t, s)
			s.heardNothing("it was gone already")
			s.comes(1)
			anew(t, s, 1) // 1: what the client said is still counted
		})
	})
	t.Run("while connected", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			overflow(t, s)
			s.heard("gone", "the connection ends")
			s.reads(big, "it was on its way")
			s.readsBye(wire.CloseSlow, "why")
			s.comes(2)
			anew(t, s, 0)
		})
	})
	t.Run("by a memory that is not its own", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			s.loses()
			s.comes(99)
			anew(t, s, 0) // what was never sent was not seen
		})
	})
	t.Run("by its own memory", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			s.says(wire.Ack{Seen: 1})
			s.loses()
			s.comes(0)
			anew(t, s, 0) // what it has forgotten is not kept any more
		})
	})
}

// The answer "behind" may be lost with its connection. What the client has seen
// then still counts what was told before, and must not be taken for a count of
// what is told now.
func TestBehindIsToldAgainUntilTheClientIsKnownToHaveReadIt(t *testing.T) {
	lost := func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2)
		s.readsReplies("two more are seen", 1, 2)
		s.loses()
		for range wire.MaxQueueFrames + 1 {
			s.sends(0)
		}
		s.comes(3)
		s.heard("renew", "it fell behind")
		s.take("behind, which the client may never read")
	}
	t.Run("before the room began", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			lost(t, s)
			s.loses()
			s.comes(3)
			s.heard("back", "the room is asked once: a second welcome would be counted by one side alone")
			s.readsLinked(behind, "again")
			s.room.link().Begin(frame(t, welcome))
			s.reads(welcome, "message 1")
		})
	})
	t.Run("after it", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			lost(t, s)
			s.room.link().Begin(frame(t, welcome))
			s.sends(11, 12, 13, 14)
			s.reads(welcome, "on its way at least")
			s.readsReplies("on their way", 11, 12, 13)
			s.loses()
			s.comes(3)
			s.heard("back", "all since welcome is kept; the room need not say it again")
			s.readsLinked(behind, "3 were seen, but 3 of which?")
			s.reads(welcome, "message 1, again")
			s.readsReplies("and none is skipped", 11, 12, 13, 14)
		})
	})
	t.Run("and not once it has spoken", func(t *testing.T) {
		play(t, func(t *testing.T, s *stage) {
			lost(t, s)
			s.room.link().Begin(frame(t, welcome))
			s.sends(11)
			s.reads(welcome, "message 1")
			s.says(wire.Ping{}) // nothing is said before linked is read
			s.loses()
			s.comes(1)
			s.heard("back", "")
			s.readsLinked(resumed, "1 is welcome")
			s.readsReplies("the other", 11)
		})
	})
}

func TestAnOlderConnectionThatComesLateIsRefused(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2)
		s.readsReplies("seen", 1, 2)
		s.loses()
		s.comes(3)
		s.heard("back", "")
		s.readsLinked(resumed, "the second connection")
		now := s.peer
		for _, try := range []uint32{1, 2} {
			s.connects()
			s.says(wire.Hello{Ticket: "good", Link: s.name, Seen: 1, Try: try})
			s.readsBye(wire.CloseReplaced, "a hello that was under way for long, or came twice")
			s.heardNothing("the room need not know")
		}
		s.peer = now
		s.sends(3)
		s.readsReplies("the newest connection carries the link", 3)
		s.loses()
		s.connects()
		s.says(wire.Hello{Ticket: "good", Link: s.name, Seen: 1, Try: 2})
		s.readsBye(wire.CloseReplaced, "nor while away: its client is not there, and what it says is seen is out of date")
		s.heardNothing("the seat is still held")
	})
}

func TestAHalfOpenConnectionIsReplaced(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2)
		dead := s.peer // 1 is on its way for ever, and the server does not know
		s.comes(1)
		s.heard("back", "the seat was never held: the newer connection carries on at once")
		s.readsLinked(resumed, "no need to wait for the old one to be found dead")
		s.readsReplies("what got lost in the old one too", 1, 2)
		dead.port.Received(frame(t, wire.Command{N: 1, Data: aim{}}))
		s.heardNothing("what still comes over the old one is sent again over the new")
		dead.closedWith(0, "it has time to read bye")
		s.wait(3 * time.Second)
		dead.closedWith(wire.CloseReplaced, "but not for ever")
		dead.port.Lost(0)
		s.heardNothing("its end is no news")
		s.sends(3)
		s.readsReplies("the link is carried by the new one", 3)
	})
}

func TestAHelloFromAConnectionThatHasEndedIsNothing(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1)
		old := s.peer
		s.connects()
		s.port.Lost(0) // its hello is still to be read
		s.port.Received(frame(t, wire.Hello{Ticket: "good", Link: s.name, Seen: 1, Try: 2}))
		s.heardNothing("a connection that has ended says nothing")
		s.peer = old
		s.readsReplies("the old one carries on", 1)
	})
}

func TestTheSameTicketFromElsewhereEndsTheOlderLink(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1)
		old := s.peer
		s.connects()
		s.says(wire.Hello{Ticket: "good", Link: "SECOND", Try: 1})
		s.heard("join good", "the room gives the seat to the newer link")
		s.readsLinked(wire.Linked{Why: "new"}, "a link of its own")
		s.reads(welcome, "told from the beginning")
		old.reads(wire.Reply{N: 1}, "what was queued before the end arrives")
		old.readsBye(wire.CloseTakenOver, "a ticket has one link")
		if n := s.hub.Links(); n != 1 {
			t.Errorf("the hub knows %d links, want the newer alone", n)
		}
	})
}

// Who lost the ticket while it was away has not read why.
func TestWhoLostItsTicketWhileAwayDoesNotFightBack(t *testing.T) {
	for seen, why := range []string{
		"it has lost the ticket to this one, and a first hello of its own may be late",
		"it was told something: it is no newcomer",
	} {
		play(t, func(t *testing.T, s *stage) {
			s.enter()
			s.loses()
			s.connects()
			newer := s.peer
			s.says(wire.Hello{Ticket: "good", Link: "SECOND", Try: 1})
			s.heard("join good", "the room gives the seat to the newer link")
			s.readsLinked(wire.Linked{Why: "new"}, "a link of its own")
			s.reads(welcome, "told from the beginning")
			s.comes(uint32(seen))
			s.heardNothing(why)
			s.readsBye(wire.CloseTakenOver, why)
			s.peer = newer
			s.sends(1)
			s.readsReplies("the newer link has the ticket", 1)
		})
	}
}

func TestAFirstHelloThatComesLateTakesNothingBack(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		first := s.peer // opened, and its hello is under way
		s.try = 1
		s.connects()
		s.enter()
		now := s.peer
		s.peer = first
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
		s.heardNothing("it is the same link, and an older try")
		s.readsBye(wire.CloseReplaced, "the newer connection carries it")
		s.peer = now
		s.sends(1)
		s.readsReplies("and goes on", 1)
	})
}

func TestTwoHellosOfALinkThatIsBeingLetInAreOneLink(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.room.slow = time.Second
		first := s.peer
		go first.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
		synctest.Wait()
		s.connects()
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 2})
		if got := fmt.Sprint(s.room.takeHeard()); got != "[join good back]" {
			t.Errorf("the room heard %s; it lets a link in once", got)
		}
		s.readsLinked(wire.Linked{Why: "new"}, "the room let it in meanwhile")
		s.reads(welcome, "nothing is lost")
		first.take("linked, or nothing: it is too late for this one")
		first.readsBye(wire.CloseReplaced, "the newer connection carries the link")
	})
}

func TestWhoIsNotLetInLeavesTheTicketToTheOlderLink(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		older := s.peer
		s.room.err = link.ErrBusy
		s.connects()
		s.says(wire.Hello{Ticket: "good", Link: "SECOND", Try: 1})
		s.heard("join good", "it was asked")
		s.readsBye(wire.CloseBusy, "and is busy")
		s.peer = older
		s.loses()
		s.comes(1)
		s.heard("back", "the older link is still the ticket's")
		s.readsLinked(resumed, "as if nothing had been")
	})
}

func TestUnknownIsToldAgainUntilTheClientIsKnownToHaveReadIt(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.try = 1
		s.comes(3)
		s.heard("join good", "a server that has started again")
		s.sends(1, 2, 3, 4)
		s.readsLinked(wire.Linked{Why: "unknown"}, "which the client may never read")
		s.reads(welcome, "nor this")
		s.loses()
		s.comes(3)
		s.heard("back", "the room need not say it again")
		s.readsLinked(wire.Linked{Why: "unknown"}, "3 were seen, but of another life")
		s.reads(welcome, "message 1")
		s.readsReplies("and none is skipped", 1, 2, 3, 4)
	})
}

func TestNoViewIsKeptForWhoIsAway(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.loses()
		s.room.link().Snapshot(frame(t, wire.Snapshot{View: look{N: 1}}))
		s.sends(1)
		s.comes(1)
		s.heard("back", "")
		s.readsLinked(resumed, "")
		s.readsReplies("what must arrive comes", 1)
		s.readsNothing("the room offers the newest when it has heard that we are back; an older one is worth nothing")
	})
}

func TestARoomThatClosesALinkBeforeJoinReturnsHasClosedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &hasty{}
		hub := link.NewHub(link.Config{Host: room})
		p := &peer{t: t, conn: &fakeConn{}}
		p.port = hub.Open(p.conn)
		p.says(wire.Hello{Ticket: "good", Link: "FIRST", Try: 1})
		p.take("linked")
		p.reads(welcome, "what was queued before the end")
		p.readsBye(wire.CloseOver, "the end")
		p.port.Lost(0)
		if n := hub.Links(); n != 0 || len(room.notes) > 0 {
			t.Errorf("the hub knows %d links and the room heard %q; nothing is left of it", n, room.notes)
		}
	})
}
