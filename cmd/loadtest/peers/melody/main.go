//go:build linux

// Command melody is a server of rooms as one writes it with melody and nothing
// else: a list of sessions for each room, a goroutine that ticks it, each state
// encoded once and written to all. It does the work of game/swarm at 20 ticks a
// second, and speaks our frames without links, seats or anything else around them.
//
//	melody ADDR
//
// Rooms are at /state/NAME. A member is told when tick 0 of its room was due, by
// the machine's clock. It says "ready" when it listens, and to "begin" and "end"
// on stdin does as ticks.mjs. It is only here to be measured, and runs until it
// is killed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/olahol/melody"

	"tickroom/game"
	"tickroom/game/swarm"
	"tickroom/net/wire"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "melody ADDR")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "melody:", err)
		os.Exit(1)
	}
}

func serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	s := &server{melody: melody.New(), rooms: map[string]*room{}}
	s.melody.HandleConnect(s.join)
	s.melody.HandleDisconnect(s.leave)
	s.melody.HandleMessageBinary(s.heard)
	go s.heed()
	fmt.Println("ready")
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = s.melody.HandleRequest(w, r) // it has answered
	}))
}

type server struct {
	// Set once.
	melody *melody.Melody

	// Guarded by mu.
	mu    sync.Mutex
	rooms map[string]*room
	late  []float64 // milliseconds
}

// room is one match and who is in it.
type room struct {
	// Set once.
	zero time.Time

	// Guarded by mu.
	mu      sync.Mutex
	match   *game.Match
	members []*melody.Session
}

func (s *server) join(session *melody.Session) {
	r := s.room(session.Request.URL.Path)
	r.mu.Lock()
	defer r.mu.Unlock()
	session.Set("room", r)
	session.Set("seat", game.Seat(len(r.members)%swarm.Ships))
	r.members = append(r.members, session)
	_ = session.Write(fmt.Appendf(nil, "began %d", monotonic()-int64(time.Since(r.zero))))
}

func (s *server) leave(session *melody.Session) {
	r := session.MustGet("room").(*room)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members = slices.DeleteFunc(r.members, func(m *melody.Session) bool { return m == session })
}

func (s *server) heard(session *melody.Session, frame []byte) {
	m, err := wire.DecodeClient(frame, swarm.Game.CommandType())
	input, ok := m.(wire.Input)
	if err != nil || !ok {
		return
	}
	r := session.MustGet("room").(*room)
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.match.Apply(session.MustGet("seat").(game.Seat), input.Data) // a refused one is nothing
}

func (s *server) room(name string) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[name]; r != nil {
		return r
	}
	setup, err := swarm.Game.Setup(1, nil)
	if err != nil {
		panic(err) // it has no options
	}
	match, err := swarm.Game.Start(setup)
	if err != nil {
		panic(err)
	}
	r := &room{zero: time.Now(), match: match}
	s.rooms[name] = r
	go s.run(r)
	return r
}

func (s *server) run(r *room) {
	period := time.Second / time.Duration(swarm.Game.TickRate)
	for due := r.zero.Add(period); ; due = due.Add(period) {
		time.Sleep(time.Until(due))
		late := time.Since(due)
		r.tick()
		s.mu.Lock()
		s.late = append(s.late, float64(late)/1e6)
		s.mu.Unlock()
	}
}

func (r *room) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.match.Step()
	frame, err := wire.Encode(wire.Snapshot{Tick: r.match.Tick(), View: r.match.View(game.Watcher)})
	if err != nil {
		panic(err) // it is always the same
	}
	for _, m := range r.members {
		_ = m.WriteBinary(frame) // who cannot take it misses it
	}
}

// heed does what stdin says.
func (s *server) heed() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		s.mu.Lock()
		if lines.Text() == "end" {
			_ = json.NewEncoder(os.Stdout).Encode(tail(s.late))
		}
		s.late = nil
		s.mu.Unlock()
	}
}

func tail(late []float64) map[string]float64 {
	late = append(slices.Sorted(slices.Values(late)), 0)
	at := func(share float64) float64 { return late[int(share*float64(max(len(late)-2, 0)))] }
	return map[string]float64{"p50": at(.5), "p99": at(.99), "p999": at(.999), "max": at(1)}
}

// monotonic is the machine's own count of time, in nanoseconds, which who
// measures has as well.
func monotonic() int64 {
	var t syscall.Timespec
	const clockMonotonic = 1
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}
