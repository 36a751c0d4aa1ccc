package room_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/room"
)

// follow is a room's match as it is kept, with nothing in it that comes later.
func follow(t *testing.T, r *room.Room) room.Record {
	t.Helper()
	rec, err := r.Follow(t.Context())
	if err != nil {
		t.Fatalf("follow: %v", err)
	}
	for _, e := range rec.Log {
		if e.Tick > rec.Ticks {
			t.Errorf("entry of tick %d in a match of which %d ticks are kept", e.Tick, rec.Ticks)
		}
	}
	return rec
}

// begins requires that a log begins with another.
func begins(t *testing.T, log, with game.Log, why string) {
	t.Helper()
	if len(log) < len(with) {
		t.Fatalf("%d entries, want at least %d: %s", len(log), len(with), why)
	}
	for i, e := range with {
		if log[i] != e {
			t.Fatalf("entry %d is %+v, want %+v: %s", i, log[i], e, why)
		}
	}
}

// TestWhatIsFollowedCannotUnHappen: whenever its process dies, the next one has all
// that was shown, and who follows goes on there, also from a saved room.
func TestWhatIsFollowedCannotUnHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := define(nil)
		setup, err := g.Setup(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &paper{delay: 300 * time.Millisecond}
		cfg := room.Config{
			ID: uuid.NewString(), Game: g, Setup: setup, Key: []byte("key"), Journal: p, History: p.history,
			SaveEvery: 3 * time.Second, Log: slog.New(slog.DiscardHandler),
		}
		r, err := room.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		go r.Run(ctx)
		s := &story{T: t, game: g, room: r}
		ann := s.come("Ann")
		s.come("Bob")
		var before room.Record
		for n := range uint32(100) {
			ann.Command(n+1, add{By: int(n)})
			s.wait(100 * time.Millisecond)
			rec := follow(t, r)
			begins(t, rec.Log, before.Log, "it goes on as it began")
			if now := r.Status().Tick; rec.Ticks < before.Ticks || rec.Ticks >= now {
				t.Errorf("followed to tick %d after %d, now is %d: want it behind by what is not kept", rec.Ticks, before.Ticks, now)
			}
			before = rec
			if n%10 != 0 {
				continue
			}
			chunks, _ := p.history(t.Context())
			next, err := room.RecoverFromStart(cfg, chunks, unrelated)
			if err != nil {
				t.Fatal(err)
			}
			if tick := next.Status().Tick; tick < rec.Ticks {
				t.Errorf("the next process is at tick %d, and %d was shown", tick, rec.Ticks)
			}
			begins(t, room.LogOf(next), rec.Log, "the next process has what was shown")
		}
		p.tear()
		stop()
		<-r.Done()

		cfg.Journal = nil
		next, err := room.Recover(cfg, p.sinceSaved(), unrelated)
		if err != nil {
			t.Fatal(err)
		}
		if len(room.LogOf(next)) >= len(before.Log) {
			t.Fatal("nothing was saved: this shows nothing")
		}
		ctx, stop = context.WithCancel(t.Context())
		go next.Run(ctx)
		begins(t, follow(t, next).Log, before.Log, "a room that was saved has its log when it is asked for")
		stop()
		<-next.Done()
	})
}

func TestAFollowedMatchHasItsEndWhenThatIsStored(t *testing.T) {
	tell(t, nil, func(s *story) {
		held := make(chan struct{})
		s.keep = func(context.Context, room.Record) error { <-held; return nil }
		ann := s.come("Ann")
		s.come("Bob")
		s.wait(time.Second)
		if rec := follow(s.T, s.room); rec.Ending != "" || rec.Ticks != s.room.Status().Tick || len(rec.Players) != 2 {
			s.Errorf("followed %+v, want the two who play, and no end", rec)
		}
		ann.Command(1, add{By: 3, End: true})
		s.wait(time.Second)
		if rec := follow(s.T, s.room); rec.Ending != "" || rec.Ticks >= s.room.Status().Tick {
			s.Errorf("ended %q at tick %d: want the last tick held back until it is stored", rec.Ending, rec.Ticks)
		}
		close(held)
		s.wait(time.Second)
		rec := follow(s.T, s.room)
		if fmt.Sprint(rec.Ending, rec.Reason, rec.Hash) != fmt.Sprint(s.records[0].Ending, "asked", s.records[0].Hash) {
			s.Errorf("followed to %+v, want what was stored, %+v", rec, s.records[0])
		}
		s.wait(2 * time.Minute)
		if _, err := s.room.Follow(s.Context()); !errors.Is(err, room.ErrClosed) {
			s.Errorf("%v of a room that is closed", err)
		}
	})
}

func TestAMatchWithoutALogIsNotFollowed(t *testing.T) {
	tell(t, func(i *game.Info) { i.Unlogged = true }, func(s *story) {
		s.come("Ann")
		if _, err := s.room.Follow(s.Context()); !errors.Is(err, room.ErrNoLog) {
			s.Errorf("%v, want it said that there is none", err)
		}
	})
}
