package gametest

import (
	"fmt"
	"math/rand/v2"

	"tickroom/game"
	"tickroom/net/wire"
)

// play drives a match and its twin, act by act, and judges the rules after
// each. The twin gets equal commands in memory of their own, so the two agree
// only if nothing but setup and log goes into them.
type play struct {
	subject
	r        *rand.Rand
	m, twin  *game.Match
	restored game.Tick // where the twin was made of its saved state; 0 is nowhere
	log      game.Log  // what was done, in memory that the rules never had
	marks    []mark    // the state along the way
	memory   memory    // what was shown and said lately
	patience game.Tick // of the players, in the course where all give up
}

// mark is the state after a tick.
type mark struct {
	tick game.Tick
	hash uint64
}

// Every tick is judged for a while, and afterwards now and then: most of what
// can go wrong goes wrong early, and judging costs more than playing.
const (
	closely = 120 // ticks
	seldom  = 50  // one tick in so many, later

	restoredClosely = 20 // ticks after a twin was restored
)

// judged says whether the coming tick is.
func (p *play) judged() bool {
	next := p.m.Tick() + 1
	return next <= closely || next%seldom == 0 || p.restored > 0 && next-p.restored <= restoredClosely
}

// sides is the rule that is broken where the match and its twin differ.
func (p *play) sides() rule {
	if p.restored > 0 {
		return saving
	}
	return pure
}

func (p *play) over() bool {
	_, over := p.m.Over()
	return over
}

// when tells people which tick is being played.
func (p *play) when() string { return fmt.Sprintf("in tick %d", p.m.Tick()+1) }

func (p *play) start(plain bool) error {
	if _, err := wire.SchemaOf(p.game); err != nil {
		return breaks(types, "%v", err)
	}
	setup, err := p.game.Setup(p.r.Uint64(), p.options(plain))
	if err != nil {
		return err
	}
	panicked := guard(pure, func() string { return fmt.Sprintf("starting with options %v", setup.Options) }, func() {
		if p.m, err = p.game.Start(setup); err == nil {
			p.twin, err = p.game.Start(setup)
		}
	})
	if panicked != nil {
		return panicked
	}
	return err
}

// options chooses the defaults as often as anything else, or always.
func (p *play) options(plain bool) map[string]int {
	chosen := map[string]int{}
	if plain || p.r.IntN(2) == 0 {
		return chosen
	}
	for _, o := range p.game.Options {
		chosen[o.Name] = o.Min + p.r.IntN(o.Max-o.Min+1)
	}
	return chosen
}

func (p *play) seat(s game.Seat, state game.SeatState) error {
	before := p.m.SeatState(s)
	what := func() string { return fmt.Sprintf("%s: Seat(%d, %v)", p.when(), s, state) }
	err := guard(seats, what, func() {
		p.m.Seat(s, state)
		p.twin.Seat(s, state)
	})
	if err == nil && p.m.SeatState(s) != before {
		p.log = append(p.log, game.Entry{Tick: p.m.Tick() + 1, Seat: s, State: state})
	}
	return err
}

// commands lets some of those who are there, or just dropped, do something.
func (p *play) commands() error {
	const most = 8 // a tick: with hundreds of seats it is still a test, not a benchmark
	for range p.r.IntN(most + 1) {
		s := game.Seat(p.r.IntN(p.m.Setup().Seats))
		if state := p.m.SeatState(s); state != game.Taken && state != game.Held {
			continue
		}
		command := p.random(p.r)
		if p.r.IntN(8) == 0 {
			command = hostile(p.r, command)
		}
		if err := p.command(s, command); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) command(s game.Seat, command any) error {
	kept, twins := clone(command), clone(command)
	what := func() string { return fmt.Sprintf("%s: command %s of seat %d", p.when(), show(kept), s) }
	before, err := p.hashIfJudged()
	if err != nil {
		return err
	}
	var refused, twinRefused error
	err = guard(strange, what, func() {
		refused, twinRefused = p.m.Apply(s, command), p.twin.Apply(s, twins)
	})
	if err != nil {
		return err
	}
	if got, want := fmt.Sprint(twinRefused), fmt.Sprint(refused); got != want {
		return breaks(p.sides(), "%s was answered with %q, and with %q in another play of the same setup and log%s", what(), want, got, p.history())
	}
	if refused == nil {
		p.log = append(p.log, game.Entry{Tick: p.m.Tick() + 1, Seat: s, Command: kept})
		return nil
	}
	after, err := p.hashIfJudged()
	if err == nil && after != before {
		err = breaks(refusing, "%s was refused (%v), yet the state changed", what(), refused)
	}
	return err
}

func (p *play) step() error {
	judged := p.judged()
	err := guard(strange, func() string { return p.when() + ": Step" }, func() {
		p.m.Step()
		p.twin.Step()
	})
	if err != nil {
		return err
	}
	events, twins := p.m.Events(), p.twin.Events()
	if judged || p.over() {
		if err := p.judge(events, twins); err != nil {
			return err
		}
	}
	return p.save()
}
