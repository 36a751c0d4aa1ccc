package replay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// seekTo has it stand at a tick, as soon as it can. Here is where it stands, or
// is on its way to.
func (s *Screening) seekTo(t game.Tick) {
	switch {
	case t != wire.Here:
		s.target, s.owed = t, 0
	case !s.seeking:
		s.target = s.playback.Tick()
	}
	s.seeking = true
}

// seek plays a step of the way, and at its end shows what is there. What was
// said on the way is not told.
func (s *Screening) seek(ctx context.Context) error {
	leave, ok := s.cfg.Lane.enter(ctx)
	if !ok {
		return nil // the server stops
	}
	defer leave()
	goal := s.goal()
	if err := s.approach(goal); err != nil {
		return err
	}
	for n := 0; s.playback.Tick() < goal && !s.atEnd(); n++ {
		if n == seekStep {
			return nil
		}
		if err := s.step(); err != nil {
			return err
		}
		s.playback.Events()
	}
	s.seeking = false
	s.clock.set(s.playback.Tick(), time.Now())
	return s.arrived()
}

// rewind goes back to before the first tick.
func (s *Screening) rewind() error {
	p, err := game.PlayAgain(s.record.Game, s.record.Setup(), s.record.Log)
	if err != nil {
		return fmt.Errorf("start of match %s: %w", s.record.Match.ID, err)
	}
	s.playback, s.overTold = p, false
	s.clock.set(0, time.Now())
	return nil
}

// catchUp plays the beats that are due.
func (s *Screening) catchUp() error {
	for n := 0; !time.Now().Before(s.due) && !s.atEnd(); n++ {
		if n == maxCatchUp {
			s.due = time.Now() // too far behind: let the clock slip
			return nil
		}
		if err := s.advance(); err != nil {
			return err
		}
		s.due = s.due.Add(s.period)
	}
	return nil
}

// advance is a beat: the ticks that the speed has for it, if there are so many.
func (s *Screening) advance() error {
	s.beats++
	s.owed += s.speed
	for ; s.owed >= 100 && !s.atEnd() && s.playback.Tick() < s.edge(); s.owed -= 100 {
		if err := s.step(); err != nil {
			return err
		}
		s.unseen = true
		s.clock.set(s.playback.Tick(), s.due)
		if err := s.tellTick(); err != nil {
			return err
		}
	}
	s.owed %= 100
	if s.atEnd() || s.unseen && s.snapshotDue() {
		if err := s.tellNow(); err != nil {
			return err
		}
	}
	return s.tellStanding()
}

// step plays a tick.
func (s *Screening) step() error {
	if err := s.playback.Step(); err != nil {
		return err
	}
	if _, over := s.playback.Over(); over && s.record.Runs() {
		return errors.New("it ends here by its rules, and has gone on")
	}
	s.remember()
	return nil
}

// snapshotDue spreads SnapshotRate views evenly over the beats of a second,
// however many ticks they have.
func (s *Screening) snapshotDue() bool {
	rate, ticks := int64(s.game.SnapshotRate), int64(s.record.Match.TickRate)
	return s.beats*rate/ticks != (s.beats-1)*rate/ticks
}

// atEnd says whether there is nothing more to play, nor will be. A match that plays
// otherwise than it was kept may end early.
func (s *Screening) atEnd() bool {
	_, over := s.playback.Over()
	return !s.record.Runs() && (over || s.playback.Tick() >= s.record.Ticks())
}
