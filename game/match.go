package game

import (
	"errors"
	"fmt"
	"maps"
)

// Log is what was done in a match, in order: with the Setup, all of the match.
type Log []Entry

// Entry is one thing done: a command, or a seat changing state.
type Entry struct {
	Tick    Tick // the tick it was part of
	Seat    Seat
	State   SeatState // when Command is nil: what the seat became
	Command any       // a value of the game's command type, or nil
}

// Mark is what state a match was in after a tick. It is no part of the match: it
// says where another play of the same log begins to differ.
type Mark struct {
	Tick Tick
	Hash uint64
}

// markEvery is how many seconds of ticks lie between two marks: a few bytes each,
// and near enough to find what went another way.
const markEvery = 10

// Match is one play of a game. It has no clock: whoever drives it calls Seat
// and Apply for what happens in the coming tick, then Step. It belongs to one
// goroutine at a time. A panic in the rules passes through; afterwards only
// Log, Setup and Tick may be called.
type Match struct {
	game   *Game
	setup  Setup
	rules  erased
	turn   Turn
	seats  []SeatState
	dice   dice
	tick   Tick // steps done
	log    Log
	before int // entries of the log that a restored match does not have
	marks  []Mark
	events []Event
	result *Result // set by Turn.End
	over   bool    // result is set and its tick is done
}

// ErrOver is what Apply says after the end.
var ErrOver = &Refusal{Code: "over", Text: "The match is over."}

// Start begins a match. The setup must be of this game and version.
func (g *Game) Start(s Setup) (*Match, error) {
	switch {
	case s.Game != g.Name:
		return nil, fmt.Errorf("setup is of game %q, not %q", s.Game, g.Name)
	case s.Version != g.Version:
		return nil, fmt.Errorf("setup is of %s version %d, this build plays version %d", g.Name, s.Version, g.Version)
	case s.Seats < 1 || s.Seats > MaxSeats || s.TickRate < 1 || s.TickRate > MaxTickRate:
		return nil, fmt.Errorf("setup of %s: %d seats at %d ticks a second is out of range", g.Name, s.Seats, s.TickRate)
	}
	s.Options = maps.Clone(s.Options)
	m := &Match{game: g, setup: s, seats: make([]SeatState, s.Seats), dice: newDice(s.Seed)}
	m.call(func(t *Turn) { m.rules = g.start(t) })
	return m, nil
}

// Seat tells the rules that a seat changed state. Telling the same again, or
// anything after the end, is nothing.
func (m *Match) Seat(s Seat, state SeatState) {
	if m.seats[s] == state || m.result != nil {
		return
	}
	m.seats[s] = state
	m.record(Entry{Tick: m.tick + 1, Seat: s, State: state})
	if r, ok := m.rules.rules().(Seated); ok {
		m.call(func(t *Turn) { r.Seat(t, s, state) })
	}
}

// Apply does a seat's command (a value of the game's command type), or refuses
// it with a *Refusal and changes nothing.
func (m *Match) Apply(s Seat, command any) error {
	if m.result != nil {
		return ErrOver
	}
	dice, events := m.dice, len(m.events)
	var err error
	m.call(func(t *Turn) { err = m.rules.apply(t, s, command) })
	if err != nil {
		m.dice, m.events, m.result = dice, m.events[:events], nil
		return asRefusal(err)
	}
	m.record(Entry{Tick: m.tick + 1, Seat: s, Command: command})
	return nil
}

// Step plays one tick. After the end it does nothing.
func (m *Match) Step() {
	if m.over {
		return
	}
	if m.result == nil { // else a command or a seat of this tick ended it
		m.call(m.rules.step)
	}
	m.tick++
	m.over = m.result != nil
	if m.markDue() {
		m.marks = append(m.marks, Mark{m.tick, m.Hash()})
	}
}

// Events takes what was said since the last call, in order.
func (m *Match) Events() []Event {
	events := m.events
	m.events = nil
	return events
}

// View is what a seat, or Watcher, may see now.
func (m *Match) View(s Seat) any { return m.rules.view(s) }

// Over says whether the match has ended, and how.
func (m *Match) Over() (Result, bool) {
	if !m.over {
		return Result{}, false
	}
	return *m.result, true
}

// Tick is the last tick played.
func (m *Match) Tick() Tick { return m.tick }

// Setup is what the match began with.
func (m *Match) Setup() Setup { return m.setup }

// Game is what is being played.
func (m *Match) Game() *Game { return m.game }

// SeatState says whether somebody plays seat s.
func (m *Match) SeatState(s Seat) SeatState { return m.seats[s] }

// Log is what was done so far, in a restored match since then. It grows in
// place: do not change it. An Unlogged game has none.
func (m *Match) Log() Log { return m.log }

// Hash is a fingerprint of the whole state: the rules' own fields, the seats,
// the dice, the tick and the result. Two plays of one setup and log agree in it
// after every tick, on every machine.
func (m *Match) Hash() uint64 {
	return hashOf(m.rules.rules(), m.seats, m.dice, m.tick, m.result)
}

// Marks are the state's fingerprints along the way, one every ten seconds of
// ticks, in a restored match since then. An Unlogged game has none.
func (m *Match) Marks() []Mark { return m.marks }

func (m *Match) markDue() bool {
	return !m.game.Unlogged && int(m.tick)%(markEvery*m.setup.TickRate) == 0
}

func (m *Match) record(e Entry) {
	if !m.game.Unlogged {
		m.log = append(m.log, e)
	}
}

// call lends the turn to the rules for the length of f.
func (m *Match) call(f func(*Turn)) {
	m.turn.m = m
	defer func() { m.turn.m = nil }()
	f(&m.turn)
}

func asRefusal(err error) *Refusal {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r
	}
	return &Refusal{Code: "refused", Text: err.Error()}
}
