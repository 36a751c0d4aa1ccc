package room

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// ending is how the match ended, and how far the keeping of it is.
type ending struct {
	record    Record
	standings []wire.Standing
	events    []game.Event // of the last tick, held back until the result is stored
	at        roomTick
	store     bool       // the result is to be stored
	written   bool       // the journal has all up to here: played again, it ends so again
	storing   chan error // non-nil while it is tried; gives one answer
	kept      bool       // done with storing
	lost      error      // why it could not be stored
}

// end ends the match. Nobody is told before the result is kept, of the last
// tick's events either.
func (r *Room) end(how Ending, reason string, standings []game.Standing, events []game.Event) {
	e := &ending{at: r.now, events: events}
	e.store = !r.cfg.Game.Unlogged && (!r.begun.IsZero() || how == Finished)
	e.record = Record{
		ID:        r.cfg.ID,
		Setup:     r.cfg.Setup,
		Ticks:     r.match.Tick(),
		Ending:    how,
		Reason:    reason,
		StartedAt: r.begun,
		EndedAt:   time.Now(),
		Players:   r.players(standings),
	}
	e.record.Log, e.record.Marks = r.wholeLog()
	if r.begun.IsZero() {
		e.record.StartedAt = e.record.EndedAt
	}
	if how != Failed {
		err := r.guard(func() error { e.record.Hash = r.match.Hash(); return nil })
		if err != nil {
			e.record.Ending, e.record.Reason, e.record.Hash = Failed, "rules-failed", 0
		}
	}
	for _, s := range standings {
		e.standings = append(e.standings, wire.Standing{Seat: s.Seat, Name: r.ownerOf(s.Seat).Name, Place: s.Place, Score: s.Score})
	}
	r.ending, r.changed = e, true
	if !e.store {
		r.kept(nil)
	}
}

// players is who had a seat, each once, by their last one, and then the bots
// that have a standing.
func (r *Room) players(standings []game.Standing) []Played {
	var players []Played
	for _, w := range r.played {
		players = slices.DeleteFunc(players, func(o Played) bool { return o.ID == w.player.ID })
		players = append(players, Played{Player: w.player, Seat: w.seat, Left: w.left})
	}
	for _, s := range standings {
		owner := r.ownerOf(s.Seat)
		i := slices.IndexFunc(players, func(p Played) bool { return p.ID == owner.ID && p.Seat == s.Seat })
		if i < 0 {
			i, players = len(players), append(players, Played{Player: owner, Seat: s.Seat})
		}
		players[i].Place, players[i].Score = s.Place, s.Score
	}
	return players
}

// ownerOf is whose a seat's standing is: who sits there, or gave it up for
// good. A seat that opened again, or never was anybody's, is a bot's.
func (r *Room) ownerOf(s game.Seat) Player {
	if w := r.seats.at[s]; w != nil {
		return w.player
	}
	for _, w := range slices.Backward(r.played) {
		if w.seat == s && r.seats.shut[s] {
			return w.player
		}
	}
	return Player{}
}

// awaitsStore says whether a result is on its way.
func (r *Room) awaitsStore() bool { return r.ending != nil && !r.ending.kept }

// keeping gives the answer of the store when there is one.
func (r *Room) keeping() <-chan error {
	if r.ending == nil {
		return nil
	}
	return r.ending.storing
}

// keep starts the storing of a result once. The goroutine lives until it has
// answered, and Run does not return before.
func (r *Room) keep(stop context.Context) {
	e := r.ending
	if e == nil || e.kept || e.storing != nil || r.moved || r.past.missing() || r.journal.sink != nil && !e.written {
		return // or what is stored could end otherwise for who plays the journal again
	}
	e.storing = make(chan error, 1)
	go func() { e.storing <- r.store(stop, e.record) }()
}

// store tries until it works.
func (r *Room) store(stop context.Context, rec Record) error {
	ctx, cancel := r.patience(stop)
	defer cancel()
	for pause := keepPause; ; pause = min(2*pause, keepPauseMax) {
		err := r.try(ctx, rec)
		if err == nil || errors.Is(err, ErrMoved) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("result of match %s: %w", rec.ID, err)
		case <-time.After(pause):
		}
	}
}

// patience is how long something for the result is tried: for KeepFor, or
// keepAtStop once the server stops.
func (r *Room) patience(stop context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), r.cfg.KeepFor)
	forget := context.AfterFunc(stop, func() {
		late := time.NewTimer(keepAtStop)
		defer late.Stop()
		select {
		case <-late.C:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() { forget(); cancel() }
}

// try stores once; a panic in Keep is one more failure.
func (r *Room) try(ctx context.Context, rec Record) (err error) {
	ctx, cancel := context.WithTimeout(ctx, keepTry)
	defer cancel()
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("keeping panicked: %v", p)
		}
		r.cfg.Meter.Kept(time.Since(began), err)
		if err != nil {
			r.log.Warn("result not stored yet", "err", err)
		}
	}()
	return r.cfg.Keep(ctx, rec)
}

// kept tells everybody the end, now that it cannot be lost any more.
func (r *Room) kept(err error) {
	if errors.Is(err, ErrMoved) {
		r.move("The room has moved to another server.")
		return
	}
	e := r.ending
	e.kept, e.lost, e.at, r.changed = true, err, r.now, true
	if err != nil {
		r.log.Error("result lost", "err", err, "ending", e.record.Ending, "reason", e.record.Reason, "ticks", e.record.Ticks)
		r.farewell = farewell{wire.CloseFailed, "The result of the match could not be stored."}
		r.phase = Closed
		return
	}
	if e.record.Ending == Finished && !r.stopping {
		r.note(wire.Kept{})
		r.phase = Over
	} else {
		r.shut()
	}
	if e.record.Ending != Failed {
		r.publish(e.events, !r.journal.replaying)
	}
	r.broadcast(r.overMessage())
}

// shut closes the room with the end: what waited for the journal waits no more.
func (r *Room) shut() {
	r.phase = Closed
	r.release(r.journal.waiting)
	r.release(r.journal.next)
	r.journal.waiting, r.journal.next = nil, nil
	if r.ending.record.Ending == Failed {
		r.farewell = farewell{wire.CloseFailed, "The rules of the game failed. The match was ended and its log kept."}
	}
}

func (r *Room) overMessage() wire.Over {
	e := r.ending
	slices.SortStableFunc(e.standings, func(a, b wire.Standing) int { return cmp.Compare(a.Place, b.Place) })
	return wire.Over{Tick: e.record.Ticks, Ending: string(e.record.Ending), Reason: e.record.Reason, Standings: e.standings}
}
