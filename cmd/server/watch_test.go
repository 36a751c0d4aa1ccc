package main

import (
	"slices"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// shows asks for a screening of a match and comes to it.
func (p *player) shows(g *game.Game, match string) *plays {
	p.Helper()
	var t ticket
	p.call("POST", "/v1/matches/"+match+"/replay", nil, 201, &t)
	return p.joins(g, t)
}

// says is the events that a player heard.
func (s *plays) events() []wire.Event {
	events, _ := all[wire.Event](s)
	return events
}

// TestAMatchIsWatchedAgainThroughCutsToItsStoredEnd over real sockets: what was
// said to who played is said again, in the same time.
func TestAMatchIsWatchedAgainThroughCutsToItsStoredEnd(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		for n := range 10 {
			w.pass(time.Second)
			if err := []*plays{ann, bob}[n%2].Command(w.Context(), count{By: n, End: n == 9}); err != nil {
				w.Fatal(err)
			}
		}
		w.pass(2 * time.Second)
		kept, _ := last[wire.Over](ann, "the match ended")

		eve := w.arrives("Eve").shows(counting, ann.ticket.Room)
		if m := eve.Welcome().Members; len(m) != 2 || m[0].Name != "Ann" || m[1].Name != "Bob" {
			w.Errorf("welcome says %v play, want Ann and Bob", m)
		}
		began := time.Now()
		w.pass(3 * time.Second)
		eve.cable.cut()
		w.pass(3 * time.Second)
		eve.cable.pull(true) // it stands still when this is noticed
		w.pass(20 * time.Second)
		eve.cable.pull(false)
		w.pass(20 * time.Second)
		over, at := last[wire.Over](eve, "it is shown to the end")
		if over.Reason != kept.Reason || !slices.Equal(over.Standings, kept.Standings) || over.Tick != kept.Tick {
			w.Errorf("it ended with %+v, want the end that was kept, %+v", over, kept)
		}
		if at.Sub(began) < 10*time.Second {
			w.Errorf("it took %v, less than playing it", at.Sub(began))
		}
		if !slices.Equal(eve.events(), ann.events()) {
			w.Errorf("heard %v, want what who played heard, each once: %v", eve.events(), ann.events())
		}
		never[wire.Notice](eve, "it is what was played")

		if err := eve.Show(0, 400, game.Watcher); err != nil {
			w.Fatal(err)
		}
		w.pass(4 * time.Second)
		if again, _ := all[wire.Over](eve); len(again) != 2 {
			w.Errorf("heard over %d times, want it again: the whole match at four times the speed", len(again))
		}
		if n := len(eve.events()); n != 2*len(ann.events()) {
			w.Errorf("heard %d events in two showings of %d", n, len(ann.events()))
		}
	})
}

// TestAScreeningDoesNotOutliveItsServer but another is to be had.
func TestAScreeningDoesNotOutliveItsServer(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		if err := ann.Command(w.Context(), count{End: true}); err != nil {
			w.Fatal(err)
		}
		w.pass(2 * time.Second)
		eve := w.arrives("Eve")
		first := eve.shows(counting, ann.ticket.Room)
		w.dies()
		w.starts()
		w.pass(10 * time.Second)
		first.closedWith(wire.CloseTicket, "the new process knows no such ticket")
		second := eve.shows(counting, ann.ticket.Room)
		w.pass(5 * time.Second)
		last[wire.Over](second, "another one shows it")
	})
}
