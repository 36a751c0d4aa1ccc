// Package client plays in a room from Go: for bots, load tests and stories of
// the whole server, and as a client to read before writing one in another
// language.
//
// A [Client] owns one goroutine that connects, listens and comes back after a
// lost connection, and while connected one that pings and acknowledges, and one
// that feels whether the connection lives. What it hears it gives to Config.Hear, in order and once, from
// that one goroutine. It keeps what it asked until it is answered, and no state
// of the match: that is for who hears.
//
// Read conn.go for one connection, transport.go for what carries it, asked.go for
// what must arrive, pulse.go for when a connection is dead, retry.go for when to
// come back, and place.go for where.
//
// # Decisions that look like mistakes and are not
//
//   - Errors of writing are dropped. Whoever reads finds out that the connection
//     is lost, with the server's reason; what was written is kept and sent again.
//   - What did not arrive is sent again before anything is read from the new
//     connection: who asks meanwhile waits, so that all is sent in order.
//   - When the server has forgotten the link, all that was asked is lost if any of
//     it was sent: the rest was to follow it. If nothing was, nothing is lost.
//   - A message counts as seen before Config.Hear has returned: who hears it is in
//     this process, and does not outlive what it was told.
package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Config is what a Client is made with.
type Config struct {
	URL       string // "ws://127.0.0.1:8080/v1/play?room=...", for every transport
	Ticket    string
	Game      *game.Game // what is played: its types decode what is heard
	Name      string     // of the software, for the server's log; "" is "go"
	Transport Transport  // 0 is WebSocket

	// Hear gets every message, Welcome first. After coming back it goes on where
	// it was; if the server could not keep that, Welcome comes again, and all that
	// counts after it. It is called from one goroutine; while it does not return,
	// nothing is read. What it gets is to be read, not changed: views are compared
	// with what was sent, and a wire.Desync is one that was another.
	// It must not wait for Command, Say, Leave or Close. nil hears nothing.
	Hear func(wire.Message)
	// Dropped is told that the connection was lost and when the next try
	// begins. It is called as Hear is. nil is not told.
	Dropped func(Drop)

	// Dial opens the connection below; nil dials TCP. Header is sent with the
	// requests that connect. Chance is for the pauses between tries, 0 to below 1;
	// nil is the runtime's.
	Dial   func(ctx context.Context, network, addr string) (net.Conn, error)
	Header http.Header
	Chance func() float64
}

// Drop is a connection that was lost, or a try to come back that failed.
type Drop struct {
	Code wire.CloseCode // 0 when the network failed
	Text string
	Wait time.Duration // until the next try

	moved string // where the server said that the room is
}

// Closed is why a Client has ended when the server closed for good.
type Closed struct {
	Code wire.CloseCode // or a code of WebSocket's own, such as 1009
	Text string

	moved string // where the server said that the room is
}

func (e *Closed) Error() string { return fmt.Sprintf("closed with %d: %s", e.Code, e.Text) }

// Why a client has ended, or a question was not answered.
var (
	ErrClosed  = errors.New("the client was closed")
	ErrLost    = errors.New("the conversation was lost before the answer")
	ErrAway    = errors.New("not connected now")
	ErrTooLate = errors.New("the server could not be reached while the seat was kept")
)

// Client is one member of a room. Its methods may be called from any goroutine.
type Client struct {
	// Set once.
	cfg    Config
	link   string // the conversation's name
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when run has returned
	wake   chan struct{} // has room for one: find out where we stand

	// Owned by Join, then by run.
	rung  Transport // where Auto begins
	place place

	// sending is held while a message is numbered and written; taken before mu.
	sending turn

	// Guarded by mu.
	mu      sync.Mutex
	conn    *conn     // nil while away
	try     uint32    // connections of the link
	seen    uint32    // messages that must arrive, of the server's, that have
	acked   uint32    // of them, told
	unacked int       // bytes of those not told
	viewed  game.Tick // of the newest snapshot
	n       uint32    // our last message that must arrive, sent
	asked   []asked
	welcome wire.Welcome
	clock   clock
	ended   bool
	err     error
}

// Join connects and returns when the room has said Welcome. The context is for
// that alone. A refusal of the server is a *Closed.
func Join(ctx context.Context, cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	c := &Client{
		cfg: cfg, link: rand.Text(), done: make(chan struct{}), wake: make(chan struct{}, 1),
		place: newPlace(cfg.URL), sending: newTurn(),
	}
	conn, err := c.dial(ctx, joinWithin)
	for c.moved(err) {
		conn, err = c.dial(ctx, joinWithin)
	}
	if err != nil {
		return nil, err
	}
	alive, cancel := context.WithCancelCause(context.Background())
	c.cancel = cancel
	c.here(conn)
	go c.run(alive, conn)
	return c, nil
}

// Command does a command of the game and waits for the answer: nil when it was
// done, a *game.Refusal when it was refused and changed nothing. It is done once,
// however often the connection is lost on the way; while away it waits. ErrLost,
// when the server has forgotten the conversation or the client has ended, means
// that nobody knows. ErrFull and ErrUnsent: it was not done. After the context's
// error alone it may still be.
func (c *Client) Command(ctx context.Context, data any) error {
	return c.ask(ctx, func(n uint32) wire.Message { return wire.Command{N: n, Data: data} })
}

// Say says a line of chat; as Command.
func (c *Client) Say(ctx context.Context, text string) error {
	return c.ask(ctx, func(n uint32) wire.Message { return wire.Say{N: n, Text: text} })
}

// Input gives the state of the controls from tick t on. It is not answered, and
// while away it is nothing: a newer one follows.
func (c *Client) Input(t game.Tick, data any) error {
	return c.tell(wire.Input{Tick: t, Data: data})
}

// Leave gives the seat up for good, after what was asked, and waits until the
// server has closed.
func (c *Client) Leave(ctx context.Context) error {
	leave := asked{
		message: func(n uint32) wire.Message { return wire.Leave{N: n} },
		answer:  make(chan wire.Reply, 1), // never answered: the server closes
		last:    true,
	}
	if err := c.post(ctx, leave); err != nil {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends the connection without giving up the seat, and waits for the
// client's goroutines.
func (c *Client) Close() {
	c.cancel(ErrClosed)
	<-c.done
}

// Wake finds out at once where we stand, as a page does when it becomes visible or
// the network returns: away, it connects now; connected, it asks whether the
// server is still there, and comes back if no answer is soon to be heard.
func (c *Client) Wake() { ring(c.wake) }

// Done is closed when the client has ended: by Close, or because the server
// closed for good, or could not be reached while the seat was kept.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err is why the client has ended; nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Welcome is what the room said when this client last came.
func (c *Client) Welcome() wire.Welcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome
}

// Tick estimates the room's tick now, and RTT how long an answer takes; both
// from pings. Before the first Pong the tick is Welcome's.
func (c *Client) Tick() game.Tick {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.tick(time.Now())
}

// RTT is the shortest of the last round trips; 0 before the first.
func (c *Client) RTT() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.rtt()
}

func (c *Client) tell(m wire.Message) error {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn == nil {
		return ErrAway
	}
	return conn.write(m)
}

func (cfg Config) withDefaults() Config {
	if cfg.Name == "" {
		cfg.Name = "go"
	}
	if cfg.Hear == nil {
		cfg.Hear = func(wire.Message) {}
	}
	if cfg.Dropped == nil {
		cfg.Dropped = func(Drop) {}
	}
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	if cfg.Chance == nil {
		cfg.Chance = mathrand.Float64
	}
	return cfg
}
