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

type look struct{ N uint32 }

type rules struct{}

func (rules) Apply(*game.Turn, game.Seat, aim) error { return nil }
func (rules) Step(*game.Turn)                        {}
func (rules) View(game.Seat) look                    { return look{} }

var testGame = game.Define(game.Info{Name: "test", Seats: 2, TickRate: 30},
	func(*game.Turn) rules { return rules{} })

// stage is a dialogue with one link: what the client and the room do, and what
// is to come of it.
type stage struct {
	t    *testing.T
	link *link.Link
	conn *fakeConn
	room *fakeRoom
	*meter
}

// play runs a dialogue in a bubble of its own time.
func play(t *testing.T, dialogue func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, conn: &fakeConn{}, room: &fakeRoom{}, meter: &meter{closed: -1}}
		s.link = link.Open(link.Config{Host: s.room, Meter: s.meter}, s.conn)
		dialogue(t, s)
		s.link.Lost(0) // the transport's last call; stops the watch
		if s.opened != 1 || s.closed < 0 {
			t.Errorf("meter saw %d opened, close code %d; every link is counted in and out", s.opened, s.closed)
		}
		if s.room.joined && s.room.count("gone") != 1 {
			t.Errorf("the member was gone %d times; a seat is held again exactly once", s.room.count("gone"))
		}
	})
}

// client sends a message.
func (s *stage) client(m wire.Message) {
	s.t.Helper()
	f, err := wire.Encode(m)
	if err != nil {
		s.t.Fatal(err)
	}
	s.link.Received(f)
}

// enter is the usual beginning.
func (s *stage) enter() {
	s.t.Helper()
	s.client(wire.Hello{Ticket: "good", Client: "test"})
	s.heard("join good", "hello joins the room its ticket is for")
	s.reads(wire.Notice{Code: "welcome"}, "what the room sends while joining arrives")
}

// reads takes the frame that is on its way, which must be m.
func (s *stage) reads(m wire.Message, why string) {
	s.t.Helper()
	f := s.conn.take()
	if f == nil {
		s.t.Fatalf("nothing is on its way; want %#v: %s", m, why)
	}
	got, err := wire.DecodeServer(f, testGame)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(m) {
		s.t.Fatalf("got %#v, %v; want %#v: %s", got, err, m, why)
	}
	s.link.Sent()
}

func (s *stage) readsNothing(why string) {
	s.t.Helper()
	if f := s.conn.take(); f != nil {
		s.t.Fatalf("% x is on its way; want nothing: %s", f, why)
	}
}

// readsBye takes Bye, after which the connection must be closed with its code.
func (s *stage) readsBye(code wire.CloseCode, why string) {
	s.t.Helper()
	f := s.conn.take()
	got, err := wire.DecodeServer(f, testGame)
	bye, ok := got.(wire.Bye)
	if err != nil || !ok || bye.Code != code || bye.Text == "" {
		s.t.Fatalf("got %#v, %v; want bye with %d and a sentence: %s", got, err, code, why)
	}
	s.closedWith(0, "the connection closes behind bye, not before it has left")
	s.link.Sent()
	s.closedWith(code, why)
	if s.closed != int(code) {
		s.t.Fatalf("meter saw code %d, want %d: what is counted is what the client is told", s.closed, code)
	}
}

func (s *stage) closedWith(code wire.CloseCode, why string) {
	s.t.Helper()
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	if s.conn.code != code {
		s.t.Fatalf("connection closed with %d, want %d (0 is open): %s", s.conn.code, code, why)
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

// wait lets time pass and whatever is due in it happen.
func (s *stage) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// fakeConn is a transport that holds each frame until the test takes it.
type fakeConn struct {
	mu    sync.Mutex
	frame wire.Frame
	code  wire.CloseCode
}

func (c *fakeConn) Write(f wire.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frame != nil || c.code != 0 {
		panic("a frame while another is on its way, or after the close")
	}
	c.frame = f
}

func (c *fakeConn) Close(code wire.CloseCode, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != 0 {
		panic("closed twice")
	}
	c.code = code
}

func (c *fakeConn) take() wire.Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.frame
	c.frame = nil
	return f
}

// fakeRoom writes down what it is told.
type fakeRoom struct {
	err  error         // of Join
	slow time.Duration // Join takes so long
	busy bool          // takes nothing more

	mu     sync.Mutex
	joined bool
	notes  []string
	ever   []string
}

func (r *fakeRoom) Join(_ context.Context, ticket string, l *link.Link) (link.Member, error) {
	time.Sleep(r.slow)
	r.note("join " + ticket)
	if r.err != nil {
		return nil, r.err
	}
	r.joined = true
	f, err := wire.Encode(wire.Notice{Code: "welcome"})
	if err != nil {
		panic(err)
	}
	l.Send(f)
	return r, nil
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
func (r *fakeRoom) Gone()                          { r.note("gone") }
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

func (r *fakeRoom) count(what string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.ever {
		if e == what {
			n++
		}
	}
	return n
}

// meter counts; closed is the code, -1 while open.
type meter struct {
	opened, closed, replaced int
	in, out                  int
}

func (m *meter) Opened()                    { m.opened++ }
func (m *meter) Closed(code wire.CloseCode) { m.closed = int(code) }
func (m *meter) Received(int)               { m.in++ }
func (m *meter) Sent(int)                   { m.out++ }
func (m *meter) Replaced()                  { m.replaced++ }
