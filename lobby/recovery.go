package lobby

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

// ErrUnplayable says that another process had the room, and it could not be
// played forward here. Its journal is kept.
var ErrUnplayable = errors.New("the match could not be played forward by this server")

// head is what a room was opened with, as its journal begins.
type head struct {
	Version  int            `json:"version"` // of the rules
	Seats    int            `json:"seats"`
	TickRate int            `json:"tick_rate"`
	Seed     uint64         `json:"seed"`
	Options  map[string]int `json:"options"`
	Key      []byte         `json:"key"` // of tickets
	Code     string         `json:"code"`
	Private  bool           `json:"private"`
	Opener   string         `json:"opener"`
}

func (h head) setup(g string) game.Setup {
	return game.Setup{Game: g, Version: h.Version, Seats: h.Seats, TickRate: h.TickRate, Seed: h.Seed, Options: h.Options}
}

// written is the room's beginning as the journal has it.
func (e *entry) written(setup game.Setup, key []byte) (store.RunningRoom, error) {
	b, err := json.Marshal(head{
		Version: setup.Version, Seats: setup.Seats, TickRate: setup.TickRate, Seed: setup.Seed, Options: setup.Options,
		Key: key, Code: e.code, Private: e.private, Opener: e.opener,
	})
	return store.RunningRoom{ID: e.id, Game: setup.Game, OpenedAt: e.openedAt, Head: b}, err
}

// recovery is the rooms that other processes had, on their way here.
type recovery struct {
	claimed chan struct{} // closed when it is known which rooms are coming
	wake    chan struct{} // holds a token while rooms wait
	free    chan struct{} // holds a token while somebody waits for a room that no server has
	lane    chan struct{} // of rooms that play their history again

	// Guarded by the lobby's mu.
	coming []*coming // waiting to be played forward, in order
	rooms  map[string]*coming
	failed map[string]error // bounded by the rooms of the journal
}

// coming is one of them.
type coming struct {
	store.RunningRoom
	done chan struct{} // closed when it is here, or has failed
}

func newRecovery() recovery {
	return recovery{
		claimed: make(chan struct{}), wake: make(chan struct{}, 1), free: make(chan struct{}, 1),
		lane:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		rooms: map[string]*coming{}, failed: map[string]error{},
	}
}

// Recover takes over the rooms that no server has, now and from time to time,
// and plays them forward, until the lobby closes. Without a journal there are none.
func (l *Lobby) Recover() {
	if l.cfg.Journal == nil {
		return
	}
	l.running.Go(l.claim)
	for range max(1, runtime.GOMAXPROCS(0)-1) { // one core is for those who play already
		l.running.Go(l.playForward)
	}
}

func (l *Lobby) claim() {
	first, unheard, heard := true, false, time.Now()
	for l.run.Err() == nil {
		rooms, err := l.claimed(unheard)
		unheard = err != nil
		wait := claimEvery
		if err == nil {
			if time.Since(heard) > cutOffAfter {
				wait = renewFirst
			}
			heard = time.Now()
		}
		if err != nil && l.run.Err() == nil {
			l.cfg.Log.Warn("rooms of other servers not claimed yet", "err", err)
		}
		l.expect(rooms)
		if len(rooms) == claimMost {
			continue
		}
		if first && err == nil {
			first = false
			close(l.recovery.claimed)
		}
		if pause(l.run, claimLeast); wait == claimEvery {
			l.restUntilAsked(wait - claimLeast)
		} else {
			pause(l.run, wait)
		}
	}
}

// restUntilAsked rests, but not while somebody waits for a room that no server has.
func (l *Lobby) restUntilAsked(d time.Duration) {
	ctx, cancel := context.WithTimeout(l.run, d)
	defer cancel()
	select {
	case <-ctx.Done():
	case <-l.recovery.free:
	}
}

// isFree is when somebody asks for a room that no server has.
func (v *recovery) isFree() {
	select {
	case v.free <- struct{}{}:
	default:
	}
}

// claimed is rooms that are this server's by now. A claim that was not heard of
// may have been done: then it is all of them.
func (l *Lobby) claimed(unheard bool) ([]store.RunningRoom, error) {
	if !unheard {
		return l.cfg.Journal.Claim(l.run, claimMost)
	}
	return l.cfg.Journal.Rooms(l.run)
}

// expect has rooms that are not known here wait to be played forward.
func (l *Lobby) expect(rooms []store.RunningRoom) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rooms = slices.DeleteFunc(rooms, func(r store.RunningRoom) bool { return l.knows(r.ID) })
	if len(rooms) == 0 {
		return
	}
	l.cfg.Log.Info("taking rooms over", "rooms", len(rooms))
	for _, r := range rooms {
		c := &coming{RunningRoom: r, done: make(chan struct{})}
		l.recovery.rooms[r.ID] = c
		l.recovery.coming = append(l.recovery.coming, c)
	}
	l.recovery.ring()
}

// knows says whether a room is or was here, or is on its way.
func (l *Lobby) knows(id string) bool {
	v := &l.recovery
	return l.rooms[id] != nil || v.rooms[id] != nil || v.failed[id] != nil || l.past.terms[id] != nil
}

func (v *recovery) ring() {
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

// next takes the room to play forward now.
func (l *Lobby) next() *coming {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := &l.recovery
	if len(v.coming) == 0 {
		return nil
	}
	c := v.coming[0]
	v.coming = v.coming[1:]
	if len(v.coming) > 0 {
		v.ring()
	}
	return c
}

func (l *Lobby) playForward() {
	for {
		select {
		case <-l.run.Done():
			return
		case <-l.recovery.wake:
		}
		for c := l.next(); c != nil && l.run.Err() == nil; c = l.next() {
			err := l.recover(c)
			if err != nil && l.run.Err() == nil {
				l.cfg.Log.Error("room not recovered; its journal is kept", "room", c.ID, "game", c.Game, "err", err)
			}
			l.came(c, err)
		}
	}
}

// came is when a room is here, or has failed.
func (l *Lobby) came(c *coming, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.recovery.rooms, c.ID)
	if err != nil {
		l.recovery.failed[c.ID] = err
	}
	close(c.done)
}

// recover makes a room of its journal, and runs it.
func (l *Lobby) recover(c *coming) error {
	g, err := l.game(c.Game)
	if err != nil {
		return err
	}
	var h head
	if err := json.Unmarshal(c.Head, &h); err != nil {
		return fmt.Errorf("head: %w", err)
	}
	chunks, err := l.read(c.ID, l.cfg.Journal.Chunks)
	if err != nil {
		return err
	}
	t := &terms{game: g, options: h.Options, private: h.Private, opener: h.Opener, insiders: map[string]bool{h.Opener: true}}
	e := &entry{terms: t, id: c.ID, code: h.Code, openedAt: c.OpenedAt, shown: newDebut()}
	cfg := l.roomConfig(e, h.setup(c.Game), h.Key)
	e.Room, err = room.Recover(cfg, chunks, l.cfg.Relink)
	if errors.Is(err, room.ErrSaved) { // perhaps another build saves otherwise: what was played is the same
		l.cfg.Log.Warn("saved room not restored: all of its match is played", "room", c.ID, "err", err)
		if chunks, err = l.read(c.ID, l.cfg.Journal.History); err != nil {
			return err
		}
		e.Room, err = room.RecoverFromStart(cfg, chunks, l.cfg.Relink)
	}
	if err != nil {
		return err
	}
	for _, m := range e.Status().Members {
		t.insiders[m.Player.ID] = true
	}
	l.mu.Lock()
	if l.codes[e.code] != nil { // given out here meanwhile, which a billion codes make unlikely
		e.code = l.freeCode()
	}
	l.host(e)
	l.mu.Unlock()
	l.changed(e)
	return nil
}

// read reads a room's journal, as often as it takes, unless it cannot be read.
func (l *Lobby) read(id string, chunks func(context.Context, string) ([]store.Chunk, error)) ([][]byte, error) {
	for {
		chunks, err := chunks(l.run, id)
		if err == nil || errors.Is(err, store.ErrGap) || errors.Is(err, store.ErrNotFound) || l.run.Err() != nil {
			return dataOf(chunks), err
		}
		l.cfg.Log.Warn("journal not read yet", "room", id, "err", err)
		pause(l.run, claimEvery)
	}
}

func dataOf(chunks []store.Chunk) [][]byte {
	data := make([][]byte, len(chunks))
	for i, c := range chunks {
		data[i] = c.Data
	}
	return data
}

// Await waits until the room that a ticket is for is here, if it is on its way.
// It is the next to come then. ErrUnplayable, room.ErrBusy.
func (l *Lobby) Await(ctx context.Context, ticket string) error {
	id, ok := room.TicketRoom(ticket)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, awaitWithin)
	defer cancel()
	select {
	case <-l.recovery.claimed:
	case <-ctx.Done():
		return room.ErrBusy
	}
	if c := l.hurry(id); c != nil {
		select {
		case <-c.done:
		case <-ctx.Done():
			return room.ErrBusy
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.recovery.failed[id]; err != nil {
		return fmt.Errorf("%w: %w", ErrUnplayable, err)
	}
	return nil
}

// hurry puts a room before the others, since somebody waits for it.
func (l *Lobby) hurry(id string) *coming {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := &l.recovery
	c := v.rooms[id]
	if i := slices.Index(v.coming, c); c != nil && i > 0 {
		v.coming = slices.Insert(slices.Delete(v.coming, i, i+1), 0, c)
	}
	return c
}

// Coming is how many rooms are on their way here.
func (l *Lobby) Coming() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.recovery.rooms)
}

// claimEvery is how often rooms that no server has are looked for: as often as
// a lease may be found to have ended. Where somebody waits for one it is sooner,
// but not sooner than claimLeast. claimMost bounds one answer.
const (
	claimEvery = time.Second
	claimLeast = 100 * time.Millisecond
	claimMost  = 1000
	// renewFirst is how long nothing is claimed once the database is back that was
	// away for as long as a lease: all have ended, and whose server lives should
	// rather be renewed.
	renewFirst = 3 * time.Second
	// awaitWithin is how long who comes back waits for their room before they are
	// told to try again.
	awaitWithin = 8 * time.Second
)
