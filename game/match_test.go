package game_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickroom/game"
)

// tally is a game for these tests: it counts, rolls and remembers who came.
var tally = game.Define(game.Info{
	Name: "tally", Version: 3, Seats: 3, TickRate: 10,
	Options: []game.Option{{Name: "until", Default: 1000, Min: 1, Max: 1000}},
	Events:  []any{Rolled{}, Came{}},
}, newTally)

type (
	Rolled struct{ N int }
	Came   struct {
		Seat  int
		State string
	}
)

type order struct {
	Add    int
	To     int    // Rolled is told to: 0 all, 1 this seat, 2 the others
	Refuse string // after rolling, emitting and ending, which are then taken back
	End    bool
	Panic  bool
}

type sum struct{ N int }

type tallyRules struct {
	n     int
	rolls []int
}

func newTally(t *game.Turn) *tallyRules { return &tallyRules{n: t.Roll(100)} }

func (r *tallyRules) Apply(t *game.Turn, s game.Seat, o order) error {
	rolled := Rolled{t.Roll(6)}
	[]func(){
		func() { t.Emit(rolled) },
		func() { t.EmitTo(s, rolled) },
		func() { t.EmitExcept(s, rolled) },
	}[o.To]()
	if o.End {
		t.End(game.Result{Reason: "asked", Standings: []game.Standing{{Seat: s, Place: 1}}})
	}
	switch {
	case o.Panic:
		panic("as ordered")
	case o.Refuse == "plain":
		return errors.New("no reason given")
	case o.Refuse != "":
		return game.Refuse(o.Refuse, "As ordered.")
	}
	r.n += o.Add
	r.rolls = append(r.rolls, rolled.N)
	return nil
}

func (r *tallyRules) Seat(t *game.Turn, s game.Seat, state game.SeatState) {
	t.Emit(Came{int(s), state.String()})
	r.n += 7 * int(t.SeatState(s))
}

func (r *tallyRules) Step(t *game.Turn) {
	r.n += t.Roll(2)
	if int(t.Tick()) == t.Option("until") {
		t.End(game.Result{Reason: "time"})
	}
}

func (r *tallyRules) View(game.Seat) sum { return sum{r.n} }

type fails interface {
	Helper()
	Fatalf(string, ...any)
}

func begin(t fails, g *game.Game, seed uint64, options map[string]int) *game.Match {
	t.Helper()
	setup, err := g.Setup(seed, options)
	if err != nil {
		t.Fatalf("setup: %v", err)
	}
	m, err := g.Start(setup)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return m
}

func TestARefusalTakesEverythingBack(t *testing.T) {
	m := begin(t, tally, 1, nil)
	if err := m.Apply(0, order{Add: 1}); err != nil {
		t.Fatalf("refused: %v", err)
	}
	hash, log := m.Hash(), slices.Clone(m.Log())
	err := m.Apply(1, order{Add: 1, Refuse: "no", End: true})
	if r, ok := errors.AsType[*game.Refusal](err); !ok || r.Code != "no" || r.Text != "As ordered." {
		t.Errorf("answered %v, want the rules' own refusal", err)
	}
	if m.Hash() != hash {
		t.Error("the state changed: dice and the end are to be as before")
	}
	if diff := cmp.Diff(log, m.Log()); diff != "" {
		t.Errorf("the log changed: %s", diff)
	}
	if events := m.Events(); len(events) != 1 {
		t.Errorf("%d events, want the one of the command that was done", len(events))
	}
	m.Step()
	if _, over := m.Over(); over {
		t.Error("the match ended by a command that was refused")
	}
}

func TestAnErrorThatIsNoRefusalBecomesOne(t *testing.T) {
	m := begin(t, tally, 1, nil)
	r, ok := errors.AsType[*game.Refusal](m.Apply(0, order{Refuse: "plain"}))
	if !ok || r.Code != "refused" || r.Text != "no reason given" {
		t.Errorf("answered %+v, want code refused and the error's text", r)
	}
}

func TestAPanicPassesThroughAndLeavesTheLog(t *testing.T) {
	m := begin(t, tally, 1, nil)
	if err := m.Apply(2, order{Add: 1}); err != nil {
		t.Fatalf("refused: %v", err)
	}
	wantPanic(t, "a command that brings the rules down", "as ordered", func() { m.Apply(2, order{Panic: true}) })
	want := game.Log{{Tick: 1, Seat: 2, Command: order{Add: 1}}}
	if diff := cmp.Diff(want, m.Log()); diff != "" {
		t.Errorf("the log is what was done before: %s", diff)
	}
}

func TestAMatchEndsAfterTheTick(t *testing.T) {
	m := begin(t, tally, 1, nil)
	m.Step()
	if err := m.Apply(1, order{End: true}); err != nil {
		t.Fatalf("refused: %v", err)
	}
	if _, over := m.Over(); over {
		t.Error("over before its tick was played")
	}
	if err := m.Apply(1, order{}); err != game.ErrOver {
		t.Errorf("a command after the end was answered %v, want %v", err, game.ErrOver)
	}
	m.Seat(0, game.Taken)
	if len(m.Log()) != 1 {
		t.Errorf("log %+v: after the end nothing is done any more", m.Log())
	}
	m.Step()
	want := game.Result{Reason: "asked", Standings: []game.Standing{{Seat: 1, Place: 1}}}
	if got, over := m.Over(); !over || !cmp.Equal(want, got) {
		t.Errorf("over %v with %+v, want %+v", over, got, want)
	}
	hash := m.Hash()
	if m.Step(); m.Hash() != hash || m.Tick() != 2 {
		t.Errorf("tick %d: a match that is over stands still", m.Tick())
	}
}

func TestSeatsAreToldOnceForAChange(t *testing.T) {
	m := begin(t, tally, 1, nil)
	m.Seat(1, game.Held)
	m.Seat(1, game.Held)
	m.Seat(1, game.Taken)
	m.Seat(0, game.Open)
	var got []any
	for _, e := range m.Events() {
		got = append(got, e.Data)
	}
	if diff := cmp.Diff([]any{Came{1, "held"}, Came{1, "taken"}}, got); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	if n := len(m.Log()); n != 2 {
		t.Errorf("%d entries in the log, want the 2 changes", n)
	}
}

func TestEventsGoToTheirAudience(t *testing.T) {
	for to, want := range map[int][]game.Seat{0: {game.Watcher, 0, 1, 2}, 1: {1}, 2: {game.Watcher, 0, 2}} {
		m := begin(t, tally, 1, nil)
		m.Step()
		if err := m.Apply(1, order{To: to}); err != nil {
			t.Fatalf("refused: %v", err)
		}
		e := m.Events()[0]
		var heard []game.Seat
		for _, s := range []game.Seat{game.Watcher, 0, 1, 2} {
			if e.To.Includes(s) {
				heard = append(heard, s)
			}
		}
		if !slices.Equal(heard, want) || e.To.All() != (to == 0) {
			t.Errorf("audience %d: heard by %v, all %v; want %v", to, heard, e.To.All(), want)
		}
		if e.Name != "rolled" || e.Tick != 2 {
			t.Errorf("event %s of tick %d; want rolled, of the tick being played, 2", e.Name, e.Tick)
		}
		if again := m.Events(); again != nil {
			t.Errorf("events were given twice: %v", again)
		}
	}
}

func TestAnUnloggedMatchKeepsNoLog(t *testing.T) {
	unlogged := game.Define(game.Info{Name: "talk", Seats: 1, TickRate: 1, Unlogged: true, Events: []any{Rolled{}, Came{}}, Options: tally.Options}, newTally)
	m := begin(t, unlogged, 1, nil)
	m.Seat(0, game.Taken)
	if err := m.Apply(0, order{}); err != nil {
		t.Fatalf("refused: %v", err)
	}
	if len(m.Log()) != 0 {
		t.Errorf("log %v of a match that may go on for weeks", m.Log())
	}
}

func TestATurnIsOfNoUseAfterItsCall(t *testing.T) {
	var kept *game.Turn
	g := game.Define(game.Info{Name: "keeper", Seats: 1, TickRate: 1, Options: tally.Options}, func(t *game.Turn) *tallyRules {
		kept = t
		return newTally(t)
	})
	begin(t, g, 1, nil)
	for name, use := range map[string]func(){
		"Tick": func() { kept.Tick() }, "Roll": func() { kept.Roll(6) }, "Emit": func() { kept.Emit(Rolled{}) },
		"End": func() { kept.End(game.Result{}) }, "Option": func() { kept.Option("until") },
		"SeatState": func() { kept.SeatState(0) }, "Seats": func() { kept.Seats() }, "TickRate": func() { kept.TickRate() },
	} {
		wantPanic(t, name, "outside the call", use)
	}
}

func TestMistakesOfRulesPanic(t *testing.T) {
	during := func(f func(*game.Turn)) func() {
		g := game.Define(game.Info{Name: "wrong", Seats: 1, TickRate: 1, Events: []any{Rolled{}}}, func(t *game.Turn) *tallyRules {
			f(t)
			return &tallyRules{}
		})
		return func() { begin(t, g, 1, nil) }
	}
	wantPanic(t, "an event that is not listed", "not listed", during(func(t *game.Turn) { t.Emit(Came{}) }))
	wantPanic(t, "an option that is none", `no option "speed"`, during(func(t *game.Turn) { t.Option("speed") }))
	wantPanic(t, "a die without sides", "at least one side", during(func(t *game.Turn) { t.Roll(0) }))
}

// TestReplayIsTheMatch plays at random, and plays the log again up to every tick.
func TestReplayIsTheMatch(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := begin(r, tally, rapid.Uint64().Draw(r, "seed"), map[string]int{"until": rapid.IntRange(1, 30).Draw(r, "until")})
		hashes := []uint64{m.Hash()}
		for over := false; !over; _, over = m.Over() {
			for range rapid.IntRange(0, 3).Draw(r, "acts") {
				s := game.Seat(rapid.IntRange(0, 2).Draw(r, "seat"))
				if rapid.Bool().Draw(r, "comes or goes") {
					m.Seat(s, game.SeatState(rapid.IntRange(0, 3).Draw(r, "state")))
					continue
				}
				m.Apply(s, order{
					Add:    rapid.Int().Draw(r, "add"),
					To:     rapid.IntRange(0, 2).Draw(r, "to"),
					Refuse: rapid.SampledFrom([]string{"", "", "no", "plain"}).Draw(r, "refuse"),
					End:    rapid.IntRange(0, 20).Draw(r, "end") == 0,
				})
			}
			m.Step()
			hashes = append(hashes, m.Hash())
		}
		for tick, want := range hashes {
			again, err := game.Replay(tally, m.Setup(), m.Log(), game.Tick(tick))
			if err != nil {
				r.Fatalf("replay until %d: %v", tick, err)
			}
			if again.Tick() != game.Tick(tick) || again.Hash() != want {
				r.Fatalf("played again until tick %d it stands at %d with hash %x, want %x", tick, again.Tick(), again.Hash(), want)
			}
		}
		beyond, err := game.Replay(tally, m.Setup(), m.Log(), m.Tick()+100)
		if err != nil || beyond.Tick() != m.Tick() {
			r.Fatalf("played beyond its end it stands at %d (%v), want the end, %d", beyond.Tick(), err, m.Tick())
		}
	})
}

func TestALogThatIsNotOfTheMatchIsAnError(t *testing.T) {
	setup := begin(t, tally, 1, nil).Setup()
	for name, c := range map[string]struct {
		entry game.Entry
		says  string
	}{
		"a seat it has not": {game.Entry{Tick: 2, Seat: 3, Command: order{}}, "no seat 3"},
		"a seat below":      {game.Entry{Tick: 2, Seat: -1, State: game.Taken}, "no seat -1"},
		"a refused command": {game.Entry{Tick: 2, Seat: 0, Command: order{Refuse: "no"}}, "no: As ordered."},
	} {
		_, err := game.Replay(tally, setup, game.Log{c.entry}, 5)
		want := fmt.Sprintf("replay tally: entry 0, of tick 2: %s", c.says)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestStartWantsASetupOfItsOwn(t *testing.T) {
	good := begin(t, tally, 1, nil).Setup()
	for name, spoil := range map[string]func(*game.Setup){
		"another game":    func(s *game.Setup) { s.Game = "chess" },
		"another version": func(s *game.Setup) { s.Version++ },
		"no seats":        func(s *game.Setup) { s.Seats = 0 },
		"many seats":      func(s *game.Setup) { s.Seats = game.MaxSeats + 1 },
		"no ticks":        func(s *game.Setup) { s.TickRate = 0 },
		"many ticks":      func(s *game.Setup) { s.TickRate = game.MaxTickRate + 1 },
	} {
		s := good
		spoil(&s)
		if _, err := tally.Start(s); err == nil {
			t.Errorf("%s: started; it would not be the match that was set up", name)
		}
	}
}
