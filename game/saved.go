package game

import (
	"fmt"
	"reflect"
	"slices"
)

// Saved is a match between two ticks: with its Setup all of it, but the log up
// to there.
type Saved struct {
	Tick   Tick        // the last one played
	Seats  []SeatState // by seat
	Dice   []byte
	Logged int    // entries of the log
	Hash   uint64 // Match.Hash
	State  any    // a value of the game's SavedType
}

// Save is the match as it stands; false if its rules save nothing, or it has
// ended. It is called between two ticks, when the events of the last are taken.
func (m *Match) Save() (Saved, bool) {
	rules, ok := m.rules.(erasedSaver)
	if !ok || m.result != nil {
		return Saved{}, false
	}
	dice, err := m.dice.pcg.MarshalBinary()
	if err != nil {
		panic(err) // a PCG always has its two numbers
	}
	return Saved{
		Tick: m.tick, Seats: slices.Clone(m.seats), Dice: dice, Logged: m.Logged(), Hash: m.Hash(), State: rules.save(),
	}, true
}

// Logged is how many entries the log has, with those before a restored match.
func (m *Match) Logged() int { return m.before + len(m.log) }

// Recall gives a restored match the log and the marks from before, so that it has
// all of its own.
func (m *Match) Recall(log Log, marks []Mark) error {
	if len(log) != m.before {
		return fmt.Errorf("%d entries of a log, and %d were before", len(log), m.before)
	}
	m.log, m.marks, m.before = slices.Concat(log, m.log), slices.Concat(marks, m.marks), 0
	return nil
}

// Restore makes the match that was saved. From here on it is the same: state,
// events, and log and marks of what comes. The error says what does not fit:
// then the saved state is of other rules, or broken.
func (g *Game) Restore(s Setup, saved Saved) (*Match, error) {
	m, err := g.Start(s)
	if err != nil {
		return nil, err
	}
	rules, ok := m.rules.(erasedSaver)
	switch {
	case !ok:
		return nil, fmt.Errorf("the rules of %s restore nothing", g.Name)
	case reflect.TypeOf(saved.State) != g.saved:
		return nil, fmt.Errorf("saved state of %s is a %T, not a %v", g.Name, saved.State, g.saved)
	case len(saved.Seats) != len(m.seats):
		return nil, fmt.Errorf("saved state of %s has %d seats of %d", g.Name, len(saved.Seats), len(m.seats))
	}
	if err := m.dice.pcg.UnmarshalBinary(saved.Dice); err != nil {
		return nil, fmt.Errorf("saved dice of %s: %w", g.Name, err)
	}
	copy(m.seats, saved.Seats)
	m.tick, m.before = saved.Tick, saved.Logged
	m.events, m.result = nil, nil
	rules.restore(saved.State)
	if got := m.Hash(); got != saved.Hash {
		return nil, fmt.Errorf("saved state of %s, tick %d, restores to %016x and not to %016x", g.Name, saved.Tick, got, saved.Hash)
	}
	return m, nil
}
