package main

import (
	"slices"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/relay"
	"tickroom/net/wire"
)

// wide is a counter as another build saves it.
type wide struct{ counter }

func (w *wide) Save() struct{ Sums [2]int }     { return struct{ Sums [2]int }{[2]int{w.sum}} }
func (w *wide) Restore(s struct{ Sums [2]int }) { w.sum = s.Sums[0] }

// A match long enough to be saved, in which the process dies twice: its players
// go on where they were, and all of it is kept in the end, whatever build it was
// saved by.
func TestAMatchThatWasSavedGoesOnAndAllOfItIsKept(t *testing.T) {
	saveEvery = 2 * time.Second
	defer func() { saveEvery = 0 }()
	another := game.DefineSaved(counting.Info, func(*game.Turn) *wide { return new(wide) })
	for name, next := range map[string]*game.Game{"the same build": counting, "a build that saves otherwise": another} {
		t.Run(name, func(t *testing.T) { within(t, games, func(w *world) { w.outlives(next) }) })
	}
}

func (w *world) outlives(next *game.Game) {
	ann := w.arrives("Ann").comes(counting, nil)
	bob := w.arrives("Bob").comes(counting, nil)
	done := 0
	counts := func() {
		for range 20 {
			done++
			if err := ann.Command(w.Context(), count{By: done}); err != nil {
				w.Errorf("Ann counts %d: %v", done, err)
			}
			w.pass(500 * time.Millisecond)
		}
	}
	counts()
	for range 2 {
		w.dies()
		since, err := w.memory.Chunks(w.Context(), ann.ticket.Room)
		all, allErr := w.memory.History(w.Context(), ann.ticket.Room)
		if err != nil || allErr != nil || len(since) == len(all) {
			w.Fatalf("%d of %d chunks since the room was saved, %v, %v: this shows nothing", len(since), len(all), err, allErr)
		}
		w.games = game.NewCatalog(next, relay.Game)
		w.starts()
		counts()
	}
	if err := bob.Command(w.Context(), count{End: true}); err != nil {
		w.Error(err)
	}
	w.pass(10 * time.Second)
	for _, s := range []*plays{ann, bob} {
		last[wire.Over](s, "the match is kept, and its end told")
		var heard []int
		for _, c := range counted(s) {
			heard = append(heard, c.By)
		}
		want := make([]int, done, done+1)
		for i := range want {
			want[i] = i + 1
		}
		if want = append(want, 0); !slices.Equal(heard, want) {
			w.Errorf("%s heard %v, want each once and in order", s.name, heard)
		}
	}
	w.keptWhole(ann.ticket.Room)
}

// keptWhole wants a match to be kept with all of its log.
func (w *world) keptWhole(id string) {
	w.Helper()
	kept, err := w.memory.Match(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	raw, err := w.memory.MatchLog(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	log, err := wire.DecodeLog(counting, raw)
	if err != nil {
		w.Fatal(err)
	}
	m, err := game.Replay(counting, setupOf(kept), log, game.Tick(kept.Ticks))
	if err != nil || m.Hash() != kept.StateHash {
		w.Errorf("the log of %d entries plays to %x, %v; kept is %x", len(log), m.Hash(), err, kept.StateHash)
	}
	if marks, err := wire.DecodeMarks(raw); err != nil || !slices.Equal(marks, m.Marks()) {
		w.Errorf("kept with marks %v, %v; want %v", marks, err, m.Marks())
	}
}
