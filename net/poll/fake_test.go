package poll_test

import (
	"bufio"
	"bytes"
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

	"tickroom/game"
	"tickroom/net/link"
	"tickroom/net/poll"
	"tickroom/net/wire"
)

// aim is the command of the tests' game.
type aim struct{ X int8 }

type look struct{ N int32 }

type rules struct{}

func (rules) Apply(*game.Turn, game.Seat, aim) error { return nil }
func (rules) Step(*game.Turn)                        {}
func (rules) View(game.Seat) look                    { return look{} }

var testGame = game.Define(game.Info{Name: "test", Seats: 2, TickRate: 30},
	func(*game.Turn) rules { return rules{} })

// stage is a server over in-memory pipes, in a bubble of its own time. Its HTTP
// server has shorter times than any stream.
type stage struct {
	*testing.T
	room   *fakeRoom
	meter  *meter
	server *poll.Server
	pipes  *pipes
	http   *http.Client
}

// play sets the stage, and sees to it that the server stops and everything ends.
func play(t *testing.T, cfg poll.Config, story func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, room: &fakeRoom{members: map[string]*member{}}, meter: &meter{closed: map[wire.CloseCode]int{}}, pipes: newPipes()}
		cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
		cfg.Hub = link.NewHub(link.Config{Host: s.room, Meter: s.meter, Log: cfg.Log})
		s.server = poll.New(cfg)
		web := &http.Server{Handler: s.server, ReadTimeout: 3 * time.Second, WriteTimeout: 3 * time.Second, ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug)}
		served := make(chan error, 1)
		go func() { served <- web.Serve(s.pipes) }()
		carrier := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.pipes.dial() }}
		s.http = &http.Client{Transport: carrier}
		defer func() {
			if err := s.server.Shutdown(t.Context()); err != nil {
				t.Errorf("shutdown: %v; all connections end by themselves", err)
			}
			if n := s.server.Conns(); n != 0 {
				t.Errorf("%d connections are not forgotten", n)
			}
			carrier.CloseIdleConnections()
			web.Close()
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
			time.Sleep(time.Second) // net/http lingers over connections that it closes
			s.meter.mu.Lock()
			defer s.meter.mu.Unlock()
			if s.meter.open != 0 {
				t.Errorf("%d connections are still counted as open", s.meter.open)
			}
		}()
		story(s)
	})
}

// post makes a request; nil means that it got no answer.
func (s *stage) post(path string, body []byte, header ...string) *http.Response {
	return s.request("POST", path, bytes.NewReader(body), header...)
}

func (s *stage) request(method, path string, body io.Reader, header ...string) *http.Response {
	r, err := http.NewRequestWithContext(s.Context(), method, "http://play.test/v1/play/"+path, body)
	if err != nil {
		panic(err) // of a test that is wrong
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.http.Do(r)
	if err != nil {
		return nil
	}
	return response
}

// wants a status, and gives the body.
func (s *stage) wants(response *http.Response, status int, why string) []byte {
	s.Helper()
	if response == nil {
		s.Fatalf("no answer, want %d: %s", status, why)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		s.Fatalf("answered %d %q, %v; want %d: %s", response.StatusCode, body, err, status, why)
	}
	return body
}

// player is one client, request by request as the test wants.
type player struct {
	*stage
	link  string
	conn  string // as opened named it
	polls uint32
	says  uint32

	stream *bufio.Reader // nil of who polls
	body   io.Closer
}

func framed(messages ...wire.Message) (body []byte) {
	for _, m := range messages {
		body = wire.AppendFrame(body, encode(m))
	}
	return body
}

func hello(ticket, link string, seen, try uint32) []byte {
	return framed(wire.Hello{Ticket: ticket, Client: "test", Link: link, Seen: seen, Try: try})
}

// streams begins a link over a stream.
func (s *stage) streams(ticket string) *player {
	s.Helper()
	p := &player{stage: s, link: rand.Text()}
	p.opensStream(hello(ticket, p.link, 0, 1))
	p.hears(wire.Linked{Why: "new"}, "linked answers hello")
	p.hears(wire.Chat{Text: "welcome"}, "the room tells what counts")
	return p
}

func (p *player) opensStream(body []byte) {
	p.Helper()
	response := p.post("stream", body)
	if response == nil || response.StatusCode != 200 {
		p.Fatalf("stream: %v, want 200", response)
	}
	p.stream, p.body, p.says = bufio.NewReader(response.Body), response.Body, 0
	opened, ok := p.read().(wire.Opened)
	if !ok || len(opened.Conn) < 20 {
		p.Fatalf("first came %#v, want the name of the connection", opened)
	}
	p.conn = opened.Conn
}

// read is the next message of a stream; nil at its end.
func (p *player) read() wire.Message {
	frame, err := wire.ReadFrame(p.stream, wire.MaxServerFrame)
	if err != nil {
		return nil
	}
	return p.decode(frame)
}

func (s *stage) decode(frame wire.Frame) wire.Message {
	m, err := wire.DecodeServer(frame, testGame)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

func (p *player) hears(want wire.Message, why string) {
	p.Helper()
	if got := p.read(); !same(got, want) {
		p.Fatalf("heard %#v, want %#v: %s", got, want, why)
	}
}

func same(a, b wire.Message) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// hearsEnd reads a stream to its end, which bye must come before.
func (p *player) hearsEnd(code wire.CloseCode, why string) {
	p.Helper()
	var last wire.Message
	for m := p.read(); m != nil; m = p.read() {
		last = m
	}
	if bye, ok := last.(wire.Bye); !ok || bye.Code != code {
		p.Fatalf("the last was %#v; want bye with %d: %s", last, code, why)
	}
}

// polling begins a link by polling.
func (s *stage) polling(ticket string) *player {
	s.Helper()
	p := &player{stage: s, link: rand.Text()}
	p.opensPoll(hello(ticket, p.link, 0, 1), wire.Linked{Why: "new"}, wire.Chat{Text: "welcome"})
	return p
}

func (p *player) opensPoll(body []byte, want ...wire.Message) {
	p.Helper()
	got := p.messages(p.wants(p.post("poll", body), 200, "hello opens a connection"))
	opened, ok := got[0].(wire.Opened)
	if !ok || len(opened.Conn) < 20 || !slices.EqualFunc(got[1:], want, same) {
		p.Fatalf("answered %#v; want opened, then %#v", got, want)
	}
	p.conn, p.polls, p.says = opened.Conn, 0, 0
}

func (s *stage) messages(body []byte) (all []wire.Message) {
	for r := bufio.NewReader(bytes.NewReader(body)); ; {
		frame, err := wire.ReadFrame(r, wire.MaxServerFrame)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			s.Fatal(err)
		}
		all = append(all, s.decode(frame))
	}
}

// asks polls.
func (p *player) asks() *http.Response {
	p.polls++
	return p.post("poll", framed(wire.Post{Conn: p.conn, N: p.polls}))
}

func (p *player) polled(want []wire.Message, why string) {
	p.Helper()
	got := p.messages(p.wants(p.asks(), 200, why))
	if !slices.EqualFunc(got, want, same) {
		p.Fatalf("answered %#v; want %#v: %s", got, want, why)
	}
}

// says sends what it says in one request, and wants it taken.
func (p *player) saying(messages ...wire.Message) {
	p.Helper()
	p.wants(p.tries(messages...), 204, "what was said was taken")
}

func (p *player) tries(messages ...wire.Message) *http.Response {
	p.says++
	return p.post("say", append(framed(wire.Post{Conn: p.conn, N: p.says}), framed(messages...)...))
}

// pipes is a listener whose connections are in memory.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newPipes() *pipes { return &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})} }

func (l *pipes) dial() (net.Conn, error) {
	near, far := net.Pipe()
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
	switch ticket {
	case "panic":
		panic("a fault of ours")
	case "none":
		return nil, link.ErrTicket
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

// link is the newest link of a ticket.
func (r *fakeRoom) link(ticket string) *link.Link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.members[ticket].link
}

func (r *fakeRoom) heard(what string) bool { return slices.Contains(r.all(), what) }

func (r *fakeRoom) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.notes)
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
func (m *member) Clock() (game.Tick, time.Duration) { return 42, 0 }
func (m *member) Show(wire.Show) bool               { return true }

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
