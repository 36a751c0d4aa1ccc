package gametest

import (
	"bytes"
	"fmt"
	"reflect"

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
		return breaks(p.sides(), "%s: the states of two plays of the same setup and log differ%s", tick, p.history())
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
		return breaks(p.sides(), "%s: two plays of the same setup and log emitted %d and %d events%s", tick, len(events), len(twins), p.history())
	}
	for i, e := range events {
		what := fmt.Sprintf("event %s of tick %d", e.Name, e.Tick)
		frame, err := p.travel(what, said(e))
		if err != nil {
			return err
		}
		if twin, err := p.travel(what, said(twins[i])); err != nil || e.To != twins[i].To || !bytes.Equal(frame, twin) {
			return breaks(p.sides(), "%s: the %s differs between two plays of the same setup and log%s", tick, what, p.history())
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
		return nil, breaks(p.sides(), "the %s differs between two plays of the same setup and log%s", what, p.history())
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

// judgeReplay plays the log again after it was kept, and compares the state
// wherever it was judged before.
func (p *play) judgeReplay() error {
	log, err := kept(p.game, p.log)
	if err != nil {
		return breaks(types, "the log cannot be kept: %v", err)
	}
	again, err := p.game.Start(p.m.Setup())
	if err != nil {
		return err
	}
	for _, mark := range p.marks {
		panicked := guard(pure, func() string { return "playing the log again" }, func() { log, err = replay(again, log, mark.tick) })
		switch {
		case panicked != nil:
			return panicked
		case err != nil:
			return breaks(pure, "played again from the log, what was done is refused: %v", err)
		case again.Tick() != mark.tick || again.Hash() != mark.hash:
			return breaks(pure, "played again from the log, the state differs after tick %d", mark.tick)
		}
	}
	return nil
}

// replay moves a match on until the end of a tick, and gives what is left of
// the log.
func replay(m *game.Match, log game.Log, until game.Tick) (game.Log, error) {
	for m.Tick() < until {
		for ; len(log) > 0 && log[0].Tick == m.Tick()+1; log = log[1:] {
			e := log[0]
			if e.Command == nil {
				m.Seat(e.Seat, e.State)
			} else if err := m.Apply(e.Seat, e.Command); err != nil {
				return nil, fmt.Errorf("in tick %d, %s of seat %d: %w", e.Tick, show(e.Command), e.Seat, err)
			}
		}
		if _, over := m.Over(); over {
			return log, nil
		}
		m.Step()
	}
	return log, nil
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
