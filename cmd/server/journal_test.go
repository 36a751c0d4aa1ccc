package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/net/wire"
)

func TestAMatchStandsStillWhileItCannotBeWritten(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.pass(time.Second)
		never[wire.Notice](ann, "there is nothing to say")
		w.storeIsDown(true)
		answered := make(chan error, 1)
		go func() { answered <- ann.Command(w.Context(), count{By: 2}) }()
		w.pass(2 * time.Second)
		if v, at := last[wire.Snapshot](ann, "views come"); v.View.(sum).Sum != 2 || time.Since(at) > 200*time.Millisecond {
			w.Errorf("sees %+v of %v ago: the match plays on for a while, and views wait for nothing", v, time.Since(at))
		}
		w.pass(28 * time.Second)
		if n, _ := last[wire.Notice](ann, "people are told why"); n.Code != "paused" {
			w.Errorf("notice %+v, want paused", n)
		}
		if _, at := last[wire.Snapshot](ann, "views came"); time.Since(at) < 25*time.Second {
			w.Errorf("the last view is of %v ago: a match that cannot be written stands still", time.Since(at))
		}
		select {
		case err := <-answered:
			w.Errorf("the command was answered with %v: it could still be lost", err)
		default:
		}
		if ready := ann.ready(503); ready.Paused != 1 || ready.Behind < 20 {
			w.Errorf("readyz says %+v, want one room paused and how far the journal is behind", ready)
		}
		w.storeIsDown(false)
		w.pass(3 * time.Second)
		if err := <-answered; err != nil {
			w.Errorf("the command: %v, want done", err)
		}
		if n, _ := last[wire.Notice](ann, "people are told"); n.Code != "playing" {
			w.Errorf("notice %+v, want playing", n)
		}
		if v, at := last[wire.Snapshot](ann, "views come"); v.View.(sum).Sum != 2 || time.Since(at) > 200*time.Millisecond {
			w.Errorf("sees %+v of %v ago: it goes on where it was", v, time.Since(at))
		}
	})
}

// Also after the end: what is said then waits for the journal as all else does, and
// there is a bound to it.
func TestAMatchThatEndedStandsStillToo(t *testing.T) {
	within(t, games, func(w *world) {
		ann, bob := w.arrives("Ann").comes(counting, nil), w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		w.storeIsDown(true)
		ended := make(chan error, 1)
		go func() { ended <- ann.Command(w.Context(), count{By: 1, End: true}) }()
		w.pass(30 * time.Second)
		if ready := ann.ready(503); ready.Paused != 1 || ready.Keeping != 1 {
			w.Errorf("readyz says %+v, want one room that waits with its result and takes nothing more in", ready)
		}
		if n, _ := last[wire.Notice](bob, "people are told why"); n.Code != "keeping" {
			w.Errorf("notice %+v, want what they wait for: the result", n)
		}
		w.storeIsDown(false)
		w.pass(5 * time.Second)
		if err := <-ended; err != nil {
			w.Errorf("the command that ends it: %v, want done", err)
		}
		for _, s := range []*plays{ann, bob} {
			last[wire.Over](s, "the result is stored")
		}
	})
}

func TestWhateverTheDatabaseDoesNothingIsLostOrTwice(t *testing.T) {
	within(t, games, func(w *world) {
		var players []*plays
		for _, name := range []string{"Ann", "Bob", "Cid"} {
			players = append(players, w.arrives(name).comes(counting, nil))
		}
		w.pass(time.Second)
		w.shaky.Store(true)
		ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
		defer cancel()
		var done atomic.Int64
		var busy sync.WaitGroup
		for i, p := range players {
			busy.Go(func() { p.counts(ctx, rand.New(rand.NewPCG(*seed, uint64(i))), &done) })
		}
		busy.Wait()
		w.shaky.Store(false)
		w.pass(10 * time.Second)
		want := counted(players[0])
		if int64(len(want)) != done.Load() || done.Load() < 50 {
			w.Errorf("%d commands were answered as done, %d were", done.Load(), len(want))
		}
		for _, p := range players {
			if got := counted(p); !slices.Equal(got, want) {
				w.Errorf("%s heard %d events, want %d", p.name, len(got), len(want))
			}
		}
	})
}

func TestTheRoomsOfADeadServerGoOnElsewhere(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.pass(time.Second)
		if err := ann.Command(w.Context(), count{By: 2}); err != nil {
			w.Fatal(err)
		}
		w.dies()
		w.startsAs("two")
		if err := ann.Command(w.Context(), count{By: 3}); err != nil {
			w.Errorf("Ann goes on: %v", err)
		}
		w.pass(time.Second)
		if v, _ := last[wire.Snapshot](ann, "views come"); v.View.(sum).Sum != 5 {
			w.Errorf("sees %+v, want all of it", v)
		}
	})
}

func TestAProcessThatWasReplacedStopsAndWritesNothing(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.pass(time.Second)
		older := w.isReplaced("one")
		w.pass(5 * time.Second)
		select {
		case err := <-older.ended:
			if err == nil || !strings.Contains(err.Error(), "taken over") {
				w.Errorf("the older ended with %v, want the reason", err)
			}
		default:
			w.Fatal("the older goes on")
		}
		if err := ann.Command(w.Context(), count{By: 3}); err != nil {
			w.Errorf("Ann goes on: %v", err)
		}
		w.pass(time.Second)
		if welcomes, _ := all[wire.Welcome](ann); len(welcomes) != 1 {
			w.Errorf("welcomed %d times: the conversation went on over there", len(welcomes))
		}
	})
}

// The rules changed, and nobody raised their version.
func TestAMatchThatCannotBePlayedForwardFailsAloneAndIsKept(t *testing.T) {
	within(t, game.NewCatalog(counting, arena.Game), func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		other := w.arrives("Bob").comes(arena.Game, nil)
		w.pass(time.Second)
		w.dies()
		was, changed := w.games, *counting
		changed.Version++
		w.games = game.NewCatalog(&changed, arena.Game)
		w.starts()
		w.pass(10 * time.Second)
		ann.closedWith(wire.CloseFailed, "this server cannot play it")
		if _, at := last[wire.Snapshot](other, "views come"); time.Since(at) > 2*time.Second {
			w.Error("the other match does not go on")
		}
		w.stop()
		w.games = was
		w.starts()
		back := ann.joins(counting, ann.ticket)
		w.pass(time.Second)
		last[wire.Snapshot](back, "a server that can play it goes on with it")
	})
}
