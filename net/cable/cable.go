// Package cable is a bad network between a client and a server, in our hands: a
// TCP proxy that delays, cuts, refuses, swallows, and can be plugged in again
// while it runs. It is for tests, benchmarks and measuring; no server needs it.
//
//	client ----near---- cable ----far---- server
//	            up -->         --> up
//	            <-- down       <-- down
//
// A [Cable] owns its connections and their goroutines: one that accepts, and
// four for each connection, two a way, one that reads and one that delivers.
// Close waits for all of them. It understands nothing of what it carries.
//
//   - [Cable.Set]: delay, jitter and bandwidth. What is sent keeps its order.
//   - [Cable.Cut]: every connection is reset, now. [Cable.CutAfter]: in the
//     middle of what is being said.
//   - [Cable.Refuse]: who connects is reset at once.
//   - [Cable.Pull]: what is sent is accepted and never delivered, and nobody is
//     told. Both ways it is a black hole, one way a half-open connection.
//   - [Cable.Plug]: all is well again, for new connections.
//
// Chance, where there is any, comes from the seed given to [New].
//
// # Decisions that look like mistakes and are not
//
//   - A connection that was pulled is never heard of again, also when the cable
//     is plugged in: a stream that lost bytes does not go on, and routers that
//     were away have forgotten whose it was. Nor is its end told to the other
//     side.
//   - Who connects while the cable is pulled gets an open connection that stays
//     silent, not one that does not open: the kernel opens it, for us. A client
//     must find out about both, and the silent one is the harder.
//   - Who is refused is let in and reset. A closed port would be given to
//     somebody else on this machine before it is ours again.
//   - What a client says first waits for a round trip more than the rest. The
//     kernel's handshake with us takes no time; that of a network this long would.
package cable

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Way is a direction, or both.
type Way uint8

const (
	Up   Way = 1 << iota // from the client to the server
	Down                 // from the server to the client
	Both = Up | Down
)

// Cable is a network with one server at its end. Its methods may be called from
// any goroutine.
type Cable struct {
	// Set once.
	to       string
	listener *net.TCPListener
	alive    context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup

	// Guarded by mu.
	mu       sync.Mutex
	dice     *rand.Rand
	line     Line
	free     map[Way]time.Time // when the last byte sent that way has left
	conns    map[*conn]struct{}
	refusing bool
	refused  int
	pulled   Way
	doom     doom
	closed   bool
}

// doom is a cut that is to come.
type doom struct {
	way  Way
	left int // bytes until then
	done chan struct{}
}

// New lays a cable to a server's address. It is a good one until told otherwise.
func New(to string, seed uint64) (*Cable, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("cable: %w", err)
	}
	c := &Cable{
		to: to, listener: listener, dice: rand.New(rand.NewPCG(seed, 0)),
		free: map[Way]time.Time{}, conns: map[*conn]struct{}{},
	}
	c.alive, c.cancel = context.WithCancel(context.Background())
	c.running.Go(c.accept)
	return c, nil
}

// Addr is where the client connects to: host and port.
func (c *Cable) Addr() string { return c.listener.Addr().String() }

// Set makes the cable as long and as wide as a line. What is under way arrives
// when it would have.
func (c *Cable) Set(l Line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line = l
}

// Cut resets every connection, at both ends. New ones are let in.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut()
}

func (c *Cable) cut() {
	for o := range c.conns {
		o.reset()
	}
}

// CutAfter cuts when n more bytes have been delivered that way, over whichever
// connection: n are, and not one more. The channel is closed then. Another
// CutAfter or Plug calls it off.
func (c *Cable) CutAfter(n int, w Way) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doom = doom{way: w, left: n, done: make(chan struct{})}
	return c.doom.done
}

// Refuse resets who connects from now on. Connections that are there go on.
func (c *Cable) Refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusing = true
}

// Refused is how many have been.
func (c *Cable) Refused() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// Pull swallows what is sent that way, over every connection there is and every
// new one. None of them is ever heard of again that way.
func (c *Cable) Pull(w Way) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulled |= w
	for o := range c.conns {
		o.dead |= w
	}
}

// Plug ends what Refuse, Pull and CutAfter began. The line is what Set made it.
func (c *Cable) Plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusing, c.pulled, c.doom = false, 0, doom{}
}

// Close cuts, lets nobody in any more, and waits until nothing is left.
func (c *Cable) Close() {
	c.mu.Lock()
	c.closed = true
	c.cut()
	c.mu.Unlock()
	c.cancel()
	c.listener.Close()
	c.running.Wait()
}

// accept lets in, until the listener is closed.
func (c *Cable) accept() {
	for {
		near, err := c.listener.AcceptTCP()
		if err != nil {
			return
		}
		if c.refuses() {
			reset(near)
			continue
		}
		c.running.Go(func() { c.carry(near) })
	}
}

func (c *Cable) refuses() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refusing {
		c.refused++
	}
	return c.refusing
}

// carry connects to the server and carries one connection to its end. It is one
// from here on: what is done to the cable meanwhile is done to it.
func (c *Cable) carry(near *net.TCPConn) {
	o := newConn(c, near)
	if !c.admit(o) {
		return
	}
	defer c.dismiss(o)
	far, err := new(net.Dialer).DialContext(c.alive, "tcp", c.to)
	if err != nil { // nobody is there, and the client finds out
		reset(near)
		return
	}
	if o.reaches(far.(*net.TCPConn)) {
		o.run()
	}
}

func (c *Cable) admit(o *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		o.reset()
		return false
	}
	o.dead = c.pulled
	o.up.last = time.Now().Add(3 * c.line.Delay) // of the handshake two, and its own way
	c.conns[o] = struct{}{}
	return true
}

func (c *Cable) dismiss(o *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, o)
}
