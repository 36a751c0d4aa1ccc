package game

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Game is something the server can host. Make one with Define.
type Game struct {
	Info

	command    reflect.Type
	view       reflect.Type
	saved      reflect.Type // nil: its rules save nothing
	events     []EventType
	eventNames map[reflect.Type]string
	start      func(*Turn) erased
}

// EventType is one kind of event and its name on the wire.
type EventType struct {
	Name string
	Type reflect.Type
}

// Define makes a game of its description and a function that starts a match;
// start may read the Turn's seats, options and dice, and nothing else.
// The types of commands and views are those of start's rules. It panics on an
// Info that contradicts itself, since that can only be a programmer's mistake.
//
//	var Game = game.Define(game.Info{Name: "tictactoe", ...}, newMatch)
//	func newMatch(t *game.Turn) *match
func Define[R Rules[C, V], C, V any](info Info, start func(*Turn) R) *Game {
	g := &Game{
		Info:       info.withDefaults(),
		command:    reflect.TypeFor[C](),
		view:       reflect.TypeFor[V](),
		eventNames: map[reflect.Type]string{},
		start:      func(t *Turn) erased { return typed[C, V]{start(t)} },
	}
	if err := g.check(); err != nil {
		panic(fmt.Sprintf("game %q: %v", info.Name, err))
	}
	for _, e := range info.Events {
		t := reflect.TypeOf(e)
		name := LowerFirst(t.Name())
		g.events = append(g.events, EventType{name, t})
		g.eventNames[t] = name
	}
	return g
}

// DefineSaved is Define for rules whose state can be put away: see [Saver].
func DefineSaved[R interface {
	Rules[C, V]
	Saver[S]
}, C, V, S any](info Info, start func(*Turn) R) *Game {
	g := Define[R, C, V](info, start)
	g.saved = reflect.TypeFor[S]()
	g.start = func(t *Turn) erased {
		r := start(t)
		return saving[C, V, S]{typed[C, V]{r}, r}
	}
	return g
}

// CommandType is C of the game's rules.
func (g *Game) CommandType() reflect.Type { return g.command }

// ViewType is V of the game's rules.
func (g *Game) ViewType() reflect.Type { return g.view }

// SavedType is S of the game's rules; nil if they save nothing.
func (g *Game) SavedType() reflect.Type { return g.saved }

// EventTypes are the game's events in the order of Info.Events.
func (g *Game) EventTypes() []EventType { return g.events }

// Setup makes a match's beginning from chosen options; what is not chosen gets
// its default. An unknown name or a value out of range is an *OptionError.
func (g *Game) Setup(seed uint64, chosen map[string]int) (Setup, error) {
	s := Setup{Game: g.Name, Version: g.Version, Seats: g.Seats, TickRate: g.TickRate, Seed: seed, Options: map[string]int{}}
	for _, o := range g.Options {
		s.Options[o.Name] = o.Default
	}
	for name, v := range chosen {
		i := slices.IndexFunc(g.Options, func(o Option) bool { return o.Name == name })
		if i < 0 {
			return Setup{}, &OptionError{name, fmt.Sprintf("%s has no option %q", g.Name, name)}
		}
		if o := g.Options[i]; v < o.Min || v > o.Max {
			return Setup{}, &OptionError{name, fmt.Sprintf("must be %d to %d", o.Min, o.Max)}
		}
		s.Options[name] = v
	}
	return s, nil
}

// OptionError says which option of a setup is wrong and why.
type OptionError struct {
	Option, Text string
}

func (e *OptionError) Error() string { return "option " + e.Option + ": " + e.Text }

// LowerFirst lowers the first letter, and all of a leading run of capitals but
// the one that starts the next word: AimX is aimX, HP is hp, IDOf is idOf.
func LowerFirst(s string) string {
	upper := func(b byte) bool { return b >= 'A' && b <= 'Z' }
	n := 0
	for n < len(s) && upper(s[n]) {
		n++
	}
	if n > 1 && n < len(s) && !(s[n] >= '0' && s[n] <= '9') {
		n--
	}
	return strings.ToLower(s[:n]) + s[n:]
}

func (i Info) withDefaults() Info {
	if i.MinSeats == 0 {
		i.MinSeats = 1
	}
	if i.SnapshotRate == 0 {
		i.SnapshotRate = i.TickRate
	}
	return i
}

var gameName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

func (i Info) check() error {
	switch {
	case !gameName.MatchString(i.Name):
		return fmt.Errorf("name must match %v", gameName)
	case i.Seats < 1 || i.Seats > MaxSeats:
		return fmt.Errorf("seats must be 1 to %d", MaxSeats)
	case i.MinSeats < 1 || i.MinSeats > i.Seats:
		return fmt.Errorf("min seats must be 1 to seats")
	case i.TickRate < 1 || i.TickRate > MaxTickRate:
		return fmt.Errorf("tick rate must be 1 to %d", MaxTickRate)
	case i.SnapshotRate < 1 || i.SnapshotRate > i.TickRate:
		return fmt.Errorf("snapshot rate must be 1 to the tick rate")
	case i.WatchDelay < 0 || i.WatchDelay > MaxWatchDelay:
		return fmt.Errorf("watch delay must be 0 to %d seconds", MaxWatchDelay)
	}
	return cmp.Or(i.checkOptions(), i.checkEvents())
}

func (i Info) checkOptions() error {
	for n, o := range i.Options {
		switch {
		case o.Name == "":
			return fmt.Errorf("option no. %d has no name", n)
		case slices.ContainsFunc(i.Options[:n], func(p Option) bool { return p.Name == o.Name }):
			return fmt.Errorf("option %s twice", o.Name)
		case o.Default < o.Min || o.Default > o.Max:
			return fmt.Errorf("option %s: default is out of range", o.Name)
		case o.Choices != nil && len(o.Choices) != o.Max-o.Min+1:
			return fmt.Errorf("option %s: %d choices for %d to %d", o.Name, len(o.Choices), o.Min, o.Max)
		}
	}
	return nil
}

func (i Info) checkEvents() error {
	names := map[string]bool{}
	for n, e := range i.Events {
		if reflect.ValueOf(e).Kind() != reflect.Struct {
			return fmt.Errorf("event no. %d is a %T, not a struct", n, e)
		}
		name := LowerFirst(reflect.TypeOf(e).Name())
		if names[name] {
			return fmt.Errorf("event %s twice", name)
		}
		names[name] = true
	}
	return nil
}

// Limits of a game's description.
const (
	MaxSeats    = 1024 // one goroutine steps and one loop sends to all of them
	MaxTickRate = 128  // beyond it a tick is shorter than a timer is exact

	MaxWatchDelay = 3600 // seconds: beyond it the match is over, and can be watched as one that is
)

// typed gives rules with types the shape that a Match drives.
type typed[C, V any] struct{ Rules[C, V] }

type erased interface {
	apply(*Turn, Seat, any) error
	step(*Turn)
	view(Seat) any
	rules() any
}

func (r typed[C, V]) apply(t *Turn, s Seat, c any) error { return r.Rules.Apply(t, s, c.(C)) }
func (r typed[C, V]) step(t *Turn)                       { r.Rules.Step(t) }
func (r typed[C, V]) view(s Seat) any                    { return r.Rules.View(s) }
func (r typed[C, V]) rules() any                         { return r.Rules }

// saving is typed for rules that can be saved.
type saving[C, V, S any] struct {
	typed[C, V]
	saver Saver[S]
}

type erasedSaver interface {
	save() any
	restore(any)
}

func (r saving[C, V, S]) save() any     { return r.saver.Save() }
func (r saving[C, V, S]) restore(s any) { r.saver.Restore(s.(S)) }
