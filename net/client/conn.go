package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// conn is one connection, from Hello on.
type conn struct {
	// Set once.
	carrier   carrier
	transport Transport
	game      *game.Game
	began     time.Time // what pings count from
	linked    wire.Linked
	welcome   *wire.Welcome // nil when the link was resumed

	writing turn // one writer at a time
	pulse   *pulse
	better  chan *conn // has room for one: what the link shall go on over

	// Owned by the goroutine that reads.
	bye     wire.Bye
	moved   string        // where the server said that the room is
	shown   wire.Snapshot // the newest
	checked time.Time
}

func newConn(cfg Config, t Transport) *conn {
	return &conn{
		transport: t, game: cfg.Game, began: time.Now(), checked: time.Now(),
		writing: newTurn(), pulse: newPulse(), better: make(chan *conn, 1),
	}
}

// dial connects, says Hello and waits for the answer.
func dial(ctx context.Context, cfg Config, t Transport, hello wire.Hello) (*conn, error) {
	frame, err := wire.Encode(hello)
	if err != nil {
		return nil, err
	}
	c := newConn(cfg, t)
	if c.carrier, err = open(ctx, cfg, t, frame, c.pulse.beats); err != nil {
		return nil, err
	}
	if err := c.until(ctx, c.greet); err != nil {
		return nil, err
	}
	return c, nil
}

// helloOver says Hello over a connection that is open, and waits for the answer.
func (c *conn) helloOver(ctx context.Context, hello wire.Hello) error {
	return c.until(ctx, func() error {
		if err := c.write(hello); err != nil {
			return err
		}
		return c.greet()
	})
}

// until does what may take as long as the far end likes, or until the context
// ends. If it fails, the connection is closed.
func (c *conn) until(ctx context.Context, do func() error) error {
	stop := context.AfterFunc(ctx, c.close)
	err := do()
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		c.close()
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// greet wants Linked, and Welcome unless the link was resumed.
func (c *conn) greet() error {
	linked, err := first[wire.Linked](c)
	if err != nil || linked.Resumed {
		c.linked = linked
		return err
	}
	welcome, err := first[wire.Welcome](c)
	if err == nil && welcome.Game != c.game.Name {
		err = fmt.Errorf("the room plays %q, not %q", welcome.Game, c.game.Name)
	}
	c.linked, c.welcome = linked, &welcome
	return err
}

// first reads a message that must be the next.
func first[M wire.Message](c *conn) (M, error) {
	var none M
	m, _, err := c.read()
	if err != nil {
		if drop := c.drop(err); drop.Code != 0 {
			return none, &Closed{Code: drop.Code, Text: drop.Text, moved: drop.moved}
		}
		return none, fmt.Errorf("wait for %T: %w", none, err)
	}
	if m, ok := m.(M); ok {
		return m, nil
	}
	return none, fmt.Errorf("the server said %T, not %T", m, none)
}

var errBye = errors.New("the server said bye")

// read waits for the next message. Bye is the last; its words, and where the room
// is, are kept for drop.
func (c *conn) read() (m wire.Message, bytes int, err error) {
	for {
		frame, err := c.carrier.read()
		if err != nil {
			return nil, 0, err
		}
		if m, err = wire.DecodeServer(frame, c.game); err != nil {
			return nil, 0, err
		}
		c.pulse.frames.Add(1)
		switch m := m.(type) {
		case wire.Pong:
			ring(c.pulse.pong)
		case wire.Moved:
			c.moved = m.URL
			continue
		case wire.Bye:
			c.bye = m
			c.carrier.last()
			return nil, 0, errBye
		}
		return m, len(frame), nil
	}
}

// drop is what the end of reading means. Bye has the whole sentence; a connection
// that broke without a word has code 0.
func (c *conn) drop(err error) Drop {
	if c.bye.Code != 0 {
		return Drop{Code: c.bye.Code, Text: c.bye.Text, moved: c.moved}
	}
	if c.pulse.stopped.Load() {
		return Drop{Text: "nothing was heard any more"}
	}
	code, text := closedBy(err)
	return Drop{Code: code, Text: text}
}

func (c *conn) write(m wire.Message) error {
	frame, err := wire.Encode(m)
	if err != nil {
		return err
	}
	c.writing.take()
	defer c.writing.give()
	return c.carrier.write(frame)
}

// tend acknowledges what has arrived every AckAfter, and asks for the time now,
// every PingEvery and when the pulse is felt, until the context ends. That it
// cannot write is found out by read.
func (c *conn) tend(ctx context.Context, seen func() (uint32, bool)) {
	every := time.NewTicker(wire.AckAfter)
	defer every.Stop()
	const pings = int(wire.PingEvery / wire.AckAfter)
	c.ping()
	for n := 1; ; n++ {
		if all, news := seen(); news {
			_ = c.write(wire.Ack{Seen: all})
		}
		select {
		case <-every.C:
			if n%pings == 0 {
				c.ping()
			}
		case <-c.pulse.asked:
			c.ping()
			n--
		case <-ctx.Done():
			return
		}
	}
}

func (c *conn) ping() {
	_ = c.write(wire.Ping{T: uint64(time.Since(c.began).Microseconds()), Pad: padding})
}

// padding makes a ping so long that it is answered at once.
var padding = strings.Repeat(" ", wire.PadBytes)

func (c *conn) close() { c.carrier.close() }

// turn is a lock that is held while a peer may keep us waiting. It is a channel
// and no mutex, so that tests in a bubble of fake time see who waits for it as
// waiting.
type turn chan struct{}

func newTurn() turn  { return make(turn, 1) }
func (t turn) take() { t <- struct{}{} }
func (t turn) give() { <-t }

func (t turn) takeUntil(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
