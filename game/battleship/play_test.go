package battleship_test

import (
	"errors"

	"github.com/google/go-cmp/cmp"

	"tickroom/game"
	"tickroom/game/battleship"
)

// play is a match that a test talks with: every act says why it should go as
// it is expected to.
type play struct {
	*game.Match
	t fails
}

// fails is what *testing.T and *rapid.T have in common here.
type fails interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

var (
	ready   = battleship.Command{Ready: true}
	shuffle = battleship.Command{Shuffle: true}
)

func place(ship, x, y int, down bool) battleship.Command {
	return battleship.Command{Place: &battleship.Place{Ship: ship, X: x, Y: y, Down: down}}
}

func fire(x, y int) battleship.Command {
	return battleship.Command{Fire: &battleship.Cell{X: x, Y: y}}
}

func started(t fails, seed uint64, options map[string]int) *play {
	t.Helper()
	setup, err := battleship.Game.Setup(seed, options)
	if err != nil {
		t.Fatalf("setup: %v", err)
	}
	m, err := battleship.Game.Start(setup)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return &play{m, t}
}

// waiting is a match that nobody has come to.
func waiting(t fails) *play { return started(t, 1, nil) }

// battle is a match where both fleets lie in rows and the battle has begun.
func battle(t fails, options map[string]int) *play {
	m := started(t, 1, options)
	for s := range game.Seat(2) {
		take(m, s)
		rows(m, s)
	}
	m.does(0, ready, "placed")
	m.does(1, ready, "placed")
	return m
}

func take(m *play, s game.Seat) {
	m.Seat(s, game.Held)
	m.Seat(s, game.Taken)
}

// rows lays a fleet at the left edge, one ship in each of the rows 0 to 4. From
// some places the ships are in each other's way; shuffling finds another.
func rows(m *play, s game.Seat) {
	m.t.Helper()
	for range 1000 {
		laid := 0
		for ship := range 5 {
			if m.Apply(s, place(ship, 0, ship, false)) == nil {
				laid++
			}
		}
		if laid == 5 {
			return
		}
		m.does(s, shuffle, "while placing")
	}
	m.t.Fatalf("no way found to lay the fleet in rows")
}

func (m *play) view(s game.Seat) battleship.View { return m.View(s).(battleship.View) }

func (m *play) does(s game.Seat, c battleship.Command, why string) {
	m.t.Helper()
	if err := m.Apply(s, c); err != nil {
		m.t.Fatalf("tick %d: seat %d was refused (%v); want it done: %s", m.Tick(), s, err, why)
	}
}

func (m *play) refused(s game.Seat, c battleship.Command, code, why string) {
	m.t.Helper()
	r, ok := errors.AsType[*game.Refusal](m.Apply(s, c))
	if !ok || r.Code != code || r.Text == "" {
		m.t.Errorf("tick %d: seat %d got %v; want a refusal %q with a sentence: %s", m.Tick(), s, r, code, why)
	}
}

func (m *play) steps(n int) {
	for range n {
		m.Step()
	}
}

func (m *play) stepTo(tick game.Tick) {
	for m.Tick() < tick {
		if _, over := m.Over(); over {
			return
		}
		m.Step()
	}
}

// wantEvents takes what was said. An expectation is an event, or only its name.
func (m *play) wantEvents(want ...any) {
	m.t.Helper()
	var got []any
	for i, e := range m.Events() {
		if i < len(want) && want[i] == e.Name {
			got = append(got, e.Name)
			continue
		}
		got = append(got, e.Data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("tick %d: events (-want +got): %s", m.Tick(), diff)
	}
}

func (m *play) wantResult(reason string, standings ...game.Standing) {
	m.t.Helper()
	got, over := m.Over()
	if !over {
		m.t.Fatalf("tick %d: the match is not over; want %q", m.Tick(), reason)
	}
	if diff := cmp.Diff(game.Result{Reason: reason, Standings: standings}, got); diff != "" {
		m.t.Errorf("result (-want +got): %s", diff)
	}
}

func cells(s battleship.Ship) []battleship.Cell {
	var all []battleship.Cell
	for i := range s.Length {
		if s.Down {
			all = append(all, battleship.Cell{X: s.X, Y: s.Y + i})
		} else {
			all = append(all, battleship.Cell{X: s.X + i, Y: s.Y})
		}
	}
	return all
}

func everyCell(ships []battleship.Ship) []battleship.Cell {
	var all []battleship.Cell
	for _, s := range ships {
		all = append(all, cells(s)...)
	}
	return all
}
