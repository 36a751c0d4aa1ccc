package gametest

import (
	"math/rand/v2"

	"tickroom/game"
)

// course is a way to play.
type course struct {
	name  string
	plays int
	ends  bool // it must come to the match's end
	plain bool // with the options' defaults: others may make a match very long
	// seats is what happens to the seats before each tick.
	seats func(*play) error
}

// Limits of a play.
const (
	shortTicks  = 300     // of a play that need not end
	longSeconds = 60 * 60 // of the match's own time, to its end
)

var courses = []course{
	{name: "seats come and go", plays: 8, seats: comeAndGo},
	{name: "everybody plays", plays: 1, ends: true, plain: true, seats: takeAll},
	{name: "everybody gives up", plays: 2, ends: true, seats: giveUpAll},
}

// take plays a course as often as it asks for.
func (s subject) take(c course, seed uint64) error {
	for i := range c.plays {
		if err := s.play(c, seed+uint64(i)); err != nil {
			return err
		}
	}
	return nil
}

// play plays one match.
func (s subject) play(c course, seed uint64) error {
	p := &play{subject: s, r: rand.New(rand.NewPCG(seed, 0))}
	if err := p.start(c.plain); err != nil {
		return err
	}
	limit := game.Tick(shortTicks)
	if c.ends {
		limit = game.Tick(longSeconds * p.m.Setup().TickRate)
	}
	for !p.over() && p.m.Tick() < limit {
		if err := c.seats(p); err != nil {
			return err
		}
		if err := p.commands(); err != nil {
			return err
		}
		if err := p.step(); err != nil {
			return err
		}
	}
	if c.ends && !p.over() {
		return breaks(ends, "%s, and the match still runs after %d ticks, an hour of play", c.name, limit)
	}
	return p.finish()
}

// comeAndGo fills some seats before the first tick, and now and then changes one.
func comeAndGo(p *play) error {
	seats := p.m.Setup().Seats
	if p.m.Tick() == 0 {
		for s := range p.r.IntN(seats + 1) {
			if err := p.seat(game.Seat(s), pick(p.r, game.Held, game.Taken)); err != nil {
				return err
			}
		}
	}
	if p.r.IntN(20) > 0 {
		return nil
	}
	s := game.Seat(p.r.IntN(seats))
	return p.seat(s, nextState(p.r, p.m.SeatState(s), p.game.Late))
}

// nextState is what may become of a seat.
func nextState(r *rand.Rand, now game.SeatState, late bool) game.SeatState {
	switch {
	case now == game.Open:
		return pick(r, game.Held, game.Taken)
	case now == game.GivenUp && !late:
		return game.GivenUp
	case now == game.GivenUp:
		return pick(r, game.Open, game.Held)
	}
	return pick(r, game.Taken, game.Held, game.Taken, game.Held, game.GivenUp, game.Open)
}

func takeAll(p *play) error {
	for s := range p.m.Setup().Seats {
		if err := p.seat(game.Seat(s), game.Taken); err != nil {
			return err
		}
	}
	return nil
}

// giveUpAll lets everybody play for a while, and then go one after the other.
func giveUpAll(p *play) error {
	if p.m.Tick() == 0 {
		p.patience = game.Tick(p.r.IntN(shortTicks))
		if err := takeAll(p); err != nil {
			return err
		}
	}
	if p.m.Tick() < p.patience {
		return nil
	}
	for s := range p.m.Setup().Seats {
		if p.r.IntN(4) == 0 {
			if err := p.seat(game.Seat(s), game.GivenUp); err != nil {
				return err
			}
		}
	}
	return nil
}
