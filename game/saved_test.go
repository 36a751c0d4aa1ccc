package game_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tickroom/game"
)

// purse is tally with a way to put it away.
var purse = game.DefineSaved(tally.Info, func(t *game.Turn) *purseRules { return &purseRules{*newTally(t)} })

type purseRules struct{ tallyRules }

type pursed struct {
	N     int
	Rolls []int
}

func (r *purseRules) Save() pursed     { return pursed{r.n, slices.Clone(r.rolls)} }
func (r *purseRules) Restore(p pursed) { r.n, r.rolls = p.N, p.Rolls }

// playSome plays a number of ticks in which something is done.
func playSome(m *game.Match, ticks int) (events []game.Event) {
	for range ticks {
		n := int(m.Tick())
		m.Seat(game.Seat(n%3), game.SeatState(n%4))
		m.Apply(game.Seat(n%3), order{Add: n, To: n % 3})
		m.Step()
		events = append(events, m.Events()...)
	}
	return events
}

func TestARestoredMatchPlaysOnAsTheOneThatWasSaved(t *testing.T) {
	m := begin(t, purse, 3, nil)
	playSome(m, 150)
	log := slices.Clone(m.Log())
	saved, ok := m.Save()
	if !ok {
		t.Fatal("the match is not saved, though its rules can be")
	}
	again, err := purse.Restore(m.Setup(), saved)
	if err != nil {
		t.Fatal(err)
	}
	want, got := playSome(m, 150), playSome(again, 150)
	if d := cmp.Diff(want, got, cmp.AllowUnexported(game.Audience{})); d != "" {
		t.Errorf("events (-saved +restored):\n%s", d)
	}
	if again.Hash() != m.Hash() || again.Tick() != m.Tick() || again.Logged() != len(m.Log()) {
		t.Errorf("restored: tick %d, state %x, %d entries; want %d, %x, %d", again.Tick(), again.Hash(), again.Logged(), m.Tick(), m.Hash(), len(m.Log()))
	}
	if err := again.Recall(log[1:], nil); err == nil {
		t.Error("a log that lacks an entry was taken for all that was before")
	}
	if err := again.Recall(log, m.Marks()[:1]); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(again.Log(), m.Log()) || !cmp.Equal(again.Marks(), m.Marks()) || again.Logged() != len(m.Log()) {
		t.Error("with what was before, the log and the marks are not those of the match that went on")
	}
}

func TestPlayingOnFromAnyTickIsPlayingAgain(t *testing.T) {
	m := begin(t, purse, 4, nil)
	playSome(m, 60)
	p, err := game.PlayAgain(purse, m.Setup(), m.Log())
	for err == nil && p.Tick() < 60 {
		saved, _ := p.Save()
		var on *game.Playback
		if on, err = game.PlayOn(purse, m.Setup(), m.Log(), saved); err != nil {
			break
		}
		for err == nil && on.Tick() < 60 {
			err = on.Step()
		}
		if on.Hash() != m.Hash() {
			t.Errorf("from tick %d it plays to %x, want %x", saved.Tick, on.Hash(), m.Hash())
		}
		err = p.Step()
		p.Events()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasSavedOtherwiseIsNotRestored(t *testing.T) {
	m := begin(t, purse, 5, nil)
	playSome(m, 20)
	for says, spoil := range map[string]func(*game.Saved){
		"is a string":    func(s *game.Saved) { s.State = "purse" },
		"2 seats of 3":   func(s *game.Saved) { s.Seats = s.Seats[:2] },
		"saved dice":     func(s *game.Saved) { s.Dice = s.Dice[1:] },
		"restores to":    func(s *game.Saved) { s.State = pursed{N: 7} },
		"tick 21":        func(s *game.Saved) { s.Tick++ },
		"and not to 000": func(s *game.Saved) { s.Hash = 0 },
	} {
		saved, _ := m.Save()
		spoil(&saved)
		if _, err := purse.Restore(m.Setup(), saved); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("restored with %v, want words like %q", err, says)
		}
	}
	saved, _ := m.Save()
	if _, err := tally.Restore(m.Setup(), saved); err == nil {
		t.Error("rules that restore nothing were restored")
	}
	if _, ok := begin(t, tally, 1, nil).Save(); ok {
		t.Error("rules that save nothing were saved")
	}
	m.Apply(0, order{End: true})
	m.Step()
	if _, ok := m.Save(); ok {
		t.Error("a match that has ended was saved: there is nothing to go on with")
	}
}
