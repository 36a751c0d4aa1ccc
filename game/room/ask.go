package room

import (
	"context"

	"tickroom/net/wire"
)

// What others ask of a room, from any goroutine. It is answered at once.

// Take gives a player the lowest free seat, held until they connect. The same
// player asking again gets the same seat. The answer is not to be told before it
// is Kept. ErrFull, ErrOver, ErrClosed, ErrMoved, ErrBusy.
func (r *Room) Take(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.take(p) })
}

// Watch gives the right to look on, as Take a seat. ErrFull when too many do.
func (r *Room) Watch(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.watch(p) })
}

// GiveUp ends a player's right to their seat, also not to be told before it is
// Kept. ErrNotSeated, ErrClosed, ErrMoved, ErrBusy.
func (r *Room) GiveUp(ctx context.Context, playerID string) error {
	_, err := ask(ctx, r, func() (struct{}, error) {
		w := r.seats.of(playerID)
		if w == nil {
			return struct{}{}, ErrNotSeated
		}
		r.gaveUp(w)
		return struct{}{}, nil
	})
	return err
}

// Kept waits until all that has happened here by now is kept, so that it can be
// told: a ticket whose seat died with a process would be the next player's. It
// takes as long as the journal, or the context: ErrBusy. ErrClosed, ErrMoved.
func (r *Room) Kept(ctx context.Context) error {
	kept := make(chan struct{})
	_, err := ask(ctx, r, func() (struct{}, error) {
		if r.journal.n == 0 {
			r.note(wire.Through{Tick: uint64(r.now)}) // the room itself is kept with its first chunk
		}
		r.mark(kept)
		return struct{}{}, nil
	})
	if err != nil {
		return err
	}
	select {
	case <-kept:
		return nil
	case <-ctx.Done():
		return ErrBusy
	case <-r.done:
	}
	select {
	case <-kept:
		return nil
	default:
		return r.why()
	}
}

// Join connects a link to what its ticket is for: first coming and coming back
// alike. The link is then told Welcome, past chat and the current view; an
// older link of the same ticket is closed. ErrTicket, ErrClosed, ErrMoved, ErrBusy. A caller
// whose context ends before the answer does not know whether it joined: give one
// that does not end.
func (r *Room) Join(ctx context.Context, ticket string, l Link) (*Member, error) {
	return ask(ctx, r, func() (*Member, error) { return r.join(ticket, l) })
}

// ask has the room's goroutine answer a question.
func ask[T any](ctx context.Context, r *Room, question func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	var none T
	err := r.box.ask(func() {
		if r.phase == Closed || r.handing {
			answers <- answer{none, r.why()}
			return
		}
		value, err := question()
		r.renewIfChanged() // who asked may look at the status next
		answers <- answer{value, err}
	})
	if err != nil {
		return none, err
	}
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// why is what who asks a room that is closed, or closing, is told.
func (r *Room) why() error {
	if r.handing || r.moved {
		return ErrMoved
	}
	return ErrClosed
}
