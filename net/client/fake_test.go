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
// connection takes the next part of the script; when there is none left, the
// server answers 503.
type stage struct {
	*testing.T
	script chan func(*server)
	doors  chan net.Conn
	delay  time.Duration // of the network, before a frame of the server

	began time.Time

	// Guarded by mu.
	mu      sync.Mutex
	heard   []wire.Message
	dropped []client.Drop
}

// hears is all that was heard so far.
func (s *stage) hears() []wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
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
		s := &stage{T: t, script: make(chan func(*server), len(script)), doors: make(chan net.Conn), began: time.Now()}
		for _, part := range script {
			s.script <- part
		}
		web := &http.Server{Handler: s}
		served := make(chan error, 1)
		go func() { served <- web.Serve(s) }()
		story(s)
		synctest.Wait()
		web.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
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
	select {
	case part := <-s.script:
		upgrader := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
		c, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			s.Error(err)
			return
		}
		defer c.Close()
		part(&server{s, c})
	default:
		http.Error(w, "draining", http.StatusServiceUnavailable)
	}
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

// server is the server's end of one connection.
type server struct {
	*stage
	ws *websocket.Conn
}

// reads takes the client's next message; nil when the connection has ended.
func (s *server) reads() wire.Message {
	_, frame, err := s.ws.ReadMessage()
	if err != nil {
		return nil
	}
	m, err := wire.DecodeClient(frame, testGame.CommandType())
	if err != nil {
		s.Errorf("the client sent what a server refuses: %v", err)
	}
	return m
}

func (s *server) sends(m wire.Message) {
	frame, err := wire.Encode(m)
	if err != nil {
		s.Error(err)
		return
	}
	time.Sleep(s.delay)
	if err := s.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		s.Errorf("send %T: %v", m, err)
	}
}

// welcomes takes Hello and answers it; a minute's grace.
func (s *server) welcomes() {
	want := wire.Hello{Ticket: "mine", Client: "test"}
	if got := s.reads(); got != want {
		s.Errorf("got %#v first, want %#v", got, want)
	}
	s.sends(wire.Welcome{Game: "test", Seat: 1, Tick: 100, TickRate: 20, SnapshotRate: 20, Grace: 60})
}

// closes ends the connection as a server does.
func (s *server) closes(code wire.CloseCode, text string) {
	if code >= 4000 {
		s.sends(wire.Bye{Code: code, Text: text})
	}
	message := websocket.FormatCloseMessage(int(code), text)
	_ = s.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second)) // it may be gone
	for s.reads() != nil {
	}
}

// untilGone answers pings until the client has gone.
func (s *server) untilGone() {
	for {
		switch m := s.reads().(type) {
		case nil:
			return
		case wire.Ping:
			s.sends(wire.Pong{T: m.T, Tick: 100})
		}
	}
}

// thrownOut is a part of a script: welcomed, and closed at once.
func thrownOut(code wire.CloseCode) func(*server) {
	return func(s *server) {
		s.welcomes()
		s.closes(code, "out")
	}
}

// stays is a part of a script: welcomed, and kept.
func stays(s *server) {
	s.welcomes()
	s.untilGone()
}
