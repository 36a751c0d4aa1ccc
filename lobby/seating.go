package lobby

import (
	"context"
	"errors"
	"time"

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
	}
	grant, err := give(ctx, p)
	if errors.Is(err, room.ErrFull) && !spectate && e.locked() {
		err = ErrLocked
	}
	return seating{e, grant}, err
}

// locked says whether a match has begun that takes nobody in.
func (e *entry) locked() bool {
	return e.Status().Phase == room.Running && !e.Game().Late
}

// sitAnywhere seats a player in the first public room of the game with these
// options that has a seat, where they sit already if they do, and in a new room
// if there is none.
func (l *Lobby) sitAnywhere(ctx context.Context, g *game.Game, p room.Player, options map[string]int) (seating, error) {
	setup, err := g.Setup(0, options) // every option, checked
	if err != nil {
		return seating{}, err
	}
	l.placing[g.Name].Lock()
	defer l.placing[g.Name].Unlock()
	candidates := l.publicRooms(g, setup.Options)
	for _, e := range candidates {
		if e.has(p.ID) && e.Status().Phase != room.Over {
			return l.sit(ctx, e, p, false)
		}
	}
	for _, e := range candidates {
		if e.Status().Free == 0 {
			continue
		}
		s, err := l.sit(ctx, e, p, false)
		if !isNoSeat(err) {
			return s, err
		}
	}
	e, err := l.open(opening{game: g, options: options})
	if err != nil {
		return seating{}, err
	}
	return l.sit(ctx, e, p, false)
}

// isNoSeat says whether another room may still have a seat.
func isNoSeat(err error) bool {
	for _, no := range []error{room.ErrFull, room.ErrOver, room.ErrClosed, room.ErrBusy, ErrLocked} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

func (l *Lobby) publicRooms(g *game.Game, options map[string]int) []*entry {
	var found []*entry
	for _, e := range l.entries() {
		if e.Game() == g && !e.private && e.sameOptions(options) {
			found = append(found, e)
		}
	}
	return found
}

// successor is the room that follows one whose match is over.
type successor struct {
	id    string
	until time.Time
}

// sitAgain seats a player in the room that follows one whose match is over:
// the same for all who ask, with the same options, and private if that was.
func (l *Lobby) sitAgain(ctx context.Context, e *entry, p room.Player) (seating, error) {
	if phase := e.Status().Phase; phase != room.Over && phase != room.Closed {
		return seating{}, ErrStillOpen
	}
	l.placing[e.Game().Name].Lock()
	defer l.placing[e.Game().Name].Unlock()
	next, ok := l.successorOf(e)
	if !ok {
		var err error
		next, err = l.open(opening{game: e.Game(), private: e.private, options: e.Setup().Options})
		if err != nil {
			return seating{}, err
		}
		l.setSuccessor(e, next)
	}
	return l.sit(ctx, next, p, false)
}

func (l *Lobby) successorOf(e *entry) (*entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.next[e.id]
	if !ok || l.rooms[s.id] == nil {
		return nil, false
	}
	next := l.rooms[s.id]
	switch next.Status().Phase {
	case room.Over, room.Closed:
		return nil, false
	}
	return next, true
}

func (l *Lobby) setSuccessor(e, next *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for id, s := range l.next {
		if now.After(s.until) {
			delete(l.next, id)
		}
	}
	l.next[e.id] = successor{next.id, now.Add(againFor)}
}

func (l *Lobby) isDraining() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.draining
}
