package lobby

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tickroom/game/replay"
	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
)

// screening is a match shown to one player: one that has ended, or one that is
// still played here.
type screening struct {
	// Set once.
	*replay.Screening
	record *replay.Record // as it was when this was opened
	delay  int            // seconds
	id     string
	key    []byte // its ticket is sealed with it
	viewer string // the player's id
	shown  *debut // to other servers

	// Guarded by the lobby's mu.
	entries int // of the log, by now
}

// ended says whether it is closed.
func (s *screening) ended() bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

// screenings are those that are open.
type screenings struct {
	// Set once.
	lane    replay.Lane
	reading chan struct{} // holds a token for each log that is being read

	// Guarded by the lobby's mu.
	open     []*screening // oldest first
	entries  int          // of all their logs
	followed map[string]*followed
}

func newScreenings() screenings {
	return screenings{
		lane: replay.NewLane(seekAtOnce), reading: make(chan struct{}, maxLogs), followed: map[string]*followed{},
	}
}

// Why a match cannot be watched again; it is there.
var (
	errOtherRules = errors.New("the match was played by rules of another version, which this server does not have")
	errScreenings = errors.New("too many replays are being watched")
)

// viewing is a screening and the right to it.
type viewing struct {
	*screening
	ticket string
}

// screen opens a screening of a record for a player: so many seconds late, of a
// match that is played in a room. One more than a player may have closes their
// oldest: they are done with it. errNoLog, errScreenings, ErrDraining.
func (l *Lobby) screen(record *replay.Record, p room.Player, from *entry, delay int) (viewing, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return viewing{}, fmt.Errorf("id of a screening: %w", err)
	}
	key := make([]byte, 32)
	l.cfg.Random(key)
	s := &screening{
		record: record, delay: delay, id: id.String(), key: key, viewer: p.ID, shown: newDebut(), entries: len(record.Log),
	}
	s.Screening, err = replay.New(replay.Config{
		ID: s.id, Record: record, Lane: l.screenings.lane,
		Delay: time.Duration(delay) * time.Second, Grace: l.cfg.Grace, Log: l.cfg.Log,
	})
	if err != nil {
		l.cfg.Log.Warn("match cannot be started again", "match", record.Match.ID, "err", err)
		return viewing{}, errNoLog
	}
	const first = 1 // and only membership
	return viewing{s, room.SealTicket(key, id, first)}, l.show(s, from)
}

// record reads a match with its log. errNoLog, errOtherRules, errLogs, errStore.
func (l *Lobby) record(ctx context.Context, m store.Match) (*replay.Record, error) {
	select {
	case l.screenings.reading <- struct{}{}:
		defer func() { <-l.screenings.reading }()
	default:
		return nil, errLogs
	}
	raw, err := l.cfg.Store.MatchLog(ctx, m.ID)
	if err != nil {
		return nil, fmt.Errorf("%w: log of match %s: %w", errStore, m.ID, err)
	}
	record, err := replay.Of(l.cfg.Catalog, m, raw)
	switch {
	case errors.Is(err, replay.ErrRules):
		return nil, errOtherRules
	case err != nil:
		l.cfg.Log.Warn("match cannot be shown", "match", m.ID, "err", err)
		return nil, errNoLog
	}
	return record, nil
}

// show runs a screening, if there is room for it. from is the room of a match that
// is still played.
func (l *Lobby) show(s *screening, from *entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := &l.screenings
	switch {
	case l.draining:
		return ErrDraining
	case len(o.open) >= maxScreenings || o.entries > 0 && o.entries+s.entries > maxScreened:
		return errScreenings
	}
	theirs := slices.DeleteFunc(slices.Clone(o.open), func(other *screening) bool { return other.viewer != s.viewer })
	for len(theirs) >= maxScreeningsOf {
		theirs[0].End(wire.CloseTakenOver, "You watch another replay.")
		theirs = theirs[1:]
	}
	o.open = append(o.open, s)
	o.entries += s.entries
	if from != nil {
		l.follow(from, s)
	}
	l.mark(s)
	l.running.Go(func() {
		s.Run(l.run)
		l.shown(s)
	})
	return nil
}

// shown forgets a screening that is closed.
func (l *Lobby) shown(s *screening) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := &l.screenings
	o.open = slices.DeleteFunc(o.open, func(other *screening) bool { return other == s })
	o.entries -= s.entries
	if f := o.followed[s.record.Match.ID]; f != nil {
		f.viewers = slices.DeleteFunc(f.viewers, func(other *screening) bool { return other == s })
	}
	l.mark(s)
}

// ScreeningOf finds the screening that a ticket is for.
func (l *Lobby) ScreeningOf(ticket string) (*replay.Screening, bool) {
	id, ok := room.TicketRoom(ticket)
	if !ok {
		return nil, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.screenings.open {
		if s.id != id {
			continue
		}
		_, ok := room.OpenTicket(s.key, ticket)
		return s.Screening, ok
	}
	return nil, false
}
