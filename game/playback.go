package game

import (
	"fmt"
	"sort"
)

// Playback is a match that was played, played again from its log one tick at a
// time: Step is the next tick with all that was done in it. Everything that
// plays a log again is made of it. It belongs to one goroutine at a time.
type Playback struct {
	*Match
	log  Log
	next int // entry
}

// PlayAgain begins a match of a log anew: none of its ticks are played yet. The
// log is not changed, and many may play it at once.
func PlayAgain(g *Game, s Setup, log Log) (*Playback, error) {
	m, err := g.Start(s)
	if err != nil {
		return nil, err
	}
	return &Playback{Match: m, log: log}, nil
}

// PlayOn is PlayAgain from where a match of the same log was saved.
func PlayOn(g *Game, s Setup, log Log, saved Saved) (*Playback, error) {
	m, err := g.Restore(s, saved)
	if err != nil {
		return nil, err
	}
	next := sort.Search(len(log), func(i int) bool { return log[i].Tick > saved.Tick })
	return &Playback{Match: m, log: log, next: next}, nil
}

// Step plays one tick as the log has it. An error says which entry cannot have
// happened: the log is broken, or of other rules. After the end it does nothing.
func (p *Playback) Step() error {
	if p.over {
		return nil
	}
	for ; p.next < len(p.log) && p.log[p.next].Tick <= p.tick+1; p.next++ {
		if err := p.redo(p.log[p.next]); err != nil {
			return fmt.Errorf("entry %d, of tick %d: %w", p.next, p.log[p.next].Tick, err)
		}
	}
	p.Match.Step()
	return nil
}

// Extend gives it the log of a match that has gone on meanwhile: what it had,
// and more.
func (p *Playback) Extend(log Log) { p.log = log }

// Replay plays a log again, through the end of tick until or of the match.
func Replay(g *Game, s Setup, log Log, until Tick) (*Match, error) {
	p, err := PlayAgain(g, s, log)
	if err != nil {
		return nil, err
	}
	for p.tick < until && !p.over {
		if err := p.Step(); err != nil {
			return nil, fmt.Errorf("replay %s: %w", g.Name, err)
		}
		p.events = nil
	}
	return p.Match, nil
}

func (p *Playback) redo(e Entry) error {
	if e.Seat < 0 || int(e.Seat) >= len(p.seats) {
		return fmt.Errorf("no seat %d", e.Seat)
	}
	if e.Command == nil {
		p.Seat(e.Seat, e.State)
		return nil
	}
	return p.Apply(e.Seat, e.Command)
}
