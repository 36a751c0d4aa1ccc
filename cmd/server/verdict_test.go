package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"tickroom/game"
	"tickroom/game/battleship"
	"tickroom/lobby"
	"tickroom/net/wire"
	"tickroom/store"
)

// tally is what a course of deaths came to.
type tally struct{ kills, acknowledged, lost, doubled, matches int }

func (a *tally) add(b tally) {
	a.kills += b.kills
	a.acknowledged += b.acknowledged
	a.lost += b.lost
	a.doubled += b.doubled
	a.matches += b.matches
}

func (a tally) String() string {
	return fmt.Sprintf("%d kills, %d commands and lines acknowledged, %d lost, %d doubled, %d matches stored",
		a.kills, a.acknowledged, a.lost, a.doubled, a.matches)
}

// verdict compares what witnesses of one room were told with each other, and
// with what is kept of its match.
type verdict struct {
	testing.TB
	*tally
	room      string
	witnesses []*witness
}

// judge looks at all rooms that ended, with no server running.
func judge(t testing.TB, database string, witnesses []*witness, sum *tally) {
	t.Helper()
	st, err := openStore(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	byRoom := map[string][]*witness{}
	for _, w := range witnesses {
		byRoom[w.ticket.Room] = append(byRoom[w.ticket.Room], w)
	}
	for room, ws := range byRoom {
		v := verdict{t, sum, room, ws}
		v.everybodyWasToldOnce()
		v.asTheLogHasIt(v.replayed(st))
	}
	allEnd(t, st, byRoom)
}

// allEnd wants the journal of rooms whose match is kept to be that of all of it:
// such a room is still open, for those who have not heard the end.
func allEnd(t testing.TB, st store.Store, ended map[string][]*witness) {
	t.Helper()
	rooms, err := st.Running(t.Context(), "", store.MaxClaim)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		if ended[r.ID] == nil {
			continue
		}
		history, err := st.History(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := st.Match(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if at, err := lobby.PlayForward(served, r, history); err != nil || uint32(at) != kept.Ticks {
			t.Errorf("room %s of %s plays to tick %d, %v; its match was kept with %d", r.ID, r.Game, at, err, kept.Ticks)
		}
	}
}

// replayed is the match as it is kept, played from its log.
func (v verdict) replayed(st store.Store) game.Log {
	v.Helper()
	g := v.witnesses[0].game
	kept, err := st.Match(context.Background(), v.room)
	if err != nil {
		v.Errorf("match %s of %s is not kept: %v\n%s", v.room, g.Name, err, v.ends())
		return nil
	}
	v.matches++
	raw, err := st.MatchLog(v.Context(), v.room)
	if err != nil {
		v.Fatal(err)
	}
	log, err := wire.DecodeLog(g, raw)
	if err != nil {
		v.Fatal(err)
	}
	m, err := game.Replay(g, setupOf(kept), log, game.Tick(kept.Ticks))
	if err != nil {
		v.Fatalf("the log of %s does not play: %v", v.room, err)
	}
	if m.Hash() != kept.StateHash {
		v.Errorf("match %s of %s, played from its log, comes to %x, and %x is kept", v.room, g.Name, m.Hash(), kept.StateHash)
	}
	return log
}

// ends is how it ended for each, for who looks into a failure.
func (v verdict) ends() (all string) {
	for _, w := range v.witnesses {
		w.mu.Lock()
		all += fmt.Sprintf("%s heard %d messages, of the end: %v; connections lost: %v; ended with %v\n", w.name, len(w.heard), w.told(), w.drops, w.Err())
		w.mu.Unlock()
	}
	return all
}

// everybodyWasToldOnce wants of each one Welcome, and of all the same events and
// lines in the same order up to the end: all of them of those who heard it, else
// those before some moment. Who said a line hears it before the answer.
func (v verdict) everybodyWasToldOnce() {
	v.Helper()
	var events, lines []string
	for _, w := range v.witnesses {
		w.mu.Lock()
		welcomes, over := 0, false
		var e, l []string
		own := map[string]int{}
		for _, h := range w.heard {
			switch m := h.Message.(type) {
			case wire.Welcome:
				welcomes++
			case wire.Event:
				e = append(e, fmt.Sprint(m.Tick, m.Name, m.Data))
			case wire.Chat:
				if !over { // the others may have gone before they hear what is said later
					l = append(l, fmt.Sprint(m.Name, " ", m.Text))
				}
				if m.Name == w.name {
					own[m.Text]++
				}
			case wire.Over:
				over = true
			}
		}
		w.mu.Unlock()
		if welcomes != 1 {
			v.Errorf("%s was welcomed %d times in %s: a conversation goes on where it was", w.name, welcomes, v.room)
		}
		if w.game.Name != "arena" { // where those in it before the others hear of their coming
			events = v.same("events", w, events, e)
		}
		lines = v.same("lines", w, lines, l)
		for d, a := range w.asked {
			if d.line {
				v.once(w, d, a, own[strconv.Itoa(d.number)])
			}
		}
	}
}

// same wants what one witness heard to be what the others did, and gives the
// longer.
func (v verdict) same(what string, w *witness, others, theirs []string) []string {
	v.Helper()
	short, long := others, theirs
	if len(short) > len(long) {
		short, long = long, short
	}
	if !slices.Equal(short, long[:len(short)]) {
		v.doubled++
		i := 0
		for short[i] == long[i] {
			i++
		}
		v.Errorf("%s heard, as number %d of %s in %s, not what others did: %v, %v", w.name, i, what, v.room, theirs[i:], others[i:])
	}
	if w.told() && len(theirs) < len(others) {
		v.lost++
		v.Errorf("%s heard the end of %s, and %d %s of %d", w.name, v.room, len(theirs), what, len(others))
	}
	return long
}

// once holds what a witness was answered against how often it was done.
func (v verdict) once(w *witness, d deed, a answer, times int) {
	v.Helper()
	switch {
	case times > 1:
		v.doubled++
		v.Errorf("%s asked for %+v once in %s, and it was done %d times", w.name, d, v.room, times)
	case a == granted && times == 0:
		v.lost++
		v.Errorf("%s was told that %+v is done in %s, and it was not", w.name, d, v.room)
	case a == denied && times > 0:
		v.Errorf("%s was refused %+v in %s, and it was done", w.name, d, v.room)
	case a == granted:
		v.acknowledged++
	}
}

// asTheLogHasIt holds what was acknowledged, and what was heard, against the log.
func (v verdict) asTheLogHasIt(log game.Log) {
	v.Helper()
	type by struct {
		seat   game.Seat
		number int
	}
	times := map[by]int{}
	var events []string
	for _, e := range log {
		switch c := e.Command.(type) {
		case count:
			times[by{e.Seat, c.By}]++
			events = append(events, fmt.Sprint(e.Tick, "counted", Counted{e.Seat, c.By}))
		case battleship.Command:
			if c.Fire != nil {
				times[by{e.Seat, 10*c.Fire.Y + c.Fire.X}]++
			}
		}
	}
	for _, w := range v.witnesses {
		for d, a := range w.asked {
			if !d.line {
				v.once(w, d, a, times[by{game.Seat(w.ticket.Seat), d.number}])
			}
		}
		if w.game == counting || w.game == pairs {
			var theirs []string
			w.mu.Lock()
			for _, h := range w.heard {
				if e, ok := h.Message.(wire.Event); ok {
					theirs = append(theirs, fmt.Sprint(e.Tick, e.Name, e.Data))
				}
			}
			w.mu.Unlock()
			v.same("events", w, events, theirs)
		}
	}
}
