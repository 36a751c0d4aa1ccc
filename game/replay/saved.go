package replay

import (
	"slices"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// saves are states of the match that a screening has come past, where its rules
// can be saved: going back, it plays on from the nearest. They are as far apart as
// it takes for them to be few and small.
type saves struct {
	all   []save    // by tick
	every game.Tick // how far apart
	bytes int
}

type save struct {
	tick  game.Tick
	frame wire.Frame // a wire.SavedMatch: a state in memory would be shared with what is played on from it
}

// due says whether the state after a tick is to be saved.
func (v *saves) due(t game.Tick) bool {
	return t%v.every == 0 && (len(v.all) == 0 || v.all[len(v.all)-1].tick < t)
}

// add takes the newest. What is too many is thinned out.
func (v *saves) add(s save) {
	v.all = append(v.all, s)
	v.bytes += len(s.frame)
	for len(v.all) > maxSaves || v.bytes > maxSavedBytes {
		v.every *= 2
		v.all = slices.DeleteFunc(v.all, func(s save) bool {
			thin := s.tick%v.every != 0
			if thin {
				v.bytes -= len(s.frame)
			}
			return thin
		})
	}
}

// before is the last one up to a tick.
func (v *saves) before(t game.Tick) (last save, ok bool) {
	for _, s := range v.all {
		if s.tick <= t {
			last, ok = s, true
		}
	}
	return last, ok
}

// remember saves the state it stands at, now and then.
func (s *Screening) remember() {
	if s.game.SavedType() == nil || !s.saves.due(s.playback.Tick()) {
		return
	}
	saved, ok := s.playback.Save()
	if !ok {
		return
	}
	frame, err := wire.Encode(wire.SavedMatch(saved))
	if err != nil {
		s.log.Warn("state not saved: going back will take longer", "tick", saved.Tick, "err", err)
		s.saves.every *= 2
		return
	}
	s.saves.add(save{saved.Tick, frame})
}

// approach goes to the state nearest before a tick that it has: where it stands,
// one that was saved, or the beginning.
func (s *Screening) approach(goal game.Tick) error {
	now := s.playback.Tick()
	saved, ok := s.saves.before(goal)
	switch {
	case ok && (goal < now || saved.tick > now):
		return s.restore(saved)
	case goal < now:
		return s.rewind()
	}
	return nil
}

func (s *Screening) restore(v save) error {
	saved, err := wire.DecodeSaved(s.game, v.frame)
	if err != nil {
		return err
	}
	p, err := game.PlayOn(s.game, s.record.Setup(), s.record.Log, saved)
	if err != nil {
		return err
	}
	s.playback, s.overTold = p, false
	s.clock.set(p.Tick(), time.Now())
	return nil
}
