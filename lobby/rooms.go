package lobby

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/room"
)

// entry is an open room and what the lobby knows of it.
type entry struct {
	// Set once.
	*room.Room
	*terms
	id       string
	code     string
	openedAt time.Time
	shown    *debut // to other servers

	// Guarded by the lobby's mu.
	mute bool // it left somebody without an answer: join-or-create passes it by
}

// terms are what a room was opened on. They outlive it, for who asks for it
// later and for those who play again.
type terms struct {
	// Set once.
	game    *game.Game
	options map[string]int // every option of the game
	private bool
	opener  string // the player's id

	// Guarded by the lobby's mu.
	insiders map[string]bool // players who may come without the code of a private room
	next     string          // the room that follows; "" is none yet
	reserved time.Time       // until then join-or-create passes it by
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
	ErrDelayed   = errors.New("the game shows a match that is played only some seconds late: ask for its replay")
)

// agree makes the terms of a player's new room. Options that are not the
// game's or out of range are OptionErrors, all of them.
func agree(g *game.Game, chosen map[string]int, private bool, opener string) (*terms, error) {
	setup, err := g.Setup(0, chosen)
	if err == nil {
		return &terms{game: g, options: setup.Options, private: private, opener: opener, insiders: map[string]bool{opener: true}}, nil
	}
	var wrong OptionErrors
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		_, err := g.Setup(0, map[string]int{name: chosen[name]})
		if o, ok := errors.AsType[*game.OptionError](err); ok {
			wrong = append(wrong, o)
		}
	}
	return nil, wrong
}

// OptionErrors are all that is wrong with the options somebody chose, by name.
type OptionErrors []*game.OptionError

func (e OptionErrors) Error() string {
	texts := make([]string, len(e))
	for i, o := range e {
		texts[i] = o.Error()
	}
	return strings.Join(texts, "; ")
}

// again makes the terms of the room that follows: the same, for the same.
func (t *terms) again(opener string) *terms {
	return &terms{
		game: t.game, options: t.options, private: t.private, opener: opener,
		insiders: maps.Clone(t.insiders), reserved: time.Now().Add(reservedFor),
	}
}

// listed says whether lists show the room.
func (t *terms) listed() bool { return !t.private && !t.game.Unlisted }

// open opens a room and runs it. ErrDraining, ErrBusy, ErrTooMany.
func (l *Lobby) open(t *terms) (*entry, error) {
	setup, err := t.game.Setup(l.seed(), t.options)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("id of a room: %w", err)
	}
	key := make([]byte, 32)
	l.cfg.Random(key)
	e := &entry{terms: t, id: id.String(), openedAt: time.Now(), shown: newDebut()}
	e.Room, err = room.New(l.roomConfig(e, setup, key))
	if err != nil {
		return nil, fmt.Errorf("open a room of %s: %w", t.game.Name, err)
	}
	if err := l.enlist(e, key); err != nil {
		return nil, err
	}
	l.changed(e)
	if wait := time.Until(t.reserved); wait > 0 {
		time.AfterFunc(wait, func() { l.mark(e) }) // anybody may have a seat then
	}
	return e, nil
}

func (l *Lobby) roomConfig(e *entry, setup game.Setup, key []byte) room.Config {
	cfg := room.Config{
		ID:        e.id,
		Game:      e.game,
		Setup:     setup,
		Key:       key,
		Grace:     l.cfg.Grace,
		SaveEvery: l.cfg.SaveEvery,
		Keep:      l.keeper(e.private),
		Changed:   func(room.Status) { l.changed(e) },
		Timer:     l.cfg.Timer,
		Meter:     l.load,
		Log:       l.cfg.Log,
	}
	if l.cfg.Journal != nil {
		cfg.Journal, cfg.Lane = l.cfg.Journal.Room(e.id), l.recovery.lane
		cfg.History = func(ctx context.Context) ([][]byte, error) {
			chunks, err := l.cfg.Journal.History(ctx, e.id)
			return dataOf(chunks), err
		}
	}
	return cfg
}

// enlist gives a room its code and its place in the lists, and runs it.
func (l *Lobby) enlist(e *entry, key []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.draining:
		return ErrDraining
	case l.crowded():
		return ErrBusy
	case l.openedBy(e.opener) >= maxOpened:
		return ErrTooMany
	}
	if e.code = l.freeCode(); e.code == "" {
		return ErrBusy
	}
	if err := l.begin(e, key); err != nil {
		return err
	}
	l.host(e)
	return nil
}

// freeCode is a join code that no room has; "" if none was found. It is called
// under the lock.
func (l *Lobby) freeCode() string {
	for range codeTries {
		if code := newCode(l.cfg.Random); l.codes[code] == nil {
			return code
		}
	}
	return ""
}

// begin writes a room's beginning to the journal, before anything of it.
func (l *Lobby) begin(e *entry, key []byte) error {
	if l.cfg.Journal == nil || e.game.Unlogged {
		return nil
	}
	r, err := e.written(e.Setup(), key)
	if err != nil {
		return fmt.Errorf("head of room %s: %w", e.id, err)
	}
	l.cfg.Journal.Opened(r)
	return nil
}

// host gives a room its place in the lists, and runs it. It is called under the
// lock: after Drain there is nobody new to wait for.
func (l *Lobby) host(e *entry) {
	l.rooms[e.id], l.codes[e.code] = e, e
	l.order = slices.Insert(l.order, l.place(e.id), e)
	l.running.Go(func() { l.live(e) })
}

// place is where a room of this id is, or belongs, in the order.
func (l *Lobby) place(id string) int {
	i, _ := slices.BinarySearchFunc(l.order, id, func(e *entry, id string) int { return strings.Compare(e.id, id) })
	return i
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

// live is a room's goroutine.
func (l *Lobby) live(e *entry) {
	err := e.Run(l.run)
	switch {
	case errors.Is(err, room.ErrMoved):
		err = nil
		l.Drain() // a room that has moved is not gone: this server is at its end
	case err == nil && l.cfg.Journal != nil && !e.game.Unlogged:
		l.cfg.Journal.Closed(e.id)
	}
	l.delist(e, err)
	l.feed.markGone(e)
	l.mark(e)
}

// changed tells live lists and other servers of a room.
func (l *Lobby) changed(e *entry) {
	l.feed.mark(e)
	l.mark(e)
}

// delist forgets a room that is closed, but for its terms. The room has logged
// what it could not store; while draining, who waits is told too.
func (l *Lobby) delist(e *entry, lost error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.rooms, e.id)
	delete(l.codes, e.code)
	i := l.place(e.id)
	l.order = slices.Delete(l.order, i, i+1)
	l.past.add(e.id, e.terms)
	if lost != nil && l.draining {
		l.lost = append(l.lost, lost)
	}
}

// entries is a copy of the list, to walk without the lock.
func (l *Lobby) entries() []*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.order)
}

// entry finds an open room. ErrGone if it was one, ErrNoRoom, room.ErrBusy.
func (l *Lobby) entry(id string) (*entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.rooms[id]; e != nil {
		return e, nil
	}
	if l.recovery.rooms[id] != nil {
		return nil, room.ErrBusy
	}
	if l.past.terms[id] != nil {
		return nil, ErrGone
	}
	return nil, l.unless(ErrNoRoom)
}

// entryFor finds an open room that a player may see. ErrPrivate, ErrGone, ErrNoRoom.
func (l *Lobby) entryFor(playerID, id string) (*entry, error) {
	e, err := l.entry(id)
	if err == nil && !l.mayEnter(e.terms, playerID) {
		return nil, ErrPrivate
	}
	return e, err
}

// entryByCode finds an open room by its join code. ErrNoCode, room.ErrBusy.
func (l *Lobby) entryByCode(code string) (*entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.codes[readCode(code)]; e != nil {
		return e, nil
	}
	return nil, l.unless(ErrNoCode)
}

// unless says that there is none, unless it is not known yet which are coming.
func (l *Lobby) unless(none error) error {
	select {
	case <-l.recovery.claimed:
		return none
	default:
		return room.ErrBusy
	}
}

// mayEnter says whether a player needs no code.
func (l *Lobby) mayEnter(t *terms, playerID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !t.private || t.insiders[playerID]
}

// admit remembers who came with the code.
func (l *Lobby) admit(t *terms, playerID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.private && len(t.insiders) < maxInsiders {
		t.insiders[playerID] = true
	}
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

// past is the terms of the last rooms that closed.
type past struct {
	terms map[string]*terms
	order []string // ids, oldest first
}

func newPast() past { return past{terms: map[string]*terms{}} }

func (p *past) add(id string, t *terms) {
	if len(p.order) == maxPast {
		delete(p.terms, p.order[0])
		p.order = slices.Delete(p.order, 0, 1)
	}
	p.terms[id] = t
	p.order = append(p.order, id)
}
