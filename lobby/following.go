package lobby

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tickroom/game/replay"
	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
)

// followed is a room whose match is watched in screenings while it is played: one
// look at it, now and then, is for all of them.
type followed struct {
	// Set once.
	*entry

	// Guarded by the lobby's mu.
	viewers []*screening
}

// errNotKept says that a match ended, and nothing of it was kept.
var errNotKept = errors.New("the match was not kept")

// follow has a screening hear how the match of a room goes on. It is called under
// the lock.
func (l *Lobby) follow(e *entry, s *screening) {
	f := l.screenings.followed[e.id]
	if f == nil {
		f = &followed{entry: e}
		l.screenings.followed[e.id] = f
		l.running.Go(func() { l.lookOn(f) })
	}
	f.viewers = append(f.viewers, s)
}

// lookOn looks at a match until it has ended, or nobody watches.
func (l *Lobby) lookOn(f *followed) {
	for l.run.Err() == nil && l.isFollowed(f) {
		pause(l.run, lookEvery)
		record, err := l.soFar(l.run, f.entry)
		switch {
		case errors.Is(err, errNotKept), errors.Is(err, errNoLog):
			for _, s := range l.unfollow(f) {
				s.End(wire.CloseOver, "The match has ended, and is not kept.")
			}
			return
		case err != nil: // for now: the next look may be better
		case record.Runs():
			l.grow(l.viewersOf(f), record)
		default:
			l.grow(l.unfollow(f), record)
			return
		}
	}
}

// isFollowed says whether anybody watches; a match that nobody does is followed no
// more.
func (l *Lobby) isFollowed(f *followed) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(f.viewers) == 0 {
		delete(l.screenings.followed, f.id)
	}
	return len(f.viewers) > 0
}

func (l *Lobby) viewersOf(f *followed) []*screening {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(f.viewers)
}

// unfollow follows a match no more, and gives the screenings it had.
func (l *Lobby) unfollow(f *followed) []*screening {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.screenings.followed, f.id)
	return f.viewers
}

// grow shows screenings how far a match is.
func (l *Lobby) grow(viewers []*screening, r *replay.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range viewers {
		if slices.Contains(l.screenings.open, s) {
			l.screenings.entries += len(r.Log) - s.entries
			s.entries = len(r.Log)
			s.Grow(r)
		}
	}
}

// soFar is the match of a room as far as it is kept: still played, or with its
// end. errNotKept, errNoLog; room.ErrBusy, errStore, errLogs pass by.
func (l *Lobby) soFar(ctx context.Context, e *entry) (*replay.Record, error) {
	var now room.Record
	err := l.ask(ctx, e, func(ctx context.Context) (err error) {
		now, err = e.Follow(ctx)
		return err
	})
	switch {
	case err == nil && now.Ending == "":
		return &replay.Record{Match: matchOf(now, e.private), Game: e.game, Log: now.Log}, nil
	case err == nil || errors.Is(err, room.ErrClosed):
		return l.stored(ctx, e.id)
	case errors.Is(err, room.ErrNoLog):
		return nil, errNoLog
	}
	return nil, err
}

// stored is a match that has ended.
func (l *Lobby) stored(ctx context.Context, id string) (*replay.Record, error) {
	m, err := l.cfg.Store.Match(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errNotKept
	case err != nil:
		return nil, fmt.Errorf("%w: match %s: %w", errStore, id, err)
	}
	return l.record(ctx, m)
}
