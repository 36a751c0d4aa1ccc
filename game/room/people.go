package room

import (
	"slices"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

func (r *Room) take(p Player) (Grant, error) {
	if w := r.seats.of(p.ID); w != nil {
		return r.grant(w), nil
	}
	if r.ending != nil {
		return Grant{}, ErrOver
	}
	seat, ok := r.seats.first()
	if !ok || !r.mayTake() {
		return Grant{}, ErrFull
	}
	w := r.admit(p, seat)
	r.seats.sit(w)
	r.setState(w, game.Held, r.ticks(r.cfg.Reserve))
	return r.grant(w), nil
}

func (r *Room) watch(p Player) (Grant, error) {
	watchers := 0
	for _, w := range r.people {
		if w.seat != game.Watcher {
			continue
		}
		if w.player.ID == p.ID {
			return r.grant(w), nil
		}
		watchers++
	}
	if watchers >= maxWatchers {
		return Grant{}, ErrFull
	}
	w := r.admit(p, game.Watcher)
	r.setState(w, game.Held, r.ticks(r.cfg.Reserve))
	return r.grant(w), nil
}

func (r *Room) join(ticket string, l Link) (*Member, error) {
	number, ok := OpenTicket(r.cfg.Key, ticket)
	if !ok {
		return nil, ErrTicket
	}
	w := r.member(number)
	if w == nil {
		return nil, ErrTicket
	}
	return r.joined(w, l), nil
}

// member is the membership of a number; nil is none, or none any more.
func (r *Room) member(number uint32) *membership {
	for _, w := range r.people {
		if w.number == number {
			return w
		}
	}
	return nil
}

// joined is when a membership has a new link.
func (r *Room) joined(w *membership, l Link) *Member {
	r.note(wire.Joined{Who: w.number, Link: l.Name()})
	if w.current != nil {
		w.current.link.Close(wire.CloseTakenOver, "You connected from elsewhere.")
		w.current = nil
	}
	r.seatTaken(w)
	w.current, w.received = &Member{room: r, who: w, link: l}, 0
	r.welcome(w)
	return w.current
}

// seatTaken notes that a player is here: for the first time, or again.
func (r *Room) seatTaken(w *membership) {
	r.setState(w, game.Taken, 0)
	if !w.came && w.seat != game.Watcher {
		r.played = append(r.played, w)
	}
	w.came, w.here = true, true
	w.controls = controls{}
}

// admit makes a membership.
func (r *Room) admit(p Player, seat game.Seat) *membership {
	r.note(wire.Took{ID: p.ID, Name: p.Name, Watches: seat == game.Watcher})
	r.issued++
	w := &membership{number: r.issued, player: p, seat: seat}
	r.people = append(r.people, w)
	return w
}

// giveUp ends a membership: its ticket is worth nothing from now on.
func (r *Room) giveUp(w *membership) {
	r.people = slices.DeleteFunc(r.people, func(o *membership) bool { return o == w })
	w.left = r.ending == nil
	if w.current != nil {
		r.hold(told{to: w.current, what: anEnd})
		w.current = nil
	}
	r.changed = true
	if w.seat == game.Watcher {
		return
	}
	reopen := r.cfg.Game.Late || r.begun.IsZero() || !w.came
	state := r.seats.leave(w, reopen)
	r.deeds = append(r.deeds, deed{seat: w.seat, state: state})
	r.broadcast(wire.Member{Seat: w.seat, State: state, Name: w.player.Name})
}

// setState moves a membership to Taken, or to Held for some ticks, and tells
// the match and the members.
func (r *Room) setState(w *membership, s game.SeatState, held roomTick) {
	was := w.state
	w.state, w.until = s, r.now+held
	r.changed = true
	if w.seat == game.Watcher || was == s {
		return
	}
	r.deeds = append(r.deeds, deed{seat: w.seat, state: s})
	r.broadcast(wire.Member{Seat: w.seat, State: s, Name: w.player.Name})
}

// mayTake says whether this match still takes people in.
func (r *Room) mayTake() bool { return r.begun.IsZero() || r.cfg.Game.Late }

func (r *Room) grant(w *membership) Grant {
	g := Grant{Ticket: SealTicket(r.cfg.Key, r.id, w.number), Seat: w.seat}
	if w.state == game.Held {
		g.Expires = time.Now().Add(time.Duration(w.until-r.now) * r.period)
	}
	return g
}
