package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// What a programmer of raw WebSockets writes again and again, each as a short
// story of the whole server. What is told elsewhere is not told here: README
// has a table of all of it.

func TestEverybodyOthersOrOneHearIt(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		cid := w.arrives("Cid").comes(relay.Game, nil)
		for _, c := range []relay.Command{
			{To: relay.All, Name: "to all"}, {To: relay.Others, Name: "to others"}, {To: 1, Name: "to Bob"},
		} {
			if err := ann.Command(w.Context(), c); err != nil {
				t.Errorf("Ann says %q: %v", c.Name, err)
			}
		}
		w.pass(tick)
		for s, want := range map[*plays][]string{
			ann: {"to all"},
			bob: {"to all", "to others", "to Bob"},
			cid: {"to all", "to others"},
		} {
			if got := said(s); !slices.Equal(got, want) {
				t.Errorf("%s heard %v, want %v", s.name, got, want)
			}
		}
	})
}

func TestARoomHearsNothingOfAnother(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann")
		var room struct{ ID, Code string }
		ann.call("POST", "/v1/rooms", map[string]any{"game": "relay", "private": true}, 201, &room)
		inside := ann.joins(relay.Game, ann.sitsByCode(room.Code))
		friend := w.arrives("Bob")
		beside := friend.joins(relay.Game, friend.sitsByCode(room.Code))
		outside := w.arrives("Cid").comes(relay.Game, nil)
		if outside.ticket.Room == room.ID {
			t.Fatal("quick play led into a private room")
		}
		if err := inside.Command(w.Context(), relay.Command{To: relay.All, Name: "secret"}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
		if got := said(beside); !slices.Equal(got, []string{"secret"}) {
			t.Errorf("Bob, who has the code, heard %v", got)
		}
		if got := said(outside); len(got) > 0 {
			t.Errorf("Cid, in another room of the same game, heard %v", got)
		}
	})
}

func TestBytesArriveAsTheyWere(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		var every []byte
		for b := range 256 {
			every = append(every, byte(b))
		}
		for _, data := range [][]byte{every, {}, make([]byte, relay.MaxData)} {
			if err := ann.Command(w.Context(), relay.Command{To: relay.Others, Name: "bytes", Data: data}); err != nil {
				t.Fatalf("%d bytes: %v", len(data), err)
			}
			w.pass(tick)
			e, _ := last[wire.Event](bob, "the event carries them")
			if got := e.Data.(relay.Message).Data; !bytes.Equal(got, data) {
				t.Errorf("%d bytes arrived as %d others: nothing may be made into text on the way", len(data), len(got))
			}
		}
	})
}

// A context's end is the end of waiting. What was sent by then cannot be taken
// back, and may be done; what was not is never sent.
func TestWhoStopsWaitingIsToldWhetherItMayBeDone(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		if err := bob.asksFor(2*time.Second, count{By: 2}); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, client.ErrUnsent) {
			t.Errorf("Bob, who believes that he is connected, is answered %v, want only that his time is over", err)
		}
		w.pass(15 * time.Second)
		if len(bob.dropped()) == 0 {
			t.Fatal("Bob's client does not know that it is away: the story shows nothing")
		}
		if err := bob.asksFor(2*time.Second, count{By: 3}); !errors.Is(err, client.ErrUnsent) {
			t.Errorf("Bob, who knows that he is away, is answered %v, want that it was not sent", err)
		}
		bob.cable.pull(false)
		w.pass(30 * time.Second)
		if got := counted(ann); !slices.Equal(got, []Counted{{1, 2}}) {
			t.Errorf("Ann heard %v, want Bob's 2 once, which may be done, and never his 3", got)
		}
	})
}

// asksFor asks for a command, and waits so long for the answer.
func (s *plays) asksFor(d time.Duration, command any) error {
	ctx, cancel := context.WithTimeout(s.Context(), d)
	defer cancel()
	return s.Command(ctx, command)
}

func TestViewsThatWereMissedAreNotSentLater(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(5 * time.Second)
		if err := ann.Command(w.Context(), count{By: 9}); err != nil {
			t.Fatal(err)
		}
		bob.cable.pull(false)
		back := time.Now()
		w.pass(10 * time.Second)
		views, at := all[wire.Snapshot](bob)
		first := slices.IndexFunc(at, back.Before)
		if first < 0 {
			t.Fatal("Bob saw nothing more: he must come back")
		}
		old := slices.IndexFunc(views[first:], func(v wire.Snapshot) bool { return v.View.(sum).Sum == 9 })
		if old != 0 {
			t.Errorf("of the views that Bob gets the one with 9 is number %d, want the first: none waits for who is away", old)
		}
		soon := slices.IndexFunc(at, at[first].Add(2*tick).Before) - first
		if soon > 5 {
			t.Errorf("Bob got %d views within two ticks, want the newest and one a tick: 100 were missed, and are worth nothing", soon)
		}
		if got := counted(bob); !slices.Equal(got, []Counted{{0, 9}}) {
			t.Errorf("Bob heard %v: events are not views, and none is skipped", got)
		}
	})
}

// sitsByCode takes a seat in the room of a join code.
func (p *player) sitsByCode(code string) (t ticket) {
	p.Helper()
	p.call("POST", "/v1/codes/"+code+"/seats", map[string]any{}, 201, &t)
	return t
}
