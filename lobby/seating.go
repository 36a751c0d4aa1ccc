package lobby

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tickroom/game"
	"tickroom/game/room"
)

// seating is where a player was seated, and their right to it.
type seating struct {
	*entry
	room.Grant
}

// sit gives a player a seat in a room, or the right to watch it.
func (l *Lobby) sit(ctx context.Context, e *entry, p room.Player, spectate bool) (seating, error) {
	if l.isDraining() {
		return seating{}, ErrDraining
	}
	give := e.Take
	if spectate {
		give = e.Watch
		if e.game.WatchDelay > 0 {
			return seating{}, ErrDelayed
		}
	}
	var grant room.Grant
	err := l.ask(ctx, e, func(ctx context.Context) (err error) {
		grant, err = give(ctx, p)
		return err
	})
	if errors.Is(err, room.ErrFull) && !spectate && e.locked() {
		err = ErrLocked
	}
	return seating{e, grant}, err
}

// kept waits until what a room has just granted outlives this process.
func (l *Lobby) kept(ctx context.Context, e *entry) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	return e.Kept(ctx)
}

// locked says whether a match has begun that takes nobody in.
func (e *entry) locked() bool {
	return e.Status().Phase == room.Running && !e.game.Late
}

// ask has a room do something, and does not wait long for one that does not
// answer: its rules are stuck, and nobody else should wait for it in turn.
func (l *Lobby) ask(ctx context.Context, e *entry, what func(context.Context) error) error {
	asking, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	err := what(asking)
	if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		return err
	}
	l.cfg.Log.Error("room does not answer", "room", e.id, "game", e.game.Name)
	l.mu.Lock()
	defer l.mu.Unlock()
	e.mute = true
	l.mark(e)
	return room.ErrBusy
}

// sitByCode seats a player who has a room's code, and remembers that they had.
func (l *Lobby) sitByCode(ctx context.Context, code string, p room.Player, spectate bool) (seating, error) {
	e, err := l.entryByCode(code)
	if err != nil {
		return seating{}, err
	}
	s, err := l.sit(ctx, e, p, spectate)
	if err == nil {
		l.admit(e.terms, p.ID)
	}
	return s, err
}

// sitAnywhere seats a player in the first public room of the game with these
// options that has a seat, where they sit already if they do, and in a new room
// if there is none.
func (l *Lobby) sitAnywhere(ctx context.Context, g *game.Game, p room.Player, options map[string]int) (seating, error) {
	t, err := agree(g, options, false, p.ID)
	if err != nil {
		return seating{}, err
	}
	leave, err := l.lines[g.Name].enter(ctx)
	if err != nil {
		return seating{}, err
	}
	defer leave()
	theirs, others := l.candidates(t)
	for _, e := range append(theirs, others...) {
		if s, err := l.sit(ctx, e, p, false); !isNoSeat(err) {
			return s, err
		}
	}
	e, err := l.open(t)
	if err != nil {
		return seating{}, err
	}
	return l.sit(ctx, e, p, false)
}

// candidates are the public rooms on the same terms that may seat who wants to
// open one on these: where they sit already, and the others by age.
func (l *Lobby) candidates(t *terms) (theirs, others []*entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.order {
		if e.private || e.game != t.game || !maps.Equal(e.options, t.options) {
			continue
		}
		switch s := e.Status(); {
		case !e.mute && playing(s) && seated(s, t.opener):
			theirs = append(theirs, e)
		case e.takes(s):
			others = append(others, e)
		}
	}
	return theirs, others
}

func seated(s room.Status, playerID string) bool {
	return slices.ContainsFunc(s.Members, func(m room.Seated) bool { return m.Player.ID == playerID })
}

// isNoSeat says whether another room may still have a seat.
func isNoSeat(err error) bool {
	for _, no := range []error{room.ErrFull, room.ErrOver, room.ErrClosed, room.ErrMoved, room.ErrBusy, ErrLocked} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// sitAgain seats a player in the room that follows one whose match is over: the
// same for all who ask, with the same options, and private if that was.
func (l *Lobby) sitAgain(ctx context.Context, id string, p room.Player) (seating, error) {
	t, err := l.finished(id)
	if err != nil {
		return seating{}, err
	}
	if !l.mayEnter(t, p.ID) {
		return seating{}, ErrPrivate
	}
	leave, err := l.lines[t.game.Name].enter(ctx)
	if err != nil {
		return seating{}, err
	}
	defer leave()
	next, last := l.newest(t)
	if next == nil {
		if next, err = l.open(l.following(last, p.ID)); err != nil {
			return seating{}, err
		}
		l.setNext(last, next.id)
	}
	return l.sit(ctx, next, p, false)
}

// finished gives the terms of a room whose match is over. ErrStillOpen, ErrNoRoom.
func (l *Lobby) finished(id string) (*terms, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, t := l.rooms[id], l.past.terms[id]
	switch {
	case t != nil:
		return t, nil
	case e == nil:
		return nil, ErrNoRoom
	case !e.over():
		return nil, ErrStillOpen
	}
	return e.terms, nil
}

func (e *entry) over() bool {
	phase := e.Status().Phase
	return phase == room.Over || phase == room.Closed
}

// newest goes from room to room that follows, to one whose match is not over or
// else to the last terms: who comes late from the first match joins the others
// in their third.
func (l *Lobby) newest(t *terms) (*entry, *terms) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t.next != "" {
		e, before := l.rooms[t.next], l.past.terms[t.next]
		switch {
		case e != nil && !e.over():
			return e, t
		case e != nil:
			t = e.terms
		case before != nil:
			t = before
		default: // closed so long ago that it is forgotten
			return nil, t
		}
	}
	return nil, t
}

func (l *Lobby) following(t *terms, opener string) *terms {
	l.mu.Lock()
	defer l.mu.Unlock()
	return t.again(opener)
}

func (l *Lobby) setNext(t *terms, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.next = id
}

// giveUp ends a player's right to their seat.
func (l *Lobby) giveUp(ctx context.Context, id, playerID string) error {
	e, err := l.entry(id)
	if err != nil {
		return err
	}
	err = l.ask(ctx, e, func(ctx context.Context) error { return e.GiveUp(ctx, playerID) })
	if err != nil {
		return err
	}
	return l.kept(ctx, e)
}

// line lets through one at a time, and who waits gives up with their context.
type line chan struct{}

func newLine() line { return make(line, 1) }

func (n line) enter(ctx context.Context) (leave func(), err error) {
	select {
	case n <- struct{}{}:
		return func() { <-n }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
