package gametest

import (
	"bytes"
	"fmt"
	"reflect"
	"sort"

	"tickroom/game"
	"tickroom/net/wire"
)

// judge holds the match to the contract after a tick.
func (p *play) judge(events, twins []game.Event) error {
	tick := fmt.Sprintf("after tick %d", p.m.Tick())
	hash, err := hashOf(p.m)
	if err != nil {
		return err
	}
	if twin, err := hashOf(p.twin); err != nil || twin != hash {
		return breaks(pure, "%s: the states of two plays of the same setup and log differ", tick)
	}
	p.marks = append(p.marks, mark{p.m.Tick(), hash})
	if err := p.judgeEvents(tick, events, twins); err != nil {
		return err
	}
	if err := p.judgeViews(tick); err != nil {
		return err
	}
	if again, err := hashOf(p.m); err != nil || again != hash {
		return breaks(copies, "%s: calling View changed the state", tick)
	}
	return p.memory.check(tick)
}

func (p *play) judgeEvents(tick string, events, twins []game.Event) error {
	if len(events) != len(twins) {
		return breaks(pure, "%s: two plays of the same setup and log emitted %d and %d events", tick, len(events), len(twins))
	}
	for i, e := range events {
		what := fmt.Sprintf("event %s of tick %d", e.Name, e.Tick)
		frame, err := p.travel(what, said(e))
		if err != nil {
			return err
		}
		if twin, err := p.travel(what, said(twins[i])); err != nil || e.To != twins[i].To || !bytes.Equal(frame, twin) {
			return breaks(pure, "%s: the %s differs between two plays of the same setup and log", tick, what)
		}
		p.memory.keep(recollection{what, said(e), frame})
	}
	return nil
}

func said(e game.Event) wire.Message { return wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data} }

// judgeViews looks from a watcher's place and a few seats'.
func (p *play) judgeViews(tick string) error {
	const looks = 3
	watchers, err := p.look(tick, game.Watcher)
	if err != nil {
		return err
	}
	for range looks {
		s := game.Seat(p.r.IntN(p.m.Setup().Seats))
		seen, err := p.look(tick, s)
		if err != nil {
			return err
		}
		if !p.game.Hidden && !bytes.Equal(seen, watchers) {
			return breaks(copies, "%s: the view of seat %d is not the watchers', which without Info.Hidden is sent to all", tick, s)
		}
	}
	return nil
}

// look takes a view and gives its frame.
func (p *play) look(tick string, s game.Seat) (wire.Frame, error) {
	what := fmt.Sprintf("view of seat %d %s", s, tick)
	view, twin := wire.Snapshot{Tick: p.m.Tick()}, wire.Snapshot{Tick: p.m.Tick()}
	err := guard(strange, func() string { return what }, func() { view.View, twin.View = p.m.View(s), p.twin.View(s) })
	if err != nil {
		return nil, err
	}
	frame, err := p.travel(what, view)
	if err != nil {
		return nil, err
	}
	if twins, err := p.travel(what, twin); err != nil || !bytes.Equal(frame, twins) {
		return nil, breaks(pure, "the %s differs between two plays of the same setup and log", what)
	}
	p.memory.keep(recollection{what, view, frame})
	return frame, nil
}

// finish judges what can only be judged of a whole play.
func (p *play) finish() error {
	if p.over() {
		if err := p.judgeResult(); err != nil {
			return err
		}
	}
	if p.game.Unlogged {
		return nil
	}
	if !reflect.DeepEqual(p.m.Log(), p.log) {
		return breaks(pure, "the log is not what was done: did the rules change memory of a command they were given?")
	}
	return p.judgeReplay()
}

// judgeReplay plays the log again after it was kept, and finds the first tick
// that comes out differently.
func (p *play) judgeReplay() error {
	log, err := kept(p.game, p.log)
	if err != nil {
		return breaks(types, "the log cannot be kept: %v", err)
	}
	var failed error
	differs := sort.Search(len(p.marks), func(i int) bool {
		m, err := p.replay(log, p.marks[i].tick)
		if err != nil {
			failed = err
			return true
		}
		return m.Tick() != p.marks[i].tick || m.Hash() != p.marks[i].hash
	})
	switch {
	case failed != nil:
		return breaks(pure, "the log cannot be played again: %v", failed)
	case differs < len(p.marks):
		return breaks(pure, "played again from the log, the state differs after tick %d", p.marks[differs].tick)
	}
	return nil
}

func (p *play) replay(log game.Log, until game.Tick) (m *game.Match, err error) {
	panicked := guard(pure, func() string { return "playing the log again" }, func() {
		m, err = game.Replay(p.game, p.m.Setup(), log, until)
	})
	if panicked != nil {
		return nil, panicked
	}
	return m, err
}

func (p *play) judgeResult() error {
	result, _ := p.m.Over()
	if result.Reason == "" {
		return breaks(ends, "the result has no reason")
	}
	seen := map[game.Seat]bool{}
	place := 1
	for _, s := range result.Standings {
		switch {
		case s.Seat < 0 || int(s.Seat) >= p.m.Setup().Seats || seen[s.Seat]:
			return breaks(ends, "seat %d stands in the result twice, or does not exist: %+v", s.Seat, result.Standings)
		case s.Place < place:
			return breaks(ends, "standings are not from place 1 on, best first: %+v", result.Standings)
		}
		seen[s.Seat], place = true, s.Place
	}
	return nil
}

func (p *play) hashIfJudged() (uint64, error) {
	if !p.judged() {
		return 0, nil
	}
	return hashOf(p.m)
}

func hashOf(m *game.Match) (hash uint64, err error) {
	err = guard(pure, func() string { return "hashing the state" }, func() { hash = m.Hash() })
	return hash, err
}
