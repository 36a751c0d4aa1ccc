// Package lobby opens rooms, seats players in them and answers for both over
// HTTP: the REST API under /v1, its OpenAPI description and its docs.
//
// A [Lobby] owns the running rooms: it starts each one's goroutine, waits for
// all of them, and stores how their matches ended. What is in a room belongs to
// the room; the lobby asks and never reaches in. lobby.go, seating.go and
// keep.go know no HTTP; the api files know nothing else, and problem.go is the
// one table from an error to a status. It never holds its lock while it waits
// for a room or the store.
//
// # Decisions that look like mistakes and are not
//
//   - Join-or-create runs one at a time for each game: the next caller must see
//     where the last one sat, or rooms would be opened needlessly. It takes
//     microseconds, since a room answers at once.
//   - A guest's name is in their token, not looked up: a player is who their
//     token says, also while the database is away.
//   - A room's id is enough to see a public room, a private one needs its code:
//     ids appear in lists and logs, codes only where members see them.
package lobby

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

// Config is what a lobby is made with.
type Config struct {
	Catalog game.Catalog
	Store   store.Store

	Origins    []string      // sites whose pages may call from elsewhere; none by default
	TrustProxy bool          // believe X-Forwarded-For and X-Forwarded-Proto
	Grace      time.Duration // of rooms; 0 is room.DefaultGrace
	Meter      room.Meter    // of rooms; nil counts nothing
	Random     func([]byte)  // fills with chance for codes, seeds and keys; nil is crypto/rand
	Log        *slog.Logger  // nil is slog.Default
}

// Lobby is open rooms and the way into them. Its methods are safe for
// concurrent use.
type Lobby struct {
	// Set once.
	cfg     Config
	tokens  tokens
	feed    *feed
	placing map[string]*sync.Mutex // by game: join-or-create, one at a time
	run     context.Context        // of all rooms; cancelled to stop them
	stop    context.CancelFunc
	running sync.WaitGroup

	// Guarded by mu.
	mu       sync.Mutex
	rooms    map[string]*entry
	codes    map[string]*entry
	order    []*entry // as opened
	next     map[string]successor
	draining bool
	lost     []error
}

// entry is an open room and what the lobby knows of it. Set once.
type entry struct {
	*room.Room
	id       string
	code     string
	private  bool
	opener   string // the player's id; "" for one opened by join-or-create
	openedAt time.Time
}

// Why the lobby says no; rooms and the store have their own errors.
var (
	ErrDraining  = errors.New("the server is stopping and takes nobody in")
	ErrBusy      = errors.New("the server is full")
	ErrNoGame    = errors.New("no such game")
	ErrNoRoom    = errors.New("no such room")
	ErrNoCode    = errors.New("no room has this code")
	ErrGone      = errors.New("the room is closed")
	ErrLocked    = errors.New("the match has begun and takes nobody in")
	ErrPrivate   = errors.New("the room is private: ask for its code")
	ErrTooMany   = errors.New("you have too many rooms open")
	ErrStillOpen = errors.New("the match is not over yet")
)

// New makes a lobby. It asks the store for the key of tokens, which all
// servers of one database share.
func New(ctx context.Context, cfg Config) (*Lobby, error) {
	if cfg.Random == nil {
		cfg.Random = func(b []byte) { crand.Read(b) } // never fails
	}
	cfg.Log = cmp.Or(cfg.Log, slog.Default())
	l := &Lobby{
		cfg:     cfg,
		feed:    newFeed(),
		placing: map[string]*sync.Mutex{},
		rooms:   map[string]*entry{},
		codes:   map[string]*entry{},
		next:    map[string]successor{},
	}
	fresh := make([]byte, 32)
	cfg.Random(fresh)
	key, err := cfg.Store.Secret(ctx, "player-tokens", fresh)
	if err != nil {
		return nil, fmt.Errorf("key of tokens: %w", err)
	}
	l.tokens = tokens{key: key}
	for _, g := range cfg.Catalog {
		l.placing[g.Name] = new(sync.Mutex)
	}
	l.run, l.stop = context.WithCancel(context.Background())
	return l, nil
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

// RoomOf finds the open room that a ticket claims to be for.
func (l *Lobby) RoomOf(ticket string) (*room.Room, bool) {
	id, ok := room.TicketRoom(ticket)
	if !ok {
		return nil, false
	}
	e, err := l.entry(id)
	if err != nil {
		return nil, false
	}
	return e.Room, true
}

// Drain refuses new rooms and seats from now on.
func (l *Lobby) Drain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draining = true
}

// Close stops every room and waits until their results are stored, or the
// context ends. The error says which could not be.
func (l *Lobby) Close(ctx context.Context) error {
	l.Drain()
	l.stop()
	l.feed.close()
	done := make(chan struct{})
	go func() { l.running.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		return fmt.Errorf("rooms still open: %w", ctx.Err())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.lost...)
}

// opening is what a new room is to be.
type opening struct {
	game    *game.Game
	private bool
	options map[string]int
	opener  string
}

// open opens a room and runs it. ErrDraining, ErrBusy, ErrTooMany, *game.OptionError.
func (l *Lobby) open(o opening) (*entry, error) {
	setup, err := o.game.Setup(l.seed(), o.options)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("id of a room: %w", err)
	}
	e := &entry{id: id.String(), private: o.private, opener: o.opener, openedAt: time.Now()}
	key := make([]byte, 32)
	l.cfg.Random(key)
	e.Room, err = room.New(room.Config{
		ID:      e.id,
		Game:    o.game,
		Setup:   setup,
		Key:     key,
		Grace:   l.cfg.Grace,
		Keep:    func(ctx context.Context, r room.Record) error { return l.keep(ctx, e.private, r) },
		Changed: func(room.Status) { l.feed.mark(e) },
		Meter:   l.cfg.Meter,
		Log:     l.cfg.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("open a room of %s: %w", o.game.Name, err)
	}
	if err := l.enlist(e); err != nil {
		return nil, err
	}
	l.feed.mark(e)
	l.running.Go(func() {
		err := e.Run(l.run)
		l.delist(e, err)
		l.feed.mark(e)
	})
	return e, nil
}

// enlist gives a room its code and its place in the lists.
func (l *Lobby) enlist(e *entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.draining:
		return ErrDraining
	case len(l.rooms) >= maxRooms:
		return ErrBusy
	case e.opener != "" && l.openedBy(e.opener) >= maxOpened:
		return ErrTooMany
	}
	for range codeTries {
		code := newCode(l.cfg.Random)
		if l.codes[code] == nil {
			e.code = code
			l.rooms[e.id], l.codes[code] = e, e
			l.order = append(l.order, e)
			return nil
		}
	}
	return ErrBusy
}

func (l *Lobby) openedBy(playerID string) int {
	n := 0
	for _, e := range l.order {
		if e.opener == playerID {
			n++
		}
	}
	return n
}

func (l *Lobby) delist(e *entry, lost error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.rooms, e.id)
	delete(l.codes, e.code)
	l.order = slices.DeleteFunc(l.order, func(o *entry) bool { return o == e })
	if lost != nil {
		l.lost = append(l.lost, lost)
	}
}

// entries is a copy of the list, to walk without the lock.
func (l *Lobby) entries() []*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.order)
}

// entry finds an open room. ErrNoRoom.
func (l *Lobby) entry(id string) (*entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.rooms[id]; e != nil {
		return e, nil
	}
	return nil, ErrNoRoom
}

// entryByCode finds an open room by its join code. ErrNoCode.
func (l *Lobby) entryByCode(code string) (*entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.codes[readCode(code)]; e != nil {
		return e, nil
	}
	return nil, ErrNoCode
}

// game finds a game that can be played. ErrNoGame.
func (l *Lobby) game(name string) (*game.Game, error) {
	g, ok := l.cfg.Catalog.Get(name)
	if !ok {
		return nil, ErrNoGame
	}
	return g, nil
}

func (l *Lobby) seed() uint64 {
	var b [8]byte
	l.cfg.Random(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// sameOptions says whether a room plays with these options.
func (e *entry) sameOptions(options map[string]int) bool {
	return maps.Equal(e.Setup().Options, options)
}

// has says whether a player has a seat in the room.
func (e *entry) has(playerID string) bool {
	return slices.ContainsFunc(e.Status().Members, func(m room.Seated) bool { return m.Player.ID == playerID })
}
