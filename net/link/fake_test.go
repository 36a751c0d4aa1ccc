package link_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/net/link"
	"tickroom/net/wire"
)

// aim is the command of the tests' game.
type aim struct{ X int8 }

type look struct {
	N   uint32
	Pad string
}

type rules struct{}

func (rules) Apply(*game.Turn, game.Seat, aim) error { return nil }
func (rules) Step(*game.Turn)                        {}
func (rules) View(game.Seat) look                    { return look{} }

var testGame = game.Define(game.Info{Name: "test", Seats: 2, TickRate: 30},
	func(*game.Turn) rules { return rules{} })

var welcome = wire.Chat{Text: "welcome"}

// stage is a dialogue: what a client does over one connection after the other,
// what the room does, and what is to come of it.
type stage struct {
	*peer // the connection the client speaks over now
	t     *testing.T
	hub   *link.Hub
	room  *fakeRoom
	*meter
	name  string // of the link
	try   uint32
	peers []*peer
}

// play runs a dialogue in a bubble of its own time.
func play(t *testing.T, dialogue func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{name: "FIRST", t: t, room: &fakeRoom{}, meter: &meter{}}
		s.hub = link.NewHub(link.Config{Host: s.room, Meter: s.meter})
		s.connects()
		dialogue(t, s)
		for _, p := range s.peers {
			p.port.Lost(0) // each transport's last call; stops the watch
		}
		if l := s.room.link(); l != nil {
			l.Close(wire.CloseOver, "The dialogue is over.")
		}
		s.meter.mu.Lock()
		defer s.meter.mu.Unlock()
		if s.opened != len(s.peers) || len(s.closed) != len(s.peers) {
			t.Errorf("meter saw %d opened, close codes %d; each of %d connections is counted in and out once", s.opened, s.closed, len(s.peers))
		}
		if n := s.hub.Links(); n != 0 {
			t.Errorf("the hub knows %d links; it forgets those that their room closed", n)
		}
	})
}

// connects opens a new connection, which is the one of now.
func (s *stage) connects() {
	s.peer = &peer{t: s.t, conn: &fakeConn{}}
	s.peer.port = s.hub.Open(s.peer.conn)
	s.peers = append(s.peers, s.peer)
}

// enter is the usual beginning.
func (s *stage) enter() {
	s.t.Helper()
	s.try++
	s.says(wire.Hello{Ticket: "good", Client: "test", Link: s.name, Try: s.try})
	s.heard("join good", "hello joins the room its ticket is for")
	s.readsLinked(wire.Linked{Why: "new"}, "the server has never heard of it")
	s.reads(welcome, "what the room sends while joining arrives")
}

// comes opens a connection that goes on with the link.
func (s *stage) comes(seen uint32) {
	s.t.Helper()
	s.try++
	s.connects()
	s.says(wire.Hello{Ticket: "good", Link: s.name, Seen: seen, Try: s.try})
}

// loses is when the connection of now breaks, and the server knows.
func (s *stage) loses() {
	s.t.Helper()
	s.port.Lost(0)
	s.heard("gone", "the room holds the seat while nothing carries the link")
}

// readsLinked takes the answer to hello.
func (s *stage) readsLinked(want wire.Linked, why string) {
	s.t.Helper()
	if got := s.take(why); got != want {
		s.t.Fatalf("got %#v, want %#v: %s", got, want, why)
	}
}

// sends has the room send replies with these numbers.
func (s *stage) sends(numbers ...uint32) {
	s.t.Helper()
	for _, n := range numbers {
		s.room.link().Send(frame(s.t, wire.Reply{N: n}))
	}
}

// readsReplies takes replies with these numbers.
func (s *stage) readsReplies(why string, numbers ...uint32) {
	s.t.Helper()
	for _, n := range numbers {
		s.reads(wire.Reply{N: n}, why)
	}
}

// heard is what the room was told since the last time.
func (s *stage) heard(want, why string) {
	s.t.Helper()
	if got := s.room.takeHeard(); !slices.Equal(got, []string{want}) {
		s.t.Fatalf("the room heard %q, want %q: %s", got, want, why)
	}
}

func (s *stage) heardNothing(why string) {
	s.t.Helper()
	if got := s.room.takeHeard(); len(got) > 0 {
		s.t.Fatalf("the room heard %q, want nothing: %s", got, why)
	}
}

// readsBye takes Bye, after which the connection must be closed with its code,
// and be counted so.
func (s *stage) readsBye(code wire.CloseCode, why string) {
	s.t.Helper()
	s.peer.readsBye(code, why)
	s.meter.mu.Lock()
	defer s.meter.mu.Unlock()
	if !slices.Contains(s.closed, code) {
		s.t.Fatalf("meter saw codes %d, not %d: what is counted is what the client is told", s.closed, code)
	}
}

// wait lets time pass and whatever is due in it happen.
func (s *stage) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func frame(t *testing.T, m wire.Message) wire.Frame {
	t.Helper()
	f, err := wire.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fakeRoom writes down what it is told.
type fakeRoom struct {
	err  error         // of Join
	slow time.Duration // Join takes so long
	busy bool          // takes nothing more

	mu    sync.Mutex
	last  *link.Link // that joined
	notes []string
	ever  []string
}

func (r *fakeRoom) Await(context.Context, string) error { return nil }
func (r *fakeRoom) Join(_ context.Context, ticket string, l *link.Link) (link.Member, error) {
	time.Sleep(r.slow)
	r.note("join " + ticket)
	if r.err != nil {
		return nil, r.err
	}
	r.mu.Lock()
	older := r.last
	r.last = l
	r.mu.Unlock()
	if older != nil {
		older.Close(wire.CloseTakenOver, "You connected from elsewhere.")
	}
	f, err := wire.Encode(welcome)
	if err != nil {
		panic(err)
	}
	l.Begin(f)
	return r, nil
}

// link is the one that joined last.
func (r *fakeRoom) link() *link.Link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func (r *fakeRoom) Game() *game.Game { return testGame }
func (r *fakeRoom) Command(n uint32, c any) bool {
	return r.note(fmt.Sprintf("command %d %+v", n, c))
}
func (r *fakeRoom) Input(t game.Tick, c any) bool {
	return r.note(fmt.Sprintf("input %d %+v", t, c))
}
func (r *fakeRoom) Say(n uint32, text string) bool { return r.note(fmt.Sprintf("say %d %q", n, text)) }
func (r *fakeRoom) Leave() bool                    { return r.note("leave") }
func (r *fakeRoom) Show(w wire.Show) bool {
	return r.note(fmt.Sprintf("show %d at %d as %d", w.Tick, w.Speed, w.Seat))
}
func (r *fakeRoom) Gone()  { r.note("gone") }
func (r *fakeRoom) Back()  { r.note("back") }
func (r *fakeRoom) Renew() { r.note("renew") }
func (r *fakeRoom) Clock() (game.Tick, time.Duration) {
	return 42, 1500 * time.Microsecond
}

func (r *fakeRoom) note(what string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, what)
	r.ever = append(r.ever, what)
	return !r.busy
}

func (r *fakeRoom) takeHeard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	notes := r.notes
	r.notes = nil
	return notes
}

// meter counts; closed are the codes.
type meter struct {
	mu               sync.Mutex
	opened, replaced int
	desynced         int
	closed           []wire.CloseCode
}

func (m *meter) Opened()                    { m.count(func() { m.opened++ }) }
func (m *meter) Closed(code wire.CloseCode) { m.count(func() { m.closed = append(m.closed, code) }) }
func (m *meter) Replaced()                  { m.count(func() { m.replaced++ }) }
func (m *meter) Desynced()                  { m.count(func() { m.desynced++ }) }
func (m *meter) Received(int)               {}
func (m *meter) Sent(int)                   {}

func (m *meter) count(what func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what()
}

// hasty closes a link before its Join has returned.
type hasty struct{ fakeRoom }

func (r *hasty) Join(ctx context.Context, ticket string, l *link.Link) (link.Member, error) {
	m, err := r.fakeRoom.Join(ctx, ticket, l)
	r.takeHeard()
	l.Close(wire.CloseOver, "The room is closed.")
	return m, err
}
