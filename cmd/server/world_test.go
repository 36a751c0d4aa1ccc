package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/net/client"
	"tickroom/net/wire"
	"tickroom/store/storetest"
)

// world is a whole server in a bubble with a time of its own: real HTTP, real
// WebSockets and all layers, over pipes in memory and a store in memory. An
// hour in it takes milliseconds and is exact.
type world struct {
	*testing.T
	*process
	games  game.Catalog
	memory *storetest.Memory
	http   *http.Client
	doors  chan net.Conn
	down   atomic.Bool                                    // the store is
	shaky  atomic.Bool                                    // of four calls of the store one fails
	before func(ctx context.Context, method string) error // of processes to come: of calls of the store, ahead of them
	after  func(ctx context.Context, method string) error // and when they are done
	route  func(addr string, c *cable) (net.Conn, error)  // where there are several servers; nil is one
	guests []*plays
	past   []*process

	// Guarded by mu.
	mu    sync.Mutex
	lines []*cable // all there are
}

// process is one life of the server.
type process struct {
	server *server
	store  *storetest.Failing
	hall   *hall
	ended  chan error
	end    context.CancelFunc
	dead   atomic.Bool
}

// within plays a story in a new world with these games.
func within(t *testing.T, games game.Catalog, story func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, games: games, memory: storetest.NewMemory(), doors: make(chan net.Conn)}
		w.http = &http.Client{Transport: &http.Transport{
			DialContext:       func(_ context.Context, _, addr string) (net.Conn, error) { return w.dialTo(addr, new(cable)) },
			DisableKeepAlives: true,
		}}
		w.starts()
		defer w.buries()
		defer w.stop()
		defer func() {
			for _, s := range w.guests {
				s.Close()
			}
		}()
		story(w)
	})
}

// starts starts a server over the world's store.
func (w *world) starts() { w.startsAs("one") }

func (w *world) startsAs(name string) {
	w.Helper()
	p := &process{hall: newHall(w.doors), ended: make(chan error, 1)}
	before := w.before
	p.store = &storetest.Failing{Store: w.memory, Before: func(ctx context.Context, method string) error {
		if w.down.Load() || p.dead.Load() || w.shaky.Load() && rand.IntN(4) == 0 {
			return errors.New("the database is away")
		}
		if before != nil {
			return before(ctx, method)
		}
		return nil
	}, After: w.after}
	cfg, err := parseConfig([]string{"-name", name}, func(string) string { return "" }, io.Discard)
	if err != nil {
		w.Fatal(err)
	}
	p.server, err = newServer(w.Context(), cfg, parts{
		games: w.games, store: p.store, page: http.NotFoundHandler(),
		log: slog.New(slog.NewTextHandler(w.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.Context())
	p.end = cancel
	w.process = p
	go func() { p.ended <- p.server.serveOn(ctx, p.hall, cfg.stopWithin) }()
}

// plainAddress is what players know of the server, or of all.
const plainAddress = "tickroom"

// stop stops the server in order, once.
func (w *world) stop() {
	w.end()
	if w.ended == nil {
		return
	}
	if err := <-w.ended; err != nil && !errors.Is(err, net.ErrClosed) {
		w.Errorf("the server stopped with %v", err)
	}
	w.ended = nil
}

// dies is kill -9: from this moment on the process reaches nobody and nothing.
// What is left of it in this test goes on, in a world of its own.
func (w *world) dies() {
	w.dead.Store(true)
	w.hall.leave()
	w.mu.Lock()
	for _, c := range w.lines {
		c.cut()
	}
	w.mu.Unlock()
	w.past = append(w.past, w.process)
	w.end()
}

// isReplaced has another process start while this one lives.
func (w *world) isReplaced(name string) (older *process) {
	older = w.process
	w.startsAs(name)
	return older
}

// buries waits for what is left of those that died.
func (w *world) buries() {
	for _, p := range w.past {
		<-p.ended
	}
}

// pass lets so much time pass, and what it sets going come to rest.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// hall is the listener of a world.
type hall struct {
	doors  chan net.Conn
	closed chan struct{}
	leave  func()
}

func newHall(doors chan net.Conn) *hall {
	h := &hall{doors: doors, closed: make(chan struct{})}
	h.leave = sync.OnceFunc(func() { close(h.closed) })
	return h
}

func (h *hall) Accept() (net.Conn, error) {
	select {
	case c := <-h.doors:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}
func (h *hall) Addr() net.Addr { return address{} }
func (h *hall) Close() error {
	h.leave()
	return nil
}

type address struct{}

func (address) Network() string { return "pipe" }
func (address) String() string  { return "127.0.0.1:1" }

// dial opens a connection to what players know, over a cable.
func (w *world) dial(c *cable) (net.Conn, error) { return w.dialTo(plainAddress+":80", c) }

// dialTo opens a connection to an address.
func (w *world) dialTo(addr string, c *cable) (net.Conn, error) {
	if w.route != nil {
		return w.route(addr, c)
	}
	near, far := net.Pipe()
	dead := c.carry(near, far)
	w.plug(c)
	near, far = &end{Conn: near, dead: dead}, &end{Conn: far, dead: dead}
	select {
	case w.doors <- far:
		return near, nil
	case <-time.After(time.Second):
		return nil, errors.New("nobody listens")
	}
}

func (w *world) plug(c *cable) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.lines, c) {
		w.lines = append(w.lines, c)
	}
}

// cable carries the connections of one player. Pulled, it swallows what is
// sent, tells nobody, and no connection of that time is ever heard of again:
// a stream that lost bytes does not go on. Cut, every connection fails at once.
type cable struct {
	mu     sync.Mutex
	pulled bool
	pairs  []pair
}

type pair struct {
	near, far net.Conn
	dead      *atomic.Bool
}

func (c *cable) carry(near, far net.Conn) (dead *atomic.Bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	dead = new(atomic.Bool)
	dead.Store(c.pulled)
	c.pairs = append(c.pairs, pair{near, far, dead})
	return dead
}

func (c *cable) pull(out bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulled = out
	for _, p := range c.pairs {
		p.dead.Store(p.dead.Load() || out)
	}
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pairs {
		p.near.Close()
		p.far.Close()
	}
	c.pairs = nil
}

// end is one end of a connection. It has an address, as real ones do.
type end struct {
	net.Conn
	dead *atomic.Bool
}

func (e *end) RemoteAddr() net.Addr { return address{} }

// Close of a dead connection is not told to the other side.
func (e *end) Close() error {
	if e.dead.Load() {
		return e.SetDeadline(time.Unix(0, 0))
	}
	return e.Conn.Close()
}

func (e *end) Write(b []byte) (int, error) {
	if e.dead.Load() {
		return len(b), nil
	}
	return e.Conn.Write(b)
}

// player is somebody with a token and a cable of their own.
type player struct {
	*world
	name, id, token string
	via             string // the server that their calls come in at; "" is any
	cable           cable
}

// arrives makes a guest.
func (w *world) arrives(name string) *player {
	w.Helper()
	p := &player{world: w, name: name}
	var guest struct {
		Player struct{ ID string }
		Token  string
	}
	p.call("POST", "/v1/players", map[string]string{"name": name}, 201, &guest)
	p.id, p.token = guest.Player.ID, guest.Token
	return p
}

// call makes a call of the API and wants a status.
func (p *player) call(method, path string, body any, status int, into any) {
	p.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.Context(), method, "http://"+cmp.Or(p.via, plainAddress)+path, bytes.NewReader(b))
	if err != nil {
		p.Fatal(err)
	}
	req.Host = plainAddress
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		p.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		p.Fatalf("%s %s: %d %s %v, want %d", method, path, resp.StatusCode, answer, err, status)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			p.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

type ticket struct {
	Ticket, URL, Room string
	Seat              int
}

// sits takes a seat in any room of a game.
func (p *player) sits(g *game.Game, options map[string]int) ticket {
	p.Helper()
	var t ticket
	p.call("POST", "/v1/games/"+g.Name+"/seats", map[string]any{"options": options}, 201, &t)
	return t
}

// plays is a player in a room: their client and what it heard.
type plays struct {
	*player
	*client.Client
	game   *game.Game
	ticket ticket

	deaf gate // shut, the client reads nothing

	// Guarded by mu.
	mu    sync.Mutex
	heard []heard
	drops []client.Drop
}

// gate is a lock that whoever waits for it in a bubble is idle at, so that time
// goes on: a mutex would stop it.
type gate struct{ locked chan struct{} }

func (g *gate) Lock()   { g.locked <- struct{}{} }
func (g *gate) Unlock() { <-g.locked }

type heard struct {
	wire.Message
	at time.Time
}

// joins connects to the room of a ticket.
func (p *player) joins(g *game.Game, t ticket) *plays {
	p.Helper()
	s := &plays{player: p, game: g, ticket: t, deaf: gate{make(chan struct{}, 1)}}
	var err error
	s.Client, err = client.Join(p.Context(), s.config())
	if err != nil {
		p.Fatalf("%s joins: %v", p.name, err)
	}
	p.guests = append(p.guests, s)
	return s
}

func (s *plays) config() client.Config {
	return client.Config{
		URL: s.ticket.URL, Ticket: s.ticket.Ticket, Game: s.game,
		Hear: func(m wire.Message) {
			s.deaf.Lock()
			defer s.deaf.Unlock()
			s.mu.Lock()
			defer s.mu.Unlock()
			s.heard = append(s.heard, heard{m, time.Now()})
		},
		Dropped: func(d client.Drop) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.drops = append(s.drops, d)
		},
		Dial:   func(_ context.Context, _, addr string) (net.Conn, error) { return s.dialTo(addr, &s.cable) },
		Chance: func() float64 { return 0.5 },
	}
}

// comes sits down and joins.
func (p *player) comes(g *game.Game, options map[string]int) *plays {
	p.Helper()
	return p.joins(g, p.sits(g, options))
}

// all is what of one kind a player heard, and when.
func all[M wire.Message](s *plays) (ms []M, at []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.heard {
		if m, ok := h.Message.(M); ok {
			ms, at = append(ms, m), append(at, h.at)
		}
	}
	return ms, at
}

// last is the newest of one kind; there must be one, for the reason given.
func last[M wire.Message](s *plays, why string) (M, time.Time) {
	s.Helper()
	ms, at := all[M](s)
	if len(ms) == 0 {
		var none M
		s.Fatalf("%s never heard %T: %s", s.name, none, why)
	}
	return ms[len(ms)-1], at[len(at)-1]
}

// never wants nothing of one kind.
func never[M wire.Message](s *plays, why string) {
	s.Helper()
	if ms, _ := all[M](s); len(ms) > 0 {
		s.Errorf("%s heard %v: %s", s.name, ms, why)
	}
}

// sees wants the newest state of a seat, as this player was told it, and gives
// when that was.
func (s *plays) sees(seat game.Seat, want game.SeatState, why string) (at time.Time) {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	state, told := game.Open, false
	for _, h := range s.heard {
		for _, m := range membersIn(h.Message) {
			if m.Seat == seat {
				state, at, told = m.State, h.at, true
			}
		}
	}
	if !told || state != want {
		s.Errorf("%s sees seat %d %v (told: %v), want %v: %s", s.name, seat, state, told, want, why)
	}
	return at
}

func membersIn(m wire.Message) []wire.Member {
	switch m := m.(type) {
	case wire.Welcome:
		return m.Members
	case wire.Member:
		return []wire.Member{m}
	}
	return nil
}

// dropped is what the client was told each time it lost its connection.
func (s *plays) dropped() []client.Drop {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.drops)
}

// closedWith wants the client to have ended with a close code.
func (s *plays) closedWith(want wire.CloseCode, why string) {
	s.Helper()
	select {
	case <-s.Done():
	default:
		s.Fatalf("%s is still connected, want closed with %d: %s", s.name, want, why)
	}
	closed, ok := errors.AsType[*client.Closed](s.Err())
	if !ok || closed.Code != want {
		s.Errorf("%s ended with %v, want %d: %s", s.name, s.Err(), want, why)
	}
}

// around wants a time within a tick of another.
func (w *world) around(got, want, within time.Duration, why string) {
	w.Helper()
	if got < want || got > want+within {
		w.Errorf("after %v, want %v to %v: %s", got, want, want+within, why)
	}
}

// storeIsDown makes every call to the store fail, or work again.
func (w *world) storeIsDown(down bool) {
	w.down.Store(down)
}

func (p *player) ready(status int) (r readiness) {
	p.Helper()
	p.call("GET", "/readyz", nil, status, &r)
	return r
}
