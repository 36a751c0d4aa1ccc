package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"tickroom/net/wire"
	"tickroom/store"
)

// A match that ends is stored and then told. Whoever kills the server between the
// two, or before, takes nothing from its players: the end is the same, is stored
// once and told once.
func TestAServerThatDiesInAMatchsLastMomentTellsItsEndOnce(t *testing.T) {
	for name, at := range map[string]func(w *world, dies hook){
		"before the last of it is written":             func(w *world, dies hook) { w.before = dies.at("Write", 1) },
		"when that is written and nobody knows":        func(w *world, dies hook) { w.after = dies.at("Write", 1) },
		"before the result is stored":                  func(w *world, dies hook) { w.before = dies.at("Finish", 1) },
		"when the result is stored and nobody knows":   func(w *world, dies hook) { w.after = dies.at("Finish", 1) },
		"before it is written that this was stored":    func(w *world, dies hook) { w.before = dies.afterFinish() },
		"when that is written, and it is not told yet": func(w *world, dies hook) { w.after = dies.afterFinish() },
	} {
		t.Run(name, func(t *testing.T) { within(t, games, func(w *world) { w.lastMoment(at) }) })
	}
}

// hook is when a server dies: it is asked of each call of the store while armed.
type hook struct {
	armed   chan struct{} // closed when the match is about to end
	reached chan struct{} // closed when the moment has come
	once    *sync.Once
}

// at is the n-th call of a method since it was armed.
func (h hook) at(method string, n int) func(context.Context, string) error {
	return h.when(func(called string) bool {
		if called == method {
			n--
		}
		return n == 0
	})
}

// afterFinish is the first batch that is written once a match was finished.
func (h hook) afterFinish() func(context.Context, string) error {
	finished := false
	return h.when(func(called string) bool {
		finished = finished || called == "Finish"
		return finished && called == "Write"
	})
}

// when hangs the first call of which it is so, until the process is dead.
func (h hook) when(is func(method string) bool) func(context.Context, string) error {
	var mu sync.Mutex
	return func(ctx context.Context, method string) error {
		select {
		case <-h.armed:
		default:
			return nil
		}
		mu.Lock()
		now := is(method)
		mu.Unlock()
		first := false
		if now {
			h.once.Do(func() { first = true; close(h.reached) })
		}
		if !first {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

func (w *world) lastMoment(at func(*world, hook)) {
	h := hook{make(chan struct{}), make(chan struct{}), new(sync.Once)}
	at(w, h)
	w.dies()
	w.starts() // with the hook
	w.before, w.after = nil, nil
	ann, bob := w.arrives("Ann").comes(counting, nil), w.arrives("Bob").comes(counting, nil)
	w.pass(time.Second)
	for by := range 3 {
		if err := ann.Command(w.Context(), count{By: by + 1}); err != nil {
			w.Fatal(err)
		}
	}
	w.pass(time.Second)
	close(h.armed)
	ended := make(chan error, 1)
	last, _ := last[wire.Snapshot](ann, "views come")
	w.pass(time.Duration(199-last.Tick) * tick) // the last tick is one whose state is marked
	go func() { ended <- ann.Command(w.Context(), count{By: 4, End: true}) }()
	<-h.reached
	for _, s := range []*plays{ann, bob} {
		never[wire.Over](s, "it is not known to be stored")
	}
	w.dies()
	w.pass(time.Second)
	w.starts()
	if err := <-ended; err != nil {
		w.Errorf("the command that ends it: %v, want done", err)
	}
	w.pass(5 * time.Second)
	for _, s := range []*plays{ann, bob} {
		if over, _ := all[wire.Over](s); len(over) != 1 || over[0].Ending != "finished" {
			w.Errorf("%s was told %+v, want the end once", s.name, over)
		}
		if got := counted(s); len(got) != 4 {
			w.Errorf("%s heard %v, want each of four once, the last of the last tick", s.name, got)
		}
		if welcomes, _ := all[wire.Welcome](s); len(welcomes) != 1 {
			w.Errorf("%s was welcomed %d times: the conversation goes on", s.name, len(welcomes))
		}
	}
	kept, err := w.memory.Matches(w.Context(), store.MatchQuery{})
	if err != nil || len(kept) != 1 {
		w.Fatalf("%d matches are kept, %v; want one", len(kept), err)
	}
	w.keptWhole(ann.ticket.Room)
	if err := ann.Say(w.Context(), "well played"); err != nil {
		w.Errorf("Ann says a word after the end: %v; the room is still open", err)
	}
	w.pass(2 * time.Minute)
	if rooms, err := w.memory.Running(w.Context(), "", 0); err != nil || len(rooms) > 0 {
		w.Errorf("the journal still has %d rooms, %v: this one is closed by now", len(rooms), err)
	}
}
