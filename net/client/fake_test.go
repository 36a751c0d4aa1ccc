package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/game"
	"tickroom/net/client"
	"tickroom/net/wire"
)

type move struct{ X int8 }

type board struct{ N uint32 }

type rules struct{}

func (rules) Apply(*game.Turn, game.Seat, move) error { return nil }
func (rules) Step(*game.Turn)                         {}
func (rules) View(game.Seat) board                    { return board{} }

var testGame = game.Define(game.Info{Name: "test", Seats: 2, TickRate: 20},
	func(*game.Turn) rules { return rules{} })

// stage is a server that follows a script, in a bubble of its own time. Each
// connection takes the next part of the script; where it is nil, or none is
// left, the server answers 503.
type stage struct {
	*testing.T
	script chan func(*server)
	doors  chan net.Conn
	delay  time.Duration // of the network, before a frame of the server

	began time.Time
	more  chan []wire.Message // for a script to send

	// Guarded by mu.
	mu      sync.Mutex
	heard   []wire.Message
	dropped []client.Drop
	acks    []ack
	asked   []string          // the URLs of upgrades
	tries   map[string]uint32 // the largest of any hello, by link
}

// ack is an acknowledgement, and when it came.
type ack struct {
	at   time.Duration
	seen uint32
}

// acked is all that was acknowledged since the last time.
func (s *stage) acked() []ack {
	s.mu.Lock()
	defer s.mu.Unlock()
	acks := s.acks
	s.acks = nil
	return acks
}

// hears is all that was heard so far.
func (s *stage) hears() []wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

// told is what was heard of what must arrive.
func (s *stage) told() []wire.Message {
	return slices.DeleteFunc(s.hears(), func(m wire.Message) bool { return !wire.MustArrive(m) })
}

// places is where connections were asked for so far.
func (s *stage) places() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// drops is all that was told of lost connections so far.
func (s *stage) drops() []client.Drop {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dropped)
}

// play runs a story against a script of connections.
func play(t *testing.T, script []func(*server), story func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, tries: map[string]uint32{}, script: make(chan func(*server), len(script)), doors: make(chan net.Conn), began: time.Now(), more: make(chan []wire.Message)}
		for _, part := range script {
			s.script <- part
		}
		web := &http.Server{Handler: s}
		served := make(chan error, 1)
		go func() { served <- web.Serve(s) }()
		defer func() {
			time.Sleep(time.Second) // what is still under way arrives
			synctest.Wait()
			web.Close()
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		}()
		story(s)
	})
}

// join is Join to this stage, with a chance of one half.
func (s *stage) join() (*client.Client, error) {
	return client.Join(s.Context(), client.Config{
		URL: "ws://play.test/v1/play", Ticket: "mine", Game: testGame, Name: "test",
		Hear: func(m wire.Message) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.heard = append(s.heard, m)
		},
		Dropped: func(d client.Drop) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.dropped = append(s.dropped, d)
		},
		Dial:   s.dial,
		Chance: func() float64 { return 0.5 },
	})
}

func (s *stage) mustJoin() *client.Client {
	s.Helper()
	c, err := s.join()
	if err != nil {
		s.Fatalf("join: %v", err)
	}
	return c
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Host+r.URL.String())
	s.mu.Unlock()
	var part func(*server)
	select {
	case part = <-s.script:
	default:
	}
	if part == nil {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.Error(err)
		return
	}
	far := &server{stage: s, ws: c, out: make(chan wire.Frame, 1024), written: make(chan struct{})}
	go far.writes()
	part(far)
	far.cuts()
}

func (s *stage) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case s.doors <- far:
		return near, nil
	case <-time.After(time.Second):
		return nil, errors.New("nobody listens")
	}
}

func (s *stage) Accept() (net.Conn, error) {
	c, ok := <-s.doors
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (s *stage) Close() error {
	close(s.doors)
	return nil
}
func (s *stage) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// server is the server's end of one connection. It reads and writes at once, as
// servers do.
type server struct {
	*stage
	ws      *websocket.Conn
	out     chan wire.Frame // closed by flushes
	written chan struct{}   // closed when all of out is
	flushed bool
}

func (s *server) writes() {
	defer close(s.written)
	for frame := range s.out {
		time.Sleep(s.delay)
		if s.ws.WriteMessage(websocket.BinaryMessage, frame) != nil {
			break // the client has gone
		}
	}
	for range s.out {
	}
}

func (s *server) sends(m wire.Message) {
	frame, err := wire.Encode(m)
	if err != nil {
		s.Error(err)
		return
	}
	s.out <- frame
}

// flushes waits until the client has read all that was sent.
func (s *server) flushes() {
	if !s.flushed {
		s.flushed = true
		close(s.out)
	}
	<-s.written
}

// reads takes the client's next message but its acknowledgements, which are
// written down; nil when the connection has ended.
func (s *server) reads() wire.Message {
	for {
		_, frame, err := s.ws.ReadMessage()
		if err != nil {
			return nil
		}
		m, err := wire.DecodeClient(frame, testGame.CommandType())
		if err != nil {
			s.Errorf("the client sent what a server refuses: %v", err)
		}
		a, ok := m.(wire.Ack)
		if !ok {
			return m
		}
		s.mu.Lock()
		s.acks = append(s.acks, ack{time.Since(s.began), a.Seen})
		s.mu.Unlock()
	}
}

// next takes the client's next message that must arrive, and answers pings.
func (s *server) next() wire.Message {
	for {
		switch m := s.reads().(type) {
		case wire.Ping:
			s.sends(wire.Pong{T: m.T, Tick: 100})
		default:
			return m
		}
	}
}

func (s *server) wants(want wire.Message, why string) {
	if got := s.next(); got != want {
		s.Errorf("the client sent %#v, want %#v: %s", got, want, why)
	}
}

// untilGone wants nothing more from the client.
func (s *server) untilGone() {
	for {
		m := s.next()
		if m == nil {
			return
		}
		if _, ok := m.(wire.Input); !ok {
			s.Errorf("the client sent %#v; want nothing more", m)
		}
	}
}

// greeted takes Hello, which must say so much is seen of the link, whose name
// stays.
func (s *server) greeted(seen uint32) {
	hello, ok := s.reads().(wire.Hello)
	if !ok || hello.Ticket != "mine" || hello.Client != "test" || len(hello.Link) < 20 || hello.Seen != seen {
		s.Errorf("got %#v first, want hello of a link with %d seen", hello, seen)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if hello.Try <= s.tries[hello.Link] {
		s.Errorf("try %d after %d; it must grow, or the server takes it for an older one that is late", hello.Try, s.tries[hello.Link])
	}
	if hello.Seen > 0 && s.tries[hello.Link] == 0 {
		s.Errorf("link %q has seen something and was never heard of: its name stays", hello.Link)
	}
	s.tries[hello.Link] = hello.Try
}

// begins tells all that counts, with a minute's grace.
func (s *server) begins(why string) {
	s.sends(wire.Linked{Why: why})
	s.sends(welcome)
}

var welcome = wire.Welcome{Game: "test", Seat: 1, Tick: 100, TickRate: 20, SnapshotRate: 20, Grace: 60}

// welcomes is how most scripts begin.
func (s *server) welcomes() {
	s.greeted(0)
	s.begins("new")
}

// forgets is how a server that was restarted takes a client back.
func (s *server) forgets(seen uint32) {
	s.greeted(seen)
	s.begins("unknown")
}

// resumes goes on with the link.
func (s *server) resumes(seen, received uint32) {
	s.greeted(seen)
	s.sends(wire.Linked{Resumed: true, Received: received})
}

// closes ends the connection as a server does.
func (s *server) closes(code wire.CloseCode, text string) {
	if code >= 4000 {
		s.sends(wire.Bye{Code: code, Text: text})
	}
	s.flushes()
	message := websocket.FormatCloseMessage(int(code), text)
	_ = s.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second)) // it may be gone
	for s.reads() != nil {
	}
}

// cuts ends the connection without a word.
func (s *server) cuts() {
	s.ws.Close()
	s.flushes()
}

// thrownOut is a part of a script: welcomed, and closed at once.
func thrownOut(code wire.CloseCode) func(*server) {
	return func(s *server) {
		s.welcomes()
		s.closes(code, "out")
	}
}

// thrownOutAgain is one for who comes back.
func thrownOutAgain(code wire.CloseCode) func(*server) {
	return func(s *server) {
		s.resumes(1, 0)
		s.closes(code, "out")
	}
}

// welcomed is a part of a script: welcomed, and cut.
func welcomed(s *server) {
	s.welcomes()
	s.flushes()
}

// stays is a part of a script: welcomed, and kept.
func stays(s *server) {
	s.welcomes()
	s.untilGone()
}

// staysAgain is one for who comes back and has missed nothing.
func staysAgain(s *server) {
	s.resumes(1, 0)
	s.untilGone()
}
