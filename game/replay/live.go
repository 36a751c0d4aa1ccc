package replay

import (
	"fmt"
	"time"

	"tickroom/game"
)

// What is different while the match is still played.

// standing is where a viewer of such a match is, as they are told by a notice.
type standing string

const (
	live   standing = "live"   // at the live edge
	behind standing = "behind" // earlier, paused or not
	ended  standing = "ended"  // the match has ended since they began to watch
)

// edge is the last tick that may be shown by now.
func (s *Screening) edge() game.Tick {
	if !s.record.Runs() {
		return s.record.Ticks()
	}
	return less(s.record.Ticks(), s.ticks(s.cfg.Delay))
}

// goal is the tick it is to go to: none further than who watches live is shown,
// unless it stands there already.
func (s *Screening) goal() game.Tick {
	if !s.record.Runs() {
		return min(s.target, s.edge())
	}
	return min(s.target, max(s.playback.Tick(), less(s.edge(), s.ticks(liveBehind))))
}

// grew is when the match is known further on, or to its end.
func (s *Screening) grew(r *Record) error {
	if !s.record.Runs() {
		return nil
	}
	s.record = r
	s.playback.Extend(r.Log)
	if s.here && !s.seeking && s.atEnd() { // nothing more comes: no beat will say so
		if err := s.tellNow(); err != nil {
			return err
		}
	}
	return s.tellStanding()
}

// tellStanding tells of the viewer's standing when it is another. Who comes to the
// live edge goes on at the speed of play.
func (s *Screening) tellStanding() error {
	if !s.follows || !s.here || s.seeking || !s.viewer.begun {
		return nil
	}
	now := s.standingNow()
	if now == live {
		s.speed = min(s.speed, 100)
	}
	if now == s.standing {
		return nil
	}
	s.standing = now
	return s.note(string(now), s.standingText())
}

func (s *Screening) standingNow() standing {
	within := s.ticks(liveBehind)
	if s.standing == live {
		within = s.ticks(liveLost)
	}
	switch {
	case !s.record.Runs():
		return ended
	case s.speed > 0 && s.playback.Tick()+within >= s.edge():
		return live
	}
	return behind
}

func (s *Screening) standingText() string {
	switch {
	case s.standing == ended:
		return "The match has ended. This is all of it."
	case s.standing == behind:
		return "The match is still played. You are shown what was before."
	case s.cfg.Delay > 0:
		return fmt.Sprintf("You watch the match as it is played, %.0f seconds late.", s.cfg.Delay.Seconds())
	}
	return "You watch the match as it is played."
}

// ticks is a duration in ticks of the match.
func (s *Screening) ticks(d time.Duration) game.Tick { return game.Tick((d + s.period - 1) / s.period) }

// less is a difference, but not below 0.
func less(a, b game.Tick) game.Tick { return a - min(a, b) }
