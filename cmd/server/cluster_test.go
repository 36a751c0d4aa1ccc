package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/store/storetest"
)

// cluster is several servers of one database, behind one address: what comes in
// there goes to one after the other of those that live.
type cluster struct {
	*world
	nodes  map[string]*node
	order  []*node
	next   int  // whose turn it is at the one address; guarded by the world's mu
	public bool // of servers to come: players reach each alone

	ways map[*cable][]string // where players connected; guarded by the world's mu

	failing atomic.Pointer[string] // a method of the store that fails
}

// node is a server, and what may happen to it.
type node struct {
	*process
	name  string
	doors chan net.Conn
	line  cable // all its connections

	away   atomic.Bool   // it does not reach the database
	frozen atomic.Bool   // it does nothing
	thawed chan struct{} // closed when it does again
	since  atomic.Int64  // when something befell it, which the one address notices in a while; 0 is never
	writes atomic.Int64  // calls that changed what the database has, and went well
}

// among plays a story among servers of these names.
func among(t *testing.T, games game.Catalog, names string, story func(*cluster), change ...func(*cluster)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cluster{world: &world{T: t, games: games, memory: storetest.NewMemory()}, nodes: map[string]*node{}, ways: map[*cable][]string{}}
		c.world.route = c.dial
		c.http = &http.Client{Transport: &http.Transport{
			DialContext:       func(_ context.Context, _, addr string) (net.Conn, error) { return c.dial(addr, new(cable)) },
			DisableKeepAlives: true,
		}}
		for _, do := range change {
			do(c)
		}
		for name := range strings.FieldsSeq(names) {
			c.begins(name)
		}
		defer c.endsAll()
		defer func() {
			for _, s := range c.guests {
				s.Close()
			}
		}()
		c.pass(2 * time.Second) // they know each other
		story(c)
	})
}

// begins starts a server.
func (c *cluster) begins(name string) *node {
	c.Helper()
	n := &node{name: name, doors: make(chan net.Conn), thawed: make(chan struct{})}
	n.process = &process{hall: newHall(n.doors), ended: make(chan error, 1)}
	n.store = &storetest.Failing{Store: c.memory, Before: n.reaches(c), After: func(_ context.Context, method string) error {
		switch method {
		case "Write", "Finish", "Show", "Report":
			n.writes.Add(1)
		}
		return nil
	}}
	args := []string{"-name", name, "-address", "http://" + name}
	if c.public {
		args = append(args, "-public", "http://"+name)
	}
	cfg, err := parseConfig(args, func(string) string { return "" }, io.Discard)
	if err != nil {
		c.Fatal(err)
	}
	n.server, err = newServer(c.Context(), cfg, parts{
		games: c.games, store: n.store, page: http.NotFoundHandler(),
		log:  slog.New(slog.NewTextHandler(c.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})).With("at", name),
		dial: func(_ context.Context, _, addr string) (net.Conn, error) { return c.connect(addr, &n.line) },
	})
	if err != nil {
		c.Fatal(err)
	}
	ctx, cancel := context.WithCancel(c.Context())
	n.end = cancel
	c.mu.Lock()
	c.nodes[name] = n
	c.order = append(c.order, n)
	c.mu.Unlock()
	go func() { n.ended <- n.server.serveOn(ctx, n.hall, cfg.stopWithin) }()
	return n
}

// reaches is what is before every call of the database.
func (n *node) reaches(c *cluster) func(context.Context, string) error {
	return func(_ context.Context, method string) error {
		if n.frozen.Load() {
			<-n.thawed
		}
		fails := c.failing.Load()
		if n.dead.Load() || n.away.Load() || c.down.Load() || c.shaky.Load() && rand.IntN(4) == 0 || fails != nil && *fails == method {
			return errors.New("the database is away")
		}
		return nil
	}
}

// befalls notes that something did.
func (n *node) befalls() { n.since.Store(time.Now().UnixNano()) }

// dies is kill -9.
func (n *node) dies() {
	n.befalls()
	n.dead.Store(true)
	n.hall.leave()
	n.line.cut()
	n.end()
}

// freezes is SIGSTOP: it does nothing, and what is sent to it waits. What it would
// have done in this test it does in a world of its own.
func (n *node) freezes() {
	n.befalls()
	n.frozen.Store(true)
	n.line.pull(true)
}

// thaws is SIGCONT.
func (n *node) thaws() {
	n.frozen.Store(false)
	n.line.pull(false)
	close(n.thawed)
}

// isCutOff leaves it everything but the database.
func (n *node) isCutOff() {
	n.befalls()
	n.away.Store(true)
}

// stops stops it in order.
func (n *node) stops() error {
	n.befalls()
	n.end()
	err := <-n.ended
	n.ended <- err // for who asks again
	return err
}

// hasEnded wants that it stopped by itself, for this reason.
func (n *node) hasEnded(c *cluster, reason, why string) {
	c.Helper()
	select {
	case err := <-n.ended:
		n.ended <- err
		if err == nil || !strings.Contains(err.Error(), reason) {
			c.Errorf("%s ended with %v, want %q: %s", n.name, err, reason, why)
		}
	default:
		c.Errorf("%s goes on: %s", n.name, why)
	}
}

// endsAll stops what is left.
func (c *cluster) endsAll() {
	for _, n := range c.order {
		if n.frozen.Load() {
			n.thaws()
		}
		n.end()
	}
	for _, n := range c.order {
		<-n.ended
	}
	c.http.CloseIdleConnections()
}

// noticed is how long it takes the one address to notice that a server is not well.
const noticed = 2 * time.Second

// dial opens a connection of a player's.
func (c *cluster) dial(addr string, line *cable) (net.Conn, error) {
	if strings.HasPrefix(addr, plainAddress+":") {
		n := c.anyServer()
		if n == nil {
			return nil, errors.New("nobody is well")
		}
		addr = n.name + ":80"
	}
	c.mu.Lock()
	c.ways[line] = append(c.ways[line], addr)
	c.mu.Unlock()
	return c.connect(addr, line)
}

// anyServer is whose turn it is.
func (c *cluster) anyServer() *node {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range c.order {
		n := c.order[c.next%len(c.order)]
		c.next++
		if since := n.since.Load(); since == 0 || time.Since(time.Unix(0, since)) < noticed && !n.dead.Load() {
			return n
		}
	}
	return nil
}

// connect opens a connection to a server, over the cables of who calls.
func (c *cluster) connect(addr string, lines ...*cable) (net.Conn, error) {
	name, _, _ := strings.Cut(addr, ":")
	c.mu.Lock()
	n := c.nodes[name]
	c.mu.Unlock()
	if n == nil {
		return nil, errors.New("there is no " + name)
	}
	near, far := net.Pipe()
	for _, line := range append(lines, &n.line) {
		dead := line.carry(near, far)
		near, far = &end{Conn: near, dead: dead}, &end{Conn: far, dead: dead}
	}
	select {
	case n.doors <- far:
		return near, nil
	case <-n.hall.closed:
		return nil, errors.New(name + " does not listen")
	}
}

// at has a player's calls come in at a server.
func (p *player) at(name string) *player {
	p.via = name
	return p
}

// serverOf is the server that has a room.
func (c *cluster) serverOf(id string) string {
	c.Helper()
	for _, n := range c.order {
		if n.dead.Load() {
			continue
		}
		for r := range n.server.lobby.Rooms() {
			if r.Status().ID == id {
				return n.name
			}
		}
	}
	return ""
}
