package game_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tickroom/game"
)

// TestALogIsPlayedAgainTickByTick with the same events and states, as often as
// one likes.
func TestALogIsPlayedAgainTickByTick(t *testing.T) {
	type tick struct {
		events []game.Event
		hash   uint64
	}
	m := begin(t, tally, 5, nil)
	var want []tick
	for n := range 30 {
		m.Seat(game.Seat(n%3), game.Taken)
		m.Apply(game.Seat(n%3), order{Add: n, To: n % 3, End: n == 29})
		m.Step()
		want = append(want, tick{m.Events(), m.Hash()})
	}
	for range 2 {
		p, err := game.PlayAgain(tally, m.Setup(), m.Log())
		if err != nil {
			t.Fatal(err)
		}
		for n, w := range want {
			if err := p.Step(); err != nil {
				t.Fatalf("tick %d: %v", n+1, err)
			}
			got := tick{p.Events(), p.Hash()}
			if d := cmp.Diff(w, got, cmp.AllowUnexported(tick{}, game.Audience{})); d != "" {
				t.Fatalf("tick %d played again (-was +is):\n%s", n+1, d)
			}
		}
		if err := p.Step(); err != nil || int(p.Tick()) != len(want) {
			t.Errorf("a step after the end: tick %d, %v; want nothing to happen", p.Tick(), err)
		}
	}
}

func TestMarksAreTheStateEveryTenSeconds(t *testing.T) {
	m := begin(t, tally, 5, nil)
	var want []game.Mark
	for n := range 350 { // 35 s
		m.Apply(0, order{Add: n})
		m.Step()
		if m.Tick()%100 == 0 {
			want = append(want, game.Mark{Tick: m.Tick(), Hash: m.Hash()})
		}
	}
	if d := cmp.Diff(want, m.Marks()); d != "" || len(want) != 3 {
		t.Errorf("marks (-want +got):\n%s", d)
	}
	again, err := game.Replay(tally, m.Setup(), m.Log(), m.Tick())
	if err != nil || !cmp.Equal(again.Marks(), want) {
		t.Errorf("played again: %v, %v; want the same marks", again.Marks(), err)
	}
}

func TestAnUnloggedGameHasNoMarks(t *testing.T) {
	info := tally.Info
	info.Unlogged = true
	chat := game.Define(info, newTally)
	m := begin(t, chat, 5, nil)
	for range 250 {
		m.Step()
	}
	if len(m.Marks()) != 0 {
		t.Errorf("%d marks; want none: nobody will play it again, and it may be of any state", len(m.Marks()))
	}
}
