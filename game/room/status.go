package room

import "tickroom/game"

// Status is the room as others see it. It never waits for the room.
func (r *Room) Status() Status {
	s := *r.status.Load()
	s.Tick, _ = r.clock.read()
	return s
}

func (r *Room) renewIfChanged() {
	if r.changed {
		r.renew()
	}
}

// renew makes a new status and says so.
func (r *Room) renew() {
	s := r.describe()
	r.changed = false
	r.status.Store(s)
	r.cfg.Changed(*s)
}

func (r *Room) describe() *Status {
	s := &Status{ID: r.cfg.ID, Phase: r.phase, Keeping: r.awaitsStore(), Paused: r.journal.paused}
	if r.ending == nil && r.phase != Closed && r.mayTake() {
		s.Free = r.seats.free()
	}
	for _, w := range r.people {
		if w.seat == game.Watcher {
			s.Watchers++
		}
	}
	for _, w := range r.seats.at {
		if w != nil {
			s.Members = append(s.Members, Seated{Seat: w.seat, State: w.state, Player: w.player})
		}
	}
	return s
}
