package room

import "context"

// What others ask of a room, from any goroutine. It is answered at once.

// Take gives a player the lowest free seat, held until they connect. The same
// player asking again gets the same seat. ErrFull, ErrOver, ErrClosed, ErrBusy.
func (r *Room) Take(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.take(p) })
}

// Watch gives the right to look on. ErrFull when too many do; ErrClosed, ErrBusy.
func (r *Room) Watch(ctx context.Context, p Player) (Grant, error) {
	return ask(ctx, r, func() (Grant, error) { return r.watch(p) })
}

// GiveUp ends a player's right to their seat. ErrNotSeated, ErrClosed, ErrBusy.
func (r *Room) GiveUp(ctx context.Context, playerID string) error {
	_, err := ask(ctx, r, func() (struct{}, error) {
		w := r.seats.of(playerID)
		if w == nil {
			return struct{}{}, ErrNotSeated
		}
		r.giveUp(w)
		return struct{}{}, nil
	})
	return err
}

// Join connects a link to what its ticket is for: first coming and coming back
// alike. The link is then told Welcome, past chat and the current view; an
// older link of the same ticket is closed. ErrTicket, ErrClosed, ErrBusy. A caller
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
		if r.phase == Closed {
			answers <- answer{none, ErrClosed}
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
