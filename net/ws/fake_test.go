package ws_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/game"
	"tickroom/net/direct/directtest"
	"tickroom/net/link"
	"tickroom/net/wire"
	"tickroom/net/ws"
)

// aim is the command of the tests' game.
type aim struct{ X int8 }

type look struct{}

type rules struct{}

func (rules) Apply(*game.Turn, game.Seat, aim) error { return nil }
func (rules) Step(*game.Turn)                        {}
func (rules) View(game.Seat) look                    { return look{} }

var testGame = game.Define(game.Info{Name: "test", Seats: 2, TickRate: 30},
	func(*game.Turn) rules { return rules{} })

// stage is a server over in-memory pipes, in a bubble of its own time.
type stage struct {
	t      *testing.T
	room   *fakeRoom
	meter  *meter
	server *ws.Server
	http   *http.Server
	pipes  *pipes
}

// play has a story happen twice: over connections that are melody's alone, and
// over such as have a short way past it, with a room that polls.
func play(t *testing.T, cfg ws.Config, story func(t *testing.T, s *stage)) {
	t.Run("melody's way", func(t *testing.T) { playOver(t, cfg, alone, story) })
	t.Run("the short way", func(t *testing.T) { playOver(t, cfg, short, story) })
}

// alone and short are the two kinds of connections.
func alone() (near, far net.Conn) { return net.Pipe() }
func short() (near, far net.Conn) { return directtest.Pipe() }

// playOver sets the stage, and sees to it that the server stops and everything ends.
func playOver(t *testing.T, cfg ws.Config, pipe func() (near, far net.Conn), story func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, room: &fakeRoom{members: map[string]*member{}}, meter: &meter{closed: map[wire.CloseCode]int{}}, pipes: newPipes(pipe)}
		ticking, cancel := context.WithCancel(t.Context())
		defer cancel()
		go s.room.tick(ticking)
		cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
		cfg.Hub = link.NewHub(link.Config{Host: s.room, Meter: s.meter, Log: cfg.Log})
		s.server = ws.New(cfg)
		s.http = &http.Server{Handler: s.server}
		served := make(chan error, 1)
		go func() { served <- s.http.Serve(s.pipes) }()
		story(t, s)
		if err := s.server.Shutdown(t.Context()); err != nil {
			t.Errorf("shutdown: %v; all connections end by themselves", err)
		}
		s.http.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		s.meter.mu.Lock()
		defer s.meter.mu.Unlock()
		if s.meter.open != 0 {
			t.Errorf("%d links are still counted as open", s.meter.open)
		}
	})
}

// connect opens a WebSocket.
func (s *stage) connect() *player {
	s.t.Helper()
	p, response, err := s.dial(nil, wire.Subprotocol)
	if err != nil {
		s.t.Fatalf("connect: %v, %v", err, response)
	}
	return p
}

func (s *stage) dial(header http.Header, subprotocols ...string) (*player, *http.Response, error) {
	p := &player{t: s.t}
	d := websocket.Dialer{
		Subprotocols: subprotocols,
		NetDialContext: func(context.Context, string, string) (net.Conn, error) {
			var err error
			p.net, err = s.pipes.dial()
			return p.net, err
		},
	}
	c, response, err := d.DialContext(s.t.Context(), "ws://play.test/v1/play", header)
	p.ws = c
	return p, response, err
}

// enter connects and joins.
func (s *stage) enter(ticket string) *player {
	s.t.Helper()
	p := s.connect()
	p.enters(ticket)
	return p
}

// returns connects again, as what an older connection was.
func (s *stage) returns(older *player, ticket string, seen, try uint32) *player {
	s.t.Helper()
	p := s.connect()
	p.says(wire.Hello{Ticket: ticket, Client: "test", Link: older.link, Seen: seen, Try: try})
	p.readsLinked(true, "", "the link is known by its name")
	return p
}

// player is one client, byte by byte as the test wants.
type player struct {
	t    *testing.T
	ws   *websocket.Conn
	net  net.Conn
	link string // its name
}

// enters begins a link.
func (p *player) enters(ticket string) {
	p.t.Helper()
	p.link = rand.Text()
	p.says(wire.Hello{Ticket: ticket, Client: "test", Link: p.link, Try: 1})
	p.readsLinked(false, "new", "linked answers hello")
	p.reads(wire.Chat{Text: "welcome"}, "the room tells what counts")
}

func (p *player) readsLinked(resumed bool, why, reason string) {
	p.t.Helper()
	got, err := p.read()
	linked, ok := got.(wire.Linked)
	if err != nil || !ok || linked.Resumed != resumed || linked.Why != why {
		p.t.Fatalf("got %#v, %v; want linked, resumed %t, %q: %s", got, err, resumed, why, reason)
	}
}

func (p *player) says(m wire.Message) {
	p.t.Helper()
	if err := p.send(m); err != nil {
		p.t.Fatalf("send %#v: %v", m, err)
	}
}

func (p *player) send(m wire.Message) error {
	f, err := wire.Encode(m)
	if err != nil {
		return err
	}
	return p.ws.WriteMessage(websocket.BinaryMessage, f)
}

func (p *player) reads(want wire.Message, why string) {
	p.t.Helper()
	got, err := p.read()
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Fatalf("got %#v, %v; want %#v: %s", got, err, want, why)
	}
}

func (p *player) read() (wire.Message, error) {
	_, f, err := p.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	return wire.DecodeServer(f, testGame)
}

// readsEnd reads to the end: Bye, then a close frame with the same code and words.
func (p *player) readsEnd(code wire.CloseCode, why string) {
	p.t.Helper()
	var last wire.Message
	for {
		_, f, err := p.ws.ReadMessage()
		if err == nil {
			if last, err = wire.DecodeServer(f, testGame); err != nil {
				p.t.Fatal(err)
			}
			continue
		}
		bye, ok := last.(wire.Bye)
		if !ok || bye.Code != code {
			p.t.Fatalf("the last message was %#v; want bye with %d: %s", last, code, why)
		}
		p.endedWith(err, int(code), why)
		if e := new(websocket.CloseError); errors.As(err, &e) && e.Text != bye.Text {
			p.t.Errorf("close frame says %q, bye %q; they are one answer", e.Text, bye.Text)
		}
		return
	}
}

func (p *player) endedWith(err error, code int, why string) {
	p.t.Helper()
	if !websocket.IsCloseError(err, code) {
		p.t.Fatalf("ended with %v; want close code %d: %s", err, code, why)
	}
}

// pipes is a listener whose connections are in memory.
type pipes struct {
	waiting chan net.Conn
	pipe    func() (near, far net.Conn)
	closed  chan struct{}
	once    sync.Once
}

func newPipes(pipe func() (near, far net.Conn)) *pipes {
	return &pipes{waiting: make(chan net.Conn), pipe: pipe, closed: make(chan struct{})}
}

func (l *pipes) dial() (net.Conn, error) {
	near, far := l.pipe()
	select {
	case l.waiting <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.waiting:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// fakeRoom lets every ticket in, and closes the older link of the same one.
type fakeRoom struct {
	mu      sync.Mutex
	members map[string]*member
	notes   []string
}

func (r *fakeRoom) Await(context.Context, string) error { return nil }
func (r *fakeRoom) Join(_ context.Context, ticket string, l *link.Link) (link.Member, error) {
	if ticket == "panic" {
		panic("a fault of ours")
	}
	m := &member{room: r, ticket: ticket, link: l}
	r.mu.Lock()
	older := r.members[ticket]
	r.members[ticket] = m
	r.mu.Unlock()
	if older != nil {
		older.link.Close(wire.CloseTakenOver, "You connected from elsewhere.")
	}
	l.Begin(encode(wire.Chat{Text: "welcome"}))
	return m, nil
}

// tick polls all links, as rooms do.
func (r *fakeRoom) tick(ctx context.Context) {
	every := time.NewTicker(tick)
	defer every.Stop()
	for {
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
		r.mu.Lock()
		links := make([]*link.Link, 0, len(r.members))
		for _, m := range r.members {
			links = append(links, m.link)
		}
		r.mu.Unlock()
		for _, l := range links {
			l.Poll()
		}
	}
}

// tick is how often.
const tick = 20 * time.Millisecond

// link is the newest link of a ticket.
func (r *fakeRoom) link(ticket string) *link.Link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.members[ticket].link
}

func (r *fakeRoom) heard(what string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.notes, what)
}

type member struct {
	room   *fakeRoom
	ticket string
	link   *link.Link
}

func (m *member) note(what string) bool {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	m.room.notes = append(m.room.notes, m.ticket+" "+what)
	return true
}

func (m *member) Game() *game.Game                  { return testGame }
func (m *member) Command(_ uint32, c any) bool      { return m.note(fmt.Sprintf("command %+v", c)) }
func (m *member) Input(t game.Tick, _ any) bool     { return m.note(fmt.Sprintf("input %d", t)) }
func (m *member) Say(_ uint32, text string) bool    { return m.note("say " + text) }
func (m *member) Gone()                             { m.note("gone") }
func (m *member) Back()                             { m.note("back") }
func (m *member) Renew()                            { m.note("renew") }
func (m *member) Show(w wire.Show) bool             { return m.note(fmt.Sprintf("show %d", w.Tick)) }
func (m *member) Clock() (game.Tick, time.Duration) { return 42, 0 }

// Leave closes the link as rooms do: later, from another goroutine.
func (m *member) Leave() bool {
	go m.link.Close(wire.CloseLeft, "You left.")
	return true
}

type meter struct {
	mu     sync.Mutex
	open   int
	closed map[wire.CloseCode]int
}

func (m *meter) Opened() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open++
}

func (m *meter) Closed(code wire.CloseCode) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open--
	m.closed[code]++
}

func (m *meter) Received(int) {}
func (m *meter) Sent(int)     {}
func (m *meter) Replaced()    {}
func (m *meter) Desynced()    {}

func (m *meter) count(code wire.CloseCode) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed[code]
}

func encode(m wire.Message) wire.Frame {
	f, err := wire.Encode(m)
	if err != nil {
		panic(err)
	}
	return f
}
