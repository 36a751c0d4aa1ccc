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
	return p.showsLate(g, match, 0)
}

func (p *player) showsLate(g *game.Game, match string, seconds int) *plays {
	p.Helper()
	var t ticket
	p.call("POST", "/v1/matches/"+match+"/replay", map[string]int{"delay": seconds}, 201, &t)
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

// TestAMatchIsWatchedWhileItIsPlayed over real sockets, by one who sees it now and
// one who sees it late: to both it is the same, to its stored end.
func TestAMatchIsWatchedWhileItIsPlayed(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		now := w.arrives("Eve").shows(counting, ann.ticket.Room)
		late := w.arrives("Ivo").showsLate(counting, ann.ticket.Room, 10)
		for n := range 8 {
			if err := ann.Command(w.Context(), count{By: n}); err != nil {
				w.Fatal(err)
			}
			w.pass(time.Second)
		}
		if n := len(now.events()); n < 4 || n > 7 {
			w.Errorf("after eight seconds %d of eight events are seen live, want them some seconds behind", n)
		}
		if n := len(late.events()); n != 0 {
			w.Errorf("after eight seconds %d events are seen ten seconds late", n)
		}
		if err := ann.Command(w.Context(), count{End: true}); err != nil {
			w.Fatal(err)
		}
		w.pass(30 * time.Second)
		kept, _ := last[wire.Over](ann, "the match ended")
		for _, s := range []*plays{now, late} {
			over, _ := last[wire.Over](s, "it is shown to the end")
			if over.Reason != kept.Reason || over.Tick != kept.Tick || !slices.Equal(over.Standings, kept.Standings) {
				w.Errorf("it ended with %+v, want the end that was kept, %+v", over, kept)
			}
			if !slices.Equal(s.events(), ann.events()) {
				w.Errorf("heard %v, want what who played heard, each once: %v", s.events(), ann.events())
			}
		}
	})
}

// TestAMatchThatOutlivedItsServerIsWatchedFromItsBeginning though its room began
// here with a saved state, and has not seen that.
func TestAMatchThatOutlivedItsServerIsWatchedFromItsBeginning(t *testing.T) {
	within(t, distances(1, 1), func(w *world) {
		g := w.games[0]
		ann := w.arrives("Ann").comes(g, nil)
		for n := range 10 {
			if err := ann.Command(w.Context(), drive{By: n}); err != nil {
				w.Fatal(err)
			}
			w.pass(15 * time.Second)
		}
		w.dies()
		w.starts()
		w.pass(10 * time.Second)
		if err := ann.Command(w.Context(), drive{By: 1000}); err != nil {
			w.Fatal(err)
		}
		eve := w.arrives("Eve").shows(g, ann.ticket.Room)
		if err := eve.Show(0, 800, game.Watcher); err != nil {
			w.Fatal(err)
		}
		w.pass(40 * time.Second)
		var driven []int
		for _, e := range eve.events() {
			driven = append(driven, e.Data.(Driven).By)
		}
		if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000}; !slices.Equal(driven, want) {
			w.Errorf("saw %v, want all of it: %v", driven, want)
		}
	})
}

// TestAMatchIsWatchedLiveThroughEveryServer of those that share a database, and by
// who was sent on when its server had died.
func TestAMatchIsWatchedLiveThroughEveryServer(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann := c.arrives("Ann").at("a").comes(counting, nil)
		c.arrives("Bob").at("a").comes(counting, nil)
		c.pass(time.Second)
		var viewers []*plays
		for _, via := range []string{"a", "b", "c"} {
			viewers = append(viewers, c.arrives("Eve").at(via).shows(counting, ann.ticket.Room))
		}
		if err := ann.Command(c.Context(), count{By: 7}); err != nil {
			c.Fatal(err)
		}
		c.pass(5 * time.Second)
		for i, s := range viewers {
			if n := len(s.events()); n != 1 {
				c.Errorf("viewer %d heard %d events, want the one there was", i, n)
			}
		}
		c.nodes["a"].dies()
		c.pass(20 * time.Second)
		again := c.arrives("Ivo").at("b").shows(counting, ann.ticket.Room)
		if err := again.Show(0, 800, game.Watcher); err != nil {
			c.Fatal(err)
		}
		c.pass(15 * time.Second)
		if n := len(again.events()); n != 1 {
			c.Errorf("another server shows %d events of it, want the one there was", n)
		}
	})
}
