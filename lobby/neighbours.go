package lobby

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"tickroom/store"
)

// neighbours are the other servers of the database, and what they are told of
// what is here. One goroutine of the lobby (mingle) asks and tells; everybody
// else reads, and marks what changed.
type neighbours struct {
	// Set once.
	key    []byte        // by which servers know each other's calls
	wake   chan struct{} // holds a token while something is to be told
	asking chan struct{} // holds a token for each question to the directory

	// Owned by mingle.
	heard  time.Time           // when the directory last answered
	abroad map[string]*foreign // what live lists were told of other servers' rooms

	// Guarded by mu, which is taken last.
	mu      sync.Mutex
	servers []store.Server   // the others that live, by name
	self    store.Server     // as the others were told last
	changed map[visible]bool // to be told
}

// visible is what other servers are told of: a room, or what is found like one.
type visible interface {
	card(*Lobby) store.Card
	debut() *debut
}

// debut is when something was first told.
type debut struct {
	told chan struct{} // closed then
	once sync.Once
}

func newDebut() *debut { return &debut{told: make(chan struct{})} }

func (d *debut) done() { d.once.Do(func() { close(d.told) }) }

func newNeighbours(key []byte) neighbours {
	return neighbours{
		key: key, wake: make(chan struct{}, 1), asking: make(chan struct{}, askingMost),
		changed: map[visible]bool{},
	}
}

// Mingle has this server and the others of its database know of each other,
// until the lobby closes. Without a journal it is alone.
func (l *Lobby) Mingle() {
	if l.cfg.Journal == nil {
		return
	}
	l.neighbours.heard = time.Now()
	l.meet()
	l.running.Go(l.mingle)
}

func (l *Lobby) mingle() {
	beat := time.NewTicker(meetEvery)
	defer beat.Stop()
	for {
		select {
		case <-l.run.Done():
			return
		case <-beat.C:
			l.meet()
		case <-l.neighbours.wake:
			if l.alone() {
				continue // told with the next beat, for who may come
			}
			l.tellChanges()
			pause(l.run, tellEvery)
		}
	}
}

// meet tells the others how this server is, and hears how they are.
func (l *Lobby) meet() {
	n := &l.neighbours
	l.load.measure(time.Now())
	self := l.self()
	servers, err := l.exchange(self)
	if err == nil || errors.Is(err, store.ErrFenced) { // which is an answer; the journal sees to it
		n.heard = time.Now()
	}
	if err != nil {
		if l.run.Err() == nil {
			l.cfg.Log.Warn("other servers not heard of yet", "err", err)
			l.doubt()
		}
		return
	}
	n.mu.Lock()
	n.self = self
	n.servers = slices.DeleteFunc(servers, func(s store.Server) bool { return s.Name == self.Name })
	n.mu.Unlock()
	l.tellChanges()
	l.lookAbroad()
}

func (l *Lobby) exchange(self store.Server) ([]store.Server, error) {
	if err := l.cfg.Journal.Report(l.run, self); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	servers, err := l.cfg.Store.Servers(l.run)
	if err != nil {
		return nil, fmt.Errorf("servers: %w", err)
	}
	return servers, nil
}

// self is this server as others are told of it. Of one that leaves they are told no
// address of players', so that they send nobody back to it.
func (l *Lobby) self() store.Server {
	s := l.cfg.Self
	s.Load, s.Full = l.load.now(), l.full()
	if l.leaving.Load() {
		s.Public, s.Full = "", true
	}
	return s
}

// Leave tells the other servers that this one is about to stop, and waits until
// they know. What is played goes on meanwhile.
func (l *Lobby) Leave(ctx context.Context) {
	l.leaving.Store(true)
	if l.alone() {
		return
	}
	select {
	case <-l.cfg.Journal.Fenced(): // there is nothing left to leave
		return
	default:
	}
	telling, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if l.cfg.Journal.Report(telling, l.self()) == nil {
		pause(ctx, meetEvery+tellEvery)
	}
}

// doubt is when the database has not answered. Once it could not for as long as a
// lease lasts, and another server says that it answers there, this one is cut off:
// its rooms are or will be the others', and its players are to go to them. Where
// none says so it is the database that is away, and everybody waits.
func (l *Lobby) doubt() {
	if time.Since(l.neighbours.heard) < cutOffAfter {
		return
	}
	i := slices.IndexFunc(l.others(), l.hears)
	if i < 0 || l.cfg.Store.Ping(l.run) == nil { // it may just have come back for all
		return
	}
	l.cfg.Log.Error("cut off from the database, which others reach", "server", l.others()[i].Name)
	l.cfg.Journal.Abandon()
}

// tellChanges tells the others what changed here since the last time.
func (l *Lobby) tellChanges() {
	for changed := range slices.Chunk(l.neighbours.take(), store.MaxCards) {
		cards := make([]store.Card, len(changed))
		for i, v := range changed {
			cards[i] = v.card(l)
		}
		if err := l.cfg.Journal.Show(l.run, cards); err != nil {
			if l.run.Err() == nil {
				l.cfg.Log.Warn("rooms not shown to other servers yet", "rooms", len(cards), "err", err)
			}
			l.neighbours.putBack(changed)
			continue
		}
		for _, v := range changed {
			v.debut().done()
		}
	}
}

func (n *neighbours) take() (changed []visible) {
	n.mu.Lock()
	defer n.mu.Unlock()
	changed = slices.Collect(maps.Keys(n.changed))
	clear(n.changed)
	return changed
}

// putBack has what could not be told wait for the next beat.
func (n *neighbours) putBack(changed []visible) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, v := range changed {
		n.changed[v] = true
	}
}

// mark says that something is to be told to the others, and never waits.
func (l *Lobby) mark(v visible) {
	if l.cfg.Journal == nil {
		return
	}
	n := &l.neighbours
	n.mu.Lock()
	defer n.mu.Unlock()
	n.changed[v] = true
	n.ring()
}

func (n *neighbours) ring() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// announce waits until the others were told of something that may be new, before
// anybody is told where it is: the next call may come in at another server. It
// does not wait for long: where the directory does not answer, nobody can be told
// that there is no such room.
func (l *Lobby) announce(ctx context.Context, v visible) {
	if l.alone() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	select {
	case <-v.debut().told:
	case <-ctx.Done():
	case <-l.run.Done():
	}
}

// others are the other servers that live, as last heard.
func (l *Lobby) others() []store.Server {
	l.neighbours.mu.Lock()
	defer l.neighbours.mu.Unlock()
	return l.neighbours.servers // replaced, never changed
}

// alone says whether no other server lives: then everything is here.
func (l *Lobby) alone() bool { return len(l.others()) == 0 }

// Neighbours are the names of the other servers of the database that live.
func (l *Lobby) Neighbours() []string {
	names := []string{}
	for _, s := range l.others() {
		names = append(names, s.Name)
	}
	return names
}
