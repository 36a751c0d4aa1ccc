package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickroom/store"
)

// journalLikeMemory lets servers come, die, write and claim at random, on the
// store and on Memory, and expects the same answers. Runs follow each other on
// one store: each leaves no room behind that the next could claim.
func journalLikeMemory(t *testing.T, s store.Store) {
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		m := &journalModel{store: s, memory: NewMemory(), run: run, next: map[string]uint32{}}
		defer m.leave(t)
		m.enlist(t)
		t.Repeat(map[string]func(*rapid.T){
			"enlist":  m.enlist,
			"renew":   m.renew,
			"release": m.release,
			"claim":   m.claim,
			"write":   m.write,
			"again":   m.again,
			"finish":  m.finish,
			"read":    func(t *rapid.T) { m.read(t, rapid.IntRange(0, modelRooms-1).Draw(t, "room")) },
			"rooms":   func(t *rapid.T) { m.rooms(t, m.lease(t)) },
			"running": m.running,
		})
		for n := range modelRooms {
			m.read(t, n)
		}
		for _, l := range m.leases[max(0, len(m.leases)-3):] {
			m.rooms(t, l)
		}
	})
}

// journalModel is one run.
type journalModel struct {
	store, memory store.Store
	run           int
	leases        [][2]store.Lease // all there were: of the store and of memory
	next          map[string]uint32
	last          store.Batch // the last that was tried
}

const modelRooms = 5

func (m *journalModel) room(n int) string { return fmt.Sprintf("room-%d-%d", m.run, n) }

func (m *journalModel) anyRoom(t *rapid.T) string {
	return m.room(rapid.IntRange(0, modelRooms-1).Draw(t, "room"))
}

// lease is one that somebody had or has: mostly the latest are good.
func (m *journalModel) lease(t *rapid.T) [2]store.Lease {
	return m.leases[len(m.leases)-1-rapid.IntRange(0, min(len(m.leases), 4)-1).Draw(t, "lease")]
}

// both does the same on the store and on memory.
func (m *journalModel) both(t *rapid.T, do func(i int, s store.Store) error) error {
	got, want := do(0, m.store), do(1, m.memory)
	for _, known := range []error{nil, store.ErrFenced, store.ErrNotFound, store.ErrGap} {
		if errors.Is(want, known) {
			if !errors.Is(got, known) {
				t.Fatalf("the store says %v, memory says %v", got, want)
			}
			return want
		}
	}
	t.Fatalf("memory says %v", want)
	return nil
}

func (m *journalModel) enlist(t *rapid.T) {
	name := fmt.Sprintf("server-%d-%d", m.run, rapid.IntRange(0, 2).Draw(t, "server"))
	var l [2]store.Lease
	m.both(t, func(i int, s store.Store) (err error) {
		l[i], err = s.Enlist(t.Context(), name, "", time.Hour)
		return err
	})
	m.leases = append(m.leases, l)
}

// renew renews a lease, often to no time at all, which ends it.
func (m *journalModel) renew(t *rapid.T) {
	l, length := m.lease(t), rapid.SampledFrom([]time.Duration{time.Hour, 0, -time.Hour}).Draw(t, "length")
	m.both(t, func(i int, s store.Store) error {
		renewed := l[i]
		renewed.Length = length
		return s.Renew(t.Context(), renewed)
	})
}

func (m *journalModel) release(t *rapid.T) {
	l := m.lease(t)
	m.both(t, func(i int, s store.Store) error { return s.Release(t.Context(), l[i]) })
}

// claim claims all: which are the first depends on clocks.
func (m *journalModel) claim(t *rapid.T) {
	l := m.lease(t)
	var claimed [2][]store.RunningRoom
	m.both(t, func(i int, s store.Store) (err error) {
		claimed[i], err = s.Claim(t.Context(), l[i], store.MaxClaim)
		slices.SortFunc(claimed[i], func(a, b store.RunningRoom) int { return cmp.Compare(a.ID, b.ID) })
		return err
	})
	likewise(t, claimed, "claimed rooms")
}

func (m *journalModel) write(t *rapid.T) {
	var b store.Batch
	if rapid.Bool().Draw(t, "opens") {
		b.Opened = append(b.Opened, store.RunningRoom{ID: m.anyRoom(t), OpenedAt: day, Head: []byte{byte(len(m.leases))}})
	}
	for range rapid.IntRange(0, 4).Draw(t, "chunks") {
		room := m.anyRoom(t)
		m.next[room] += rapid.SampledFrom([]uint32{1, 1, 1, 1, 1, 1, 0, 2}).Draw(t, "step")
		b.Chunks = append(b.Chunks, store.Chunk{
			Room: room, N: m.next[room], Saved: rapid.IntRange(0, 3).Draw(t, "saved") == 0,
			Data: rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "data"),
		})
	}
	if rapid.IntRange(0, 5).Draw(t, "closes") == 0 {
		b.Closed = append(b.Closed, m.anyRoom(t))
	}
	m.last = b
	m.writeBatch(t, b)
	for _, r := range b.Opened {
		delete(m.next, r.ID) // and begins anew, if it was not there
	}
}

// again writes the last batch once more, whoever does.
func (m *journalModel) again(t *rapid.T) { m.writeBatch(t, m.last) }

func (m *journalModel) writeBatch(t *rapid.T, b store.Batch) {
	l := m.lease(t)
	m.both(t, func(i int, s store.Store) error { return s.Write(t.Context(), l[i], b) })
}

func (m *journalModel) finish(t *rapid.T) {
	l, match := m.lease(t), store.Match{ID: m.anyRoom(t), Log: []byte{byte(len(m.leases))}}
	m.both(t, func(i int, s store.Store) error { return s.Finish(t.Context(), l[i], match) })
}

// read compares what is kept of a room.
func (m *journalModel) read(t *rapid.T, n int) {
	var chunks [2][]store.Chunk
	m.both(t, func(i int, s store.Store) (err error) {
		chunks[i], err = s.Chunks(t.Context(), m.room(n))
		return err
	})
	likewise(t, chunks, "chunks of "+m.room(n))
	m.both(t, func(i int, s store.Store) (err error) {
		chunks[i], err = s.History(t.Context(), m.room(n))
		return err
	})
	likewise(t, chunks, "history of "+m.room(n))
	var logs [2][]byte
	m.both(t, func(i int, s store.Store) (err error) {
		logs[i], err = s.MatchLog(t.Context(), m.room(n))
		return err
	})
	likewise(t, logs, "log of "+m.room(n))
}

func (m *journalModel) rooms(t *rapid.T, l [2]store.Lease) {
	var rooms [2][]store.RunningRoom
	m.both(t, func(i int, s store.Store) (err error) {
		rooms[i], err = s.Rooms(t.Context(), l[i])
		return err
	})
	likewise(t, rooms, "rooms of "+l[0].Server)
}

// running compares what runs: there is nothing of other runs.
func (m *journalModel) running(t *rapid.T) {
	after, limit := m.anyRoom(t), rapid.IntRange(0, modelRooms).Draw(t, "limit")
	var rooms [2][]store.RunningRoom
	m.both(t, func(i int, s store.Store) (err error) {
		rooms[i], err = s.Running(t.Context(), after, limit)
		return err
	})
	likewise(t, rooms, "running rooms after "+after)
}

func likewise[T any](t *rapid.T, got [2]T, what string) {
	if diff := gocmp.Diff(got[1], got[0]); diff != "" {
		t.Fatalf("the store's %s differ from memory's: (-memory +store)\n%s", what, diff)
	}
}

// leave takes all rooms from whoever has them, and closes them.
func (m *journalModel) leave(t *rapid.T) {
	var closing store.Batch
	for n := range modelRooms {
		closing.Closed = append(closing.Closed, m.room(n))
	}
	for server := range 3 {
		enlist(t, m.store, fmt.Sprintf("server-%d-%d", m.run, server))
	}
	l := enlist(t, m.store, fmt.Sprintf("last-%d", m.run))
	for len(claim(t, m.store, l, store.MaxClaim)) > 0 {
	}
	write(t, m.store, l, closing)
}
