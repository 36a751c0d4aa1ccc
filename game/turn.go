package game

import (
	"fmt"
	"reflect"
)

// Turn is what rules may do while they are being called: read the tick and the
// seats, roll dice, emit events, end the match. It is valid only during the
// call it was given to; used later it panics.
type Turn struct {
	m *Match // nil outside a call
}

// Tick is the tick being played: 1 for the first, and while the match starts.
func (t *Turn) Tick() Tick { return t.match().tick + 1 }

// TickRate is how many ticks make a second.
func (t *Turn) TickRate() int { return t.match().setup.TickRate }

// Seats is how many seats the match has.
func (t *Turn) Seats() int { return t.match().setup.Seats }

// SeatState is whether somebody plays seat s now.
func (t *Turn) SeatState(s Seat) SeatState { return t.match().seats[s] }

// Option is the value chosen for the named option. An unknown name panics.
func (t *Turn) Option(name string) int {
	v, ok := t.match().setup.Options[name]
	if !ok {
		panic(fmt.Sprintf("game %s: no option %q", t.m.setup.Game, name))
	}
	return v
}

// Roll is a fair die with n sides: 0 to n-1. It panics if n < 1.
func (t *Turn) Roll(n int) int { return t.match().dice.roll(n) }

// Emit tells everybody something that happened once. It arrives, in order, at
// every member who is there; those who come later see only its effects.
func (t *Turn) Emit(event any) { t.emit(Audience{kind: toAll}, event) }

// EmitTo tells one seat.
func (t *Turn) EmitTo(s Seat, event any) { t.emit(Audience{kind: toOne, seat: s}, event) }

// EmitExcept tells everybody but one seat.
func (t *Turn) EmitExcept(s Seat, event any) { t.emit(Audience{kind: toOthers, seat: s}, event) }

// End ends the match after this tick. The first call counts.
func (t *Turn) End(r Result) {
	m := t.match()
	if m.result == nil {
		m.result = &r
	}
}

func (t *Turn) emit(to Audience, event any) {
	m := t.match()
	name, ok := m.game.eventNames[reflect.TypeOf(event)]
	if !ok {
		panic(fmt.Sprintf("game %s: event %T is not listed in Info.Events", m.setup.Game, event))
	}
	m.events = append(m.events, Event{To: to, Tick: m.tick + 1, Name: name, Data: event})
}

func (t *Turn) match() *Match {
	if t.m == nil {
		panic("game: Turn used outside the call it was given to")
	}
	return t.m
}

// Event is something a match said once.
type Event struct {
	To   Audience
	Tick Tick
	Name string // the type's name, first letter lowered
	Data any    // one of Info.Events' types
}

// Audience is who an event is for.
type Audience struct {
	kind audienceKind
	seat Seat
}

type audienceKind uint8

const (
	toAll audienceKind = iota
	toOne
	toOthers
)

// Includes says whether a member on seat s (or a Watcher) is told.
func (a Audience) Includes(s Seat) bool {
	switch a.kind {
	case toOne:
		return s == a.seat
	case toOthers:
		return s != a.seat
	}
	return true
}

// All says whether everybody is told.
func (a Audience) All() bool { return a.kind == toAll }
