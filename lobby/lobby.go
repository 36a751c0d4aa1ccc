// Package lobby opens rooms, seats players in them and answers for both over
// HTTP: the REST API under /v1, its OpenAPI description and its docs.
//
// A [Lobby] owns the running rooms: it starts each one's goroutine, waits for
// all of them, and stores how their matches ended. What is in a room belongs to
// the room; the lobby asks and never reaches in. It runs the screenings of
// matches in the same way, and follows those that are still played. rooms.go,
// seating.go, screenings.go, following.go and keep.go know no HTTP; the api files
// know nothing else, and problem.go is the one table from an error to a status. It
// never holds its lock while it waits for a room or the store. Read rooms.go next.
//
// # Several servers
//
// Servers of one database tell each other of their rooms and of how busy they
// are (neighbours.go, card.go, load.go). Lists show all rooms (abroad.go). A call on
// a room of another server is forwarded to it (seek.go, forward.go), and so is the
// channel (channel.go); whose room it is decides, as if it had been asked. A server
// alone asks and forwards nothing. What many servers ask of a database is in
// SCALE.md.
//
// # Who may see what
//
// A public room is on the list, and its code with it. A private room is on no
// list: only who opened it and who came with its code may look at it or take a
// seat by its id, and play again in the room that follows. Who has neither is
// told "private". A private match is shown to those who played in it.
//
// # Decisions that look like mistakes and are not
//
//   - Join-or-create runs one at a time for each game: the next caller must see
//     where the last one sat, or rooms would be opened needlessly. It takes
//     microseconds, since a room answers at once.
//   - A room that follows another stays out of join-or-create for a moment, so
//     that strangers do not take the seats of those who play on.
//   - A guest's name is in their token, not looked up: a player is who their
//     token says, also while the database is away.
//   - A token that is shown must be good, also where none is needed: who thinks
//     they are somebody should not be taken for nobody.
//   - A player who asks for any seat while their match waits for the store gets
//     a new one: they are done with it, and the wait may be long.
//   - A call that was forwarded is done or refused where it came, though a third
//     server may have the room by now: who asks again is sent there. So no call
//     goes in a circle, whatever servers believe of each other.
//   - A room that was opened is answered when the others know of it, since the next
//     call may come in at one of them.
//   - A server that does not reach the database asks another whether it does, and
//     gives up only then: where the database is away for all, rooms wait.
package lobby

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/game/room/alarm"
	"tickroom/store"
	"tickroom/store/journal"
)

// Config is what a lobby is made with.
type Config struct {
	Catalog game.Catalog
	Store   store.Store
	// Journal is where running rooms are written, and Relink makes the links
	// that other processes had of those taken over. nil: rooms end with this
	// process.
	Journal *journal.Journal
	Relink  room.Relink
	// Self is how other servers of the database know and reach this one. Dial opens
	// connections to them; nil dials TCP.
	Self store.Server
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	Origins    []string           // sites whose pages may call from elsewhere; none by default
	TrustProxy bool               // believe X-Forwarded-For and X-Forwarded-Proto
	Grace      time.Duration      // of rooms; 0 is room.DefaultGrace
	SaveEvery  time.Duration      // of rooms; 0 is room.DefaultSaveEvery
	Meter      room.Meter         // of rooms; nil counts nothing
	Timer      func() alarm.Timer // of rooms; nil is alarm.Plain
	Random     func([]byte)       // fills with chance for codes, seeds and keys; nil is crypto/rand
	Log        *slog.Logger       // nil is slog.Default
}

// Lobby is open rooms and the way into them. Its methods are safe for
// concurrent use.
type Lobby struct {
	// Set once.
	cfg     Config
	tokens  tokens
	feed    *feed
	load    *load
	roads   *roads
	lines   map[string]line // by game: who is to be seated in turn waits here
	run     context.Context // of all rooms; cancelled to stop them
	stop    context.CancelFunc
	running sync.WaitGroup

	neighbours neighbours  // which guards itself
	leaving    atomic.Bool // this server is about to stop

	// Guarded by mu.
	mu         sync.Mutex
	rooms      map[string]*entry
	codes      map[string]*entry
	order      []*entry // by id, which is as opened
	past       past
	recovery   recovery   // but for its channels
	screenings screenings // but for what they share
	draining   bool
	lost       []error // results not stored, once draining
}

// New makes a lobby. It asks the store for the key of tokens, which all
// servers of one database share.
func New(ctx context.Context, cfg Config) (*Lobby, error) {
	if cfg.Random == nil {
		cfg.Random = func(b []byte) { crand.Read(b) } // never fails
	}
	cfg.Log = cmp.Or(cfg.Log, slog.Default())
	l := &Lobby{
		cfg:   cfg,
		feed:  newFeed(),
		load:  newLoad(cfg.Meter),
		roads: newRoads(cfg.Dial),
		lines: map[string]line{},
		rooms: map[string]*entry{},
		codes: map[string]*entry{},
		past:  newPast(),

		recovery:   newRecovery(),
		screenings: newScreenings(),
	}
	for _, g := range cfg.Catalog {
		l.lines[g.Name] = newLine()
	}
	key, err := l.secret(ctx, "player-tokens")
	if err != nil {
		return nil, fmt.Errorf("key of tokens: %w", err)
	}
	l.tokens = tokens{key: key}
	key, err = l.secret(ctx, "servers")
	if err != nil {
		return nil, fmt.Errorf("key of servers: %w", err)
	}
	l.neighbours = newNeighbours(key)
	if cfg.Journal == nil {
		close(l.recovery.claimed)
	}
	l.run, l.stop = context.WithCancel(context.Background())
	return l, nil
}

// secret is a key that all servers of the database share.
func (l *Lobby) secret(ctx context.Context, name string) ([]byte, error) {
	fresh := make([]byte, 32)
	l.cfg.Random(fresh)
	return l.cfg.Store.Secret(ctx, name, fresh)
}

// Rooms are the open rooms, oldest first.
func (l *Lobby) Rooms() iter.Seq[*room.Room] {
	return func(yield func(*room.Room) bool) {
		for _, e := range l.entries() {
			if !yield(e.Room) {
				return
			}
		}
	}
}

// RoomOf finds the open room that a ticket claims to be for. ErrNoRoom; ErrGone if
// its match is over, perhaps in another process; ErrDraining when it may go on in
// another; *ElsewhereError where another has it; room.ErrBusy when that cannot be
// told now.
func (l *Lobby) RoomOf(ctx context.Context, ticket string) (*room.Room, error) {
	id, ok := room.TicketRoom(ticket)
	if !ok {
		return nil, ErrNoRoom
	}
	e, err := l.entry(id)
	switch {
	case err == nil:
		return e.Room, nil
	case l.isDraining():
		return nil, ErrDraining
	case !errors.Is(err, ErrNoRoom):
		return nil, err
	}
	s, found, err := l.serverOfRoom(ctx, id)
	switch {
	case found && s.Public != "":
		return nil, &ElsewhereError{channelAt(s, id)}
	case errors.Is(err, ErrGone):
		return nil, err
	case found || err != nil: // who asks again is forwarded
		return nil, room.ErrBusy
	}
	if e, err = l.entry(id); err != nil { // it may have come meanwhile
		return nil, err
	}
	return e.Room, nil
}

// Drain refuses new rooms and seats from now on. What is played goes on.
func (l *Lobby) Drain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draining = true
}

func (l *Lobby) isDraining() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.draining
}

// Close ends every room here and waits until it is written or its result is
// stored, or the context ends. The error says which could not be.
func (l *Lobby) Close(ctx context.Context) error {
	l.Drain()
	l.feed.close()
	l.stop()
	defer l.roads.close()
	done := make(chan struct{})
	go func() { l.running.Wait(); close(done) }()
	var late error
	select {
	case <-done:
	case <-ctx.Done():
		late = fmt.Errorf("%d rooms still open: %w", len(l.entries()), ctx.Err())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(append(slices.Clone(l.lost), late)...)
}
