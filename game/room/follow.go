package room

import (
	"context"
	"errors"

	"tickroom/game"
)

// ErrNoLog says that not all of a match's log can be had.
var ErrNoLog = errors.New("the log of the match is lost")

// Follow gives the match as far as it is kept: a Record without an ending, with
// the log and the ticks that nothing can undo any more. Asked again, it is the same
// match further on, and its log begins alike. Once the end is told, it is the
// Record that was stored. It waits for what a saved room does not have of its log.
// ErrClosed, ErrMoved, ErrNoLog; ErrBusy, also when the context ends.
func (r *Room) Follow(ctx context.Context) (Record, error) {
	for {
		var wait <-chan struct{}
		rec, err := ask(ctx, r, func() (rec Record, err error) {
			rec, wait, err = r.soFar()
			return rec, err
		})
		if err != nil || wait == nil {
			return rec, err
		}
		select {
		case <-wait:
		case <-r.done:
		case <-ctx.Done():
			return Record{}, ErrBusy
		}
	}
}

func (r *Room) soFar() (rec Record, wait <-chan struct{}, err error) {
	switch {
	case r.past.missing():
		return Record{}, r.past.want(), nil
	case r.ending != nil && r.ending.kept:
		return r.ending.record, nil, nil
	case r.past.lost || r.cfg.Game.Unlogged:
		return Record{}, nil, ErrNoLog
	}
	j := &r.journal
	if j.sink == nil && r.ending == nil { // without a journal there is nothing to wait for
		j.kept = r.extent()
	}
	return Record{
		ID:        r.cfg.ID,
		Setup:     r.cfg.Setup,
		Log:       r.match.Log()[:j.kept.entries],
		Ticks:     j.kept.tick,
		StartedAt: r.begun,
		Players:   r.players(nil),
	}, nil, nil
}

// extent is how far a match has been played.
type extent struct {
	entries int // of its log
	tick    game.Tick
}

func (r *Room) extent() extent { return extent{r.match.Logged(), r.match.Tick()} }
