package lobby

import (
	"cmp"
	"hash/fnv"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"tickroom/game/room"
	"tickroom/store"
)

// load measures how busy this server is, as the Meter of its rooms: by the share
// of its cores' time that ticks take, and by how late they begin, in which also
// shows what is not ticks: sockets, the journal, others on the machine.
type load struct {
	room.Meter // to which everything goes on

	// Safe for all.
	cost, late, ticks atomic.Int64 // since the last measure; nanoseconds
	thousandths       atomic.Int64

	// Owned by who measures.
	since  time.Time
	smooth float64
}

func newLoad(m room.Meter) *load { return &load{Meter: cmp.Or[room.Meter](m, quiet{})} }

// Tick implements room.Meter.
func (m *load) Tick(late, cost time.Duration, over bool) {
	m.cost.Add(int64(cost))
	m.late.Add(int64(late))
	m.ticks.Add(1)
	m.Meter.Tick(late, cost, over)
}

// measure takes in what happened since it was last called.
func (m *load) measure(now time.Time) {
	cost, late, ticks := m.cost.Swap(0), m.late.Swap(0), m.ticks.Swap(0)
	wall := now.Sub(m.since)
	first := m.since.IsZero()
	m.since = now
	if first || wall <= 0 {
		return
	}
	busy := float64(cost) / float64(wall) / float64(runtime.GOMAXPROCS(0))
	behind := float64(late) / float64(max(1, ticks)) / float64(lateMost)
	m.smooth += (min(1, max(busy, behind)) - m.smooth) * loadWeight
	m.thousandths.Store(int64(m.smooth*1000 + 0.5))
}

// now is the load in thousandths of what this server can do.
func (m *load) now() int { return int(m.thousandths.Load()) }

// quiet is a Meter that counts nothing.
type quiet struct{}

func (quiet) Tick(_, _ time.Duration, _ bool) {}
func (quiet) Refused(string)                  {}
func (quiet) Panicked(string)                 {}
func (quiet) Kept(time.Duration, error)       {}

// Load is how busy this server is, in thousandths of what it can do.
func (l *Lobby) Load() int { return l.load.now() }

// full says whether this server takes no more rooms.
func (l *Lobby) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.draining || l.leaving.Load() || l.crowded()
}

// crowded says whether there is no room for another. It is called under the lock.
func (l *Lobby) crowded() bool { return len(l.rooms) >= maxRooms || l.load.now() >= fullLoad }

// withRoom are the servers where a room may be opened: those that are not full,
// and not clearly busier than the least busy. Other servers choose alike, since
// all go by what was reported.
func (l *Lobby) withRoom() []store.Server {
	n := &l.neighbours
	n.mu.Lock()
	all := append(slices.Clone(n.servers), n.self)
	n.mu.Unlock()
	self := l.cfg.Self.Name
	all = slices.DeleteFunc(all, func(s store.Server) bool { return s.Full || s.Name == self && l.full() })
	if len(all) == 0 {
		return nil
	}
	least := slices.MinFunc(all, byLoad).Load
	return slices.DeleteFunc(all, func(s store.Server) bool { return s.Load > least+busier })
}

func byLoad(a, b store.Server) int {
	return cmp.Or(cmp.Compare(a.Load, b.Load), cmp.Compare(a.Name, b.Name))
}

// homeOf is where a room on these terms is opened for whoever asks for any: the
// same for all who ask at once, through whatever server, so that they meet; and
// another for other terms. false: nowhere.
func homeOf(terms string, servers []store.Server) (store.Server, bool) {
	if len(servers) == 0 {
		return store.Server{}, false
	}
	weight := func(s store.Server) uint64 {
		h := fnv.New64a()
		h.Write([]byte(s.Name + "\n" + terms))
		return h.Sum64()
	}
	return slices.MaxFunc(servers, func(a, b store.Server) int { return cmp.Compare(weight(a), weight(b)) }), true
}
