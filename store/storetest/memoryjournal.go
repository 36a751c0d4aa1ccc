package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"tickroom/store"
)

// server is who may write, until when. Guarded by Memory.mu, as is room.
type server struct {
	epoch    uint64
	expires  time.Time
	reported bool // since the epoch began
	store.Server
}

// good says whether a lease of that epoch is.
func (s *server) good(epoch uint64) bool {
	return s != nil && s.epoch == epoch && s.expires.After(time.Now())
}

// room is one that runs.
type room struct {
	store.RunningRoom
	server string // "" while none has it
	freed  time.Time
	chunks map[uint32]store.Chunk
}

// Enlist makes the caller the server of that name.
func (m *Memory) Enlist(ctx context.Context, name, address string, length time.Duration) (store.Lease, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return store.Lease{}, err
	}
	defer leave()
	name = store.Text(name)
	s := m.servers[name]
	if s == nil {
		s = &server{}
		m.servers[name] = s
	}
	s.epoch++
	s.expires, s.reported = time.Now().Add(length), false
	s.Server = store.Server{Name: name, Address: store.Text(address)}
	m.free(name, time.Now())
	maps.DeleteFunc(m.cards, func(_ string, c *card) bool { return c.Server == name })
	return store.Lease{Server: name, Epoch: s.epoch, Length: length}, nil
}

// Renew makes a lease last its length again from now on.
func (m *Memory) Renew(ctx context.Context, l store.Lease) error {
	leave, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s := m.servers[l.Server]
	if s == nil || s.epoch != l.Epoch {
		return store.ErrFenced
	}
	s.expires = time.Now().Add(l.Length)
	return nil
}

// Release lets others claim all rooms of the caller, and ends the lease.
func (m *Memory) Release(ctx context.Context, l store.Lease) error {
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return err
	}
	defer leave()
	s := m.servers[l.Server]
	s.epoch, s.expires = s.epoch+1, time.Now()
	m.free(l.Server, time.Now())
	return nil
}

// enterLeased is enter for who has a lease that is good.
func (m *Memory) enterLeased(ctx context.Context, l store.Lease) (leave func(), err error) {
	if leave, err = m.enter(ctx); err != nil {
		return nil, err
	}
	if !m.servers[l.Server].good(l.Epoch) {
		leave()
		return nil, store.ErrFenced
	}
	return leave, nil
}

// free lets others claim a server's rooms, and says how many there are.
func (m *Memory) free(server string, since time.Time) (freed int) {
	for _, r := range m.rooms {
		if r.server == server {
			r.server, r.freed = "", since
			freed++
		}
	}
	return freed
}

// Claim takes over rooms that no server has.
func (m *Memory) Claim(ctx context.Context, l store.Lease, limit int) ([]store.RunningRoom, error) {
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return nil, err
	}
	defer leave()
	for name, s := range m.servers {
		if !s.expires.After(time.Now()) && m.free(name, s.expires) > 0 {
			s.epoch++
		}
	}
	waiting := m.having("", func(a, b *room) int {
		return cmp.Or(a.freed.Compare(b.freed), older(a.OpenedAt, a.ID, b.OpenedAt, b.ID))
	})
	claimed := waiting[:min(len(waiting), max(limit, 0), store.MaxClaim)]
	for _, r := range claimed {
		r.server = l.Server
	}
	return asOpened(claimed), nil
}

// Where tells which server has a room.
func (m *Memory) Where(ctx context.Context, id string) (server, address string, err error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return "", "", err
	}
	defer leave()
	r := m.rooms[id]
	switch {
	case r == nil:
		return "", "", store.ErrNotFound
	case r.server == "":
		return "", "", nil
	}
	return r.server, m.servers[r.server].Address, nil
}

// Rooms reads all rooms that the caller has.
func (m *Memory) Rooms(ctx context.Context, l store.Lease) ([]store.RunningRoom, error) {
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return nil, err
	}
	defer leave()
	return asOpened(m.having(l.Server, func(a, b *room) int { return older(a.OpenedAt, a.ID, b.OpenedAt, b.ID) })), nil
}

// having gives the rooms of a server.
func (m *Memory) having(server string, order func(a, b *room) int) []*room {
	rooms := slices.Collect(maps.Values(m.rooms))
	rooms = slices.DeleteFunc(rooms, func(r *room) bool { return r.server != server })
	slices.SortFunc(rooms, order)
	return rooms
}

func asOpened(rooms []*room) []store.RunningRoom {
	found := make([]store.RunningRoom, len(rooms))
	for i, r := range rooms {
		found[i] = r.RunningRoom
		found[i].Head = copied(r.Head)
	}
	return found
}

// Running lists rooms of all servers, and of none, by id.
func (m *Memory) Running(ctx context.Context, after string, limit int) ([]store.RunningRoom, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	rooms := slices.Collect(maps.Values(m.rooms))
	rooms = slices.DeleteFunc(rooms, func(r *room) bool { return r.ID <= store.Text(after) })
	slices.SortFunc(rooms, func(a, b *room) int { return cmp.Compare(a.ID, b.ID) })
	return asOpened(rooms[:min(len(rooms), store.RunningPage(limit))]), nil
}

// Chunks reads what a room is played forward from.
func (m *Memory) Chunks(ctx context.Context, id string) ([]store.Chunk, error) {
	chunks, err := m.chunks(ctx, id)
	if err != nil {
		return nil, err
	}
	return store.SinceSaved(chunks)
}

// History reads all that was written of a room.
func (m *Memory) History(ctx context.Context, id string) ([]store.Chunk, error) {
	chunks, err := m.chunks(ctx, id)
	if err != nil {
		return nil, err
	}
	return store.Whole(chunks)
}

// chunks gives those that are there, in order.
func (m *Memory) chunks(ctx context.Context, id string) ([]store.Chunk, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	r := m.rooms[store.Text(id)]
	if r == nil {
		return nil, store.ErrNotFound
	}
	chunks := make([]store.Chunk, 0, len(r.chunks))
	for _, c := range r.chunks {
		c.Data = copied(c.Data)
		chunks = append(chunks, c)
	}
	slices.SortFunc(chunks, func(a, b store.Chunk) int { return cmp.Compare(a.N, b.N) })
	return chunks, nil
}

// Write writes a batch.
func (m *Memory) Write(ctx context.Context, l store.Lease, b store.Batch) error {
	if err := b.Check(); err != nil {
		return err
	}
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return err
	}
	defer leave()
	for _, id := range mentioned(b) {
		if r := m.rooms[id]; r != nil && r.server != l.Server {
			return store.ErrFenced
		}
	}
	for _, r := range b.Opened {
		m.open(l.Server, r)
	}
	for _, c := range b.Chunks {
		m.append(c)
	}
	for _, id := range b.Closed {
		delete(m.rooms, store.Text(id))
	}
	return nil
}

func mentioned(b store.Batch) []string {
	ids := []string{}
	for _, r := range b.Opened {
		ids = append(ids, store.Text(r.ID))
	}
	for _, c := range b.Chunks {
		ids = append(ids, store.Text(c.Room))
	}
	for _, id := range b.Closed {
		ids = append(ids, store.Text(id))
	}
	return ids
}

func (m *Memory) open(server string, r store.RunningRoom) {
	r.ID, r.Game, r.OpenedAt, r.Head = store.Text(r.ID), store.Text(r.Game), milliseconds(r.OpenedAt), copied(r.Head)
	_, ended := m.matches[r.ID]
	if _, there := m.rooms[r.ID]; !there && !ended {
		m.rooms[r.ID] = &room{RunningRoom: r, server: server, chunks: map[uint32]store.Chunk{}}
	}
}

func (m *Memory) append(c store.Chunk) {
	c.Room, c.Data = store.Text(c.Room), copied(c.Data)
	r := m.rooms[c.Room]
	if r == nil {
		return
	}
	if _, there := r.chunks[c.N]; !there {
		r.chunks[c.N] = c
	}
}

// Finish keeps a match that ended.
func (m *Memory) Finish(ctx context.Context, l store.Lease, match store.Match) error {
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return err
	}
	defer leave()
	if r := m.rooms[store.Text(match.ID)]; r != nil && r.server != l.Server {
		return store.ErrFenced
	}
	m.saveMatch(match)
	return nil
}
