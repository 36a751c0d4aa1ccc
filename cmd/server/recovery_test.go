package main

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// What a conversation is after it was interrupted, as Socket.IO asks it of its
// connection state recovery, asked of the whole server. Each of its cases, and
// what shows it here:
//
//	missed packets are sent, to all, to a room, to one   TestWhatWasSaidWhileAwayIsHeardOnceAndInOrder
//	rooms and data of the socket are restored            TestWhoComesBackHasTheirSeatTheirNameAndWhatTheyDid
//	restored though no packet was ever received          TestALinkResumesWithNothingSeen (net/link)
//	missed packets, though none was received before      TestWhoIsCutBeforeTheyHeardAnythingMissesNothing
//	an offset that is none restores nothing              TestBytesThatAreNoMessageEndTheConnection, TestWhoIsBehindIsToldEverythingAnew (net/link)
//	middlewares are skipped, or run, on recovery         the ticket is asked for at every hello: TestAnUnknownLinkBeginsAnew (net/link)
//	an unknown session is not restored                   TestALinkThatWasTakenOverWhileAwayIsNotGoneOnWith, TestARoomThatKeepsNoLogEndsWithItsServer
//	off by default, and then nothing is kept             it cannot be switched off
//	the client: the same id, and told that it recovered  TestWhoComesBackHasTheirSeatTheirNameAndWhatTheyDid, "keeps members, chat, view and the end, and welcomes nobody" (link.test.ts)
//
// Where it cannot recover Socket.IO begins a new session without a word why. So
// two more: TestWhoMissedMoreThanIsKeptIsToldAllAnew and
// TestAnAnswerThatWasDroppedWithTheRestIsLost.

func TestWhatWasSaidWhileAwayIsHeardOnceAndInOrder(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		cid := w.arrives("Cid").comes(relay.Game, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		for _, c := range []relay.Command{
			{To: relay.All, Name: "all"}, {To: relay.Others, Name: "others"}, {To: 1, Name: "bob"}, {To: 2, Name: "cid"},
		} {
			if err := ann.Command(w.Context(), c); err != nil {
				t.Errorf("Ann to %s: %v", c.Name, err)
			}
		}
		if heard := said(bob); len(heard) > 0 {
			t.Errorf("Bob heard %v with his cable out: the story shows nothing", heard)
		}
		w.pass(13 * time.Second)
		late := ann.Command(w.Context(), relay.Command{To: 1, Name: "late"})
		if refused, ok := errors.AsType[*game.Refusal](late); !ok || refused.Code != "not-there" {
			t.Errorf("Ann to Bob when he is known to be away: %v, want not-there: she can then decide herself", late)
		}
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		if got, want := said(bob), []string{"all", "others", "bob"}; !slices.Equal(got, want) {
			t.Errorf("Bob heard %v, want %v: what was for him, once, in order, and nothing of Cid's", got, want)
		}
		if got, want := said(cid), []string{"all", "others", "cid"}; !slices.Equal(got, want) {
			t.Errorf("Cid, who was here, heard %v, want %v", got, want)
		}
	})
}

func TestWhoComesBackHasTheirSeatTheirNameAndWhatTheyDid(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		if err := bob.Command(w.Context(), count{By: 3}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			bob.cable.pull(true)
			w.pass(20 * time.Second)
			ann.sees(1, game.Held, "Bob is away")
			bob.cable.pull(false)
			w.pass(10 * time.Second)
			ann.sees(1, game.Taken, "Bob is back, however often")
		}
		if told, _ := last[wire.Member](ann, "members are told"); told.Name != "Bob" {
			t.Errorf("seat 1 is %q's, want Bob's", told.Name)
		}
		if welcomes, _ := all[wire.Welcome](bob); len(welcomes) != 1 {
			t.Errorf("Bob was welcomed %d times, want once: he goes on with what he has", len(welcomes))
		}
		if heard := counted(bob); !slices.Equal(heard, []Counted{{1, 3}}) {
			t.Errorf("Bob heard %v, want his own 3 once: nothing is told again", heard)
		}
		if v, at := last[wire.Snapshot](bob, "views go on"); v.View.(sum).Sum != 3 || time.Since(at) > 2*tick {
			t.Errorf("Bob sees %v of %v ago, want 3, now", v.View, time.Since(at))
		}
	})
}

// Colyseus does not come back to a room that was joined in the last 5 s; here
// every connection counts from its first moment.
func TestWhoIsCutBeforeTheyHeardAnythingMissesNothing(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		bob.cable.pull(true)
		for _, name := range []string{"one", "two"} {
			if err := ann.Command(w.Context(), relay.Command{To: relay.All, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		bob.cable.cut()
		bob.cable.pull(false)
		w.pass(time.Second)
		ann.sees(1, game.Taken, "the first try is at once")
		if got := said(bob); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("Bob heard %v, want both: he had come before they were said", got)
		}
	})
}

func TestWhoMissedMoreThanIsKeptIsToldAllAnew(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		asked := make(chan error, 1)
		go func() { asked <- bob.Command(w.Context(), count{By: 1}) }() // into a dead cable
		const many = wire.MaxQueueFrames + 100
		ann.countsTo(many)
		bob.cable.pull(false)
		w.pass(10 * time.Second)

		if welcomes, _ := all[wire.Welcome](bob); len(welcomes) != 2 {
			t.Errorf("Bob was welcomed %d times, want twice: the second says that all is told anew", len(welcomes))
		}
		if heard := counted(bob); len(heard) > 1 {
			t.Errorf("Bob heard %d events, want at most his own: never a part of what he missed", len(heard))
		}
		if err := <-asked; err != nil {
			t.Errorf("what Bob asked while away: %v, want done: it had not arrived, so it was sent again", err)
		}
		if v, _ := last[wire.Snapshot](bob, "a view comes with the welcome"); v.View.(sum).Sum != many+1 {
			t.Errorf("Bob sees %v, want %d of Ann's and 1 of his, done once", v.View, many)
		}
	})
}

func TestAnAnswerThatWasDroppedWithTheRestIsLost(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		asked := make(chan error, 1)
		go func() { asked <- bob.Command(w.Context(), count{By: 1}) }()
		w.pass(0) // it has arrived, and waits for the tick
		bob.cable.pull(true)
		const many = wire.MaxQueueFrames + 100
		ann.countsTo(many)
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		if err := <-asked; !errors.Is(err, client.ErrLost) {
			t.Errorf("Bob is answered %v, want that nobody knows: the reply was dropped with the rest", err)
		}
		if v, _ := last[wire.Snapshot](bob, "a view comes with the welcome"); v.View.(sum).Sum != many+1 {
			t.Errorf("Bob sees %v, want %d: it was done, once", v.View, many+1)
		}
	})
}

func TestALinkThatWasTakenOverWhileAwayIsNotGoneOnWith(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann")
		phone := ann.comes(counting, nil)
		w.pass(time.Second)
		phone.cable.pull(true)
		asked := make(chan error, 1)
		go func() { asked <- phone.Command(w.Context(), count{By: 1}) }()
		w.pass(time.Second)
		laptop := ann.elsewhere().joins(counting, phone.ticket)
		phone.cable.pull(false)
		w.pass(30 * time.Second)
		phone.closedWith(wire.CloseTakenOver, "the laptop has the seat, and the phone does not fight back")
		if err := <-asked; !errors.Is(err, client.ErrLost) {
			t.Errorf("what was asked on the old link: %v, want that nobody knows", err)
		}
		if drops := laptop.dropped(); len(drops) > 0 {
			t.Errorf("the laptop was dropped with %v: the phone's coming back is not its business", drops)
		}
		if err := laptop.Command(w.Context(), count{By: 1}); err != nil {
			t.Errorf("the laptop plays on: %v", err)
		}
	})
}

func TestARoomThatKeepsNoLogEndsWithItsServer(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		asked := make(chan error, 1)
		go func() {
			asked <- bob.Command(w.Context(), relay.Command{To: relay.All, Name: "hello"})
		}()
		w.pass(time.Second)
		w.stop()
		w.starts()
		bob.cable.pull(false)
		w.pass(20 * time.Second)
		ann.closedWith(wire.CloseOver, "she was told that it ended")
		bob.closedWith(wire.CloseTicket, "his ticket is for a room that is no more, and trying on would not help")
		if err := <-asked; !errors.Is(err, client.ErrLost) {
			t.Errorf("what Bob had asked: %v, want that nobody knows", err)
		}
	})
}

// elsewhere is the same player at another device, with a cable of its own.
func (p *player) elsewhere() *player {
	return &player{world: p.world, name: p.name + " elsewhere", id: p.id, token: p.token}
}

// countsTo counts up by one as fast as a client may, n times.
func (s *plays) countsTo(n int) {
	s.Helper()
	const together = 5
	var busy sync.WaitGroup
	for i := range together {
		busy.Go(func() {
			for range (n + together - 1 - i) / together {
				if err := s.Command(s.Context(), count{By: 1}); err != nil {
					s.Errorf("%s counts: %v", s.name, err)
					return
				}
			}
		})
	}
	busy.Wait()
}

// said is the names of what a player of relay heard.
func said(s *plays) (names []string) {
	events, _ := all[wire.Event](s)
	for _, e := range events {
		names = append(names, e.Data.(relay.Message).Name)
	}
	return names
}
