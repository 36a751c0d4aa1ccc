package storetest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tickroom/store"
)

// Memory is a store that forgets. It passes the same suite as the others, and
// has a mutex but no goroutine, file or wait: fast stories run on it, also in
// a synctest bubble, and the suite holds the databases against it. Its clock is
// the bubble's then: leases end as time passes there.
type Memory struct {
	mu sync.Mutex
	// Guarded by mu.
	closed  bool
	players map[string]store.Player
	matches map[string]store.Match
	secrets map[string][]byte
	servers map[string]*server
	rooms   map[string]*room
	cards   map[string]*card
}

var _ store.Store = (*Memory)(nil)

// NewMemory makes an empty one.
func NewMemory() *Memory {
	return &Memory{
		players: map[string]store.Player{},
		matches: map[string]store.Match{},
		secrets: map[string][]byte{},
		servers: map[string]*server{},
		rooms:   map[string]*room{},
		cards:   map[string]*card{},
	}
}

// enter locks, or says why nothing is done.
func (m *Memory) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return nil, errors.New("the store is closed")
	}
	return m.mu.Unlock, nil
}

// SavePlayer keeps a player; one that is there stays as it was.
func (m *Memory) SavePlayer(ctx context.Context, p store.Player) error {
	leave, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	p.ID, p.Name, p.CreatedAt = store.Text(p.ID), store.Text(p.Name), milliseconds(p.CreatedAt)
	if _, there := m.players[p.ID]; !there {
		m.players[p.ID] = p
	}
	return nil
}

// Player reads one.
func (m *Memory) Player(ctx context.Context, id string) (store.Player, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return store.Player{}, err
	}
	defer leave()
	p, there := m.players[store.Text(id)]
	if !there {
		return store.Player{}, store.ErrNotFound
	}
	return p, nil
}

// SaveMatch keeps a match; one that is there stays as it was.
func (m *Memory) SaveMatch(ctx context.Context, match store.Match) error {
	leave, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	m.saveMatch(match)
	return nil
}

// saveMatch is called with the lock held.
func (m *Memory) saveMatch(match store.Match) {
	match = kept(match)
	if _, there := m.matches[match.ID]; !there {
		m.matches[match.ID] = match
	}
}

// Match reads one, without its log.
func (m *Memory) Match(ctx context.Context, id string) (store.Match, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return store.Match{}, err
	}
	defer leave()
	match, there := m.matches[store.Text(id)]
	if !there {
		return store.Match{}, store.ErrNotFound
	}
	return withoutLog(match), nil
}

// MatchLog reads the log alone.
func (m *Memory) MatchLog(ctx context.Context, id string) ([]byte, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	match, there := m.matches[store.Text(id)]
	if !there {
		return nil, store.ErrNotFound
	}
	return copied(match.Log), nil
}

// Matches lists the newest first, without logs.
func (m *Memory) Matches(ctx context.Context, q store.MatchQuery) ([]store.Match, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found := []store.Match{}
	for _, match := range m.matches {
		if selects(q, match) {
			found = append(found, withoutLog(match))
		}
	}
	slices.SortFunc(found, func(a, b store.Match) int { return -older(a.EndedAt, a.ID, b.EndedAt, b.ID) })
	return found[:min(len(found), q.Page())], nil
}

func selects(q store.MatchQuery, m store.Match) bool {
	played := func(id string) bool {
		return id != "" && slices.ContainsFunc(m.Players, func(p store.MatchPlayer) bool { return p.PlayerID == store.Text(id) })
	}
	return (q.Game == "" || m.Game == store.Text(q.Game)) &&
		(q.PlayerID == "" || played(q.PlayerID)) &&
		(q.All || !m.Private || played(q.Viewer)) &&
		(q.Before == nil || older(m.EndedAt, m.ID, milliseconds(q.Before.EndedAt), store.Text(q.Before.ID)) < 0)
}

func older(a time.Time, aID string, b time.Time, bID string) int {
	return cmp.Or(a.Compare(b), strings.Compare(aID, bID))
}

// Secret gives the value kept under a name, keeping fresh if there is none.
func (m *Memory) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	name = store.Text(name)
	if _, there := m.secrets[name]; !there {
		m.secrets[name] = copied(fresh)
	}
	return copied(m.secrets[name]), nil
}

// Ping says that it is there.
func (m *Memory) Ping(ctx context.Context) error {
	leave, err := m.enter(ctx)
	if err != nil {
		return err
	}
	leave()
	return nil
}

// Close makes every later call fail.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// kept is a match as it is read again, and shares nothing with the one given.
func kept(m store.Match) store.Match {
	m.ID, m.Game, m.Reason = store.Text(m.ID), store.Text(m.Game), store.Text(m.Reason)
	m.Ending = store.Ending(store.Text(string(m.Ending)))
	m.StartedAt, m.EndedAt = milliseconds(m.StartedAt), milliseconds(m.EndedAt)
	m.Log = copied(m.Log)
	m = copiedMatch(m)
	for i, p := range m.Players {
		m.Players[i].PlayerID, m.Players[i].Name = store.Text(p.PlayerID), store.Text(p.Name)
	}
	slices.SortStableFunc(m.Players, func(a, b store.MatchPlayer) int {
		last := func(p store.MatchPlayer) int {
			if p.Place == 0 {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Seat, b.Seat))
	})
	return m
}

func withoutLog(m store.Match) store.Match {
	m.Log = nil
	return copiedMatch(m)
}

func copiedMatch(m store.Match) store.Match {
	m.Players = slices.Clone(m.Players)
	if m.Options = maps.Clone(m.Options); m.Options == nil {
		m.Options = map[string]int{}
	}
	return m
}

func copied(b []byte) []byte { return append([]byte{}, b...) }

func milliseconds(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }
