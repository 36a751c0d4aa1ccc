package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tickroom/net/wire"
)

// Auto goes down from one transport to the next where one does not work, stays
// with what worked, and looks for the way up again, as PROTOCOL.md has it:
//
//	WebSocket --refused, or silent--> stream --silent--> poll
//	    ^                               |                 |
//	    +-- a ping was answered over a WebSocket beside --+
const (
	// silentAfter is how long a transport may take to bring the answer to hello,
	// with others to try.
	silentAfter = 3 * time.Second
	// climbFirst is when the way up is looked for first, climbMax how long from
	// one time to the next in the end: it costs the server a connection.
	climbFirst = 5 * time.Second
	climbMax   = time.Minute
)

// dial connects over the transport that was chosen, or over the first that
// works, each within a time.
func (c *Client) dial(ctx context.Context, within time.Duration) (*conn, error) {
	if c.cfg.Transport != Auto {
		return c.dialBy(ctx, c.cfg.Transport, within)
	}
	var failed error
	for _, t := range []Transport{c.rung, (c.rung + 1) % Auto, (c.rung + 2) % Auto} {
		conn, err := c.dialBy(ctx, t, min(within, silentAfter))
		if err == nil {
			c.rung = t
			return conn, nil
		}
		if _, closed := errors.AsType[*Closed](err); closed || ctx.Err() != nil {
			return nil, err // it came through, or nobody waits any more
		}
		failed = errors.Join(failed, fmt.Errorf("%v: %w", t, err))
	}
	return nil, failed
}

var errSlow = errors.New("no answer in time")

func (c *Client) dialBy(ctx context.Context, t Transport, within time.Duration) (*conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, within, errSlow)
	defer cancel()
	return dial(ctx, c.there(), t, c.hello())
}

// climb looks for the way up from time to time, until it has found it or the
// context ends. What it finds is for goUp.
func (c *conn) climb(ctx context.Context, cfg Config) {
	for wait := climbFirst; ; wait = min(2*wait, climbMax) {
		pause := time.NewTimer(wait)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return
		}
		better, err := openAndPing(ctx, cfg)
		if err == nil {
			c.better <- better
			ring(c.pulse.asked) // the answer has who reads look up
			return
		}
	}
}

// openAndPing opens a WebSocket and sees that frames pass, both ways. It has not
// said Hello.
func openAndPing(ctx context.Context, cfg Config) (*conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, silentAfter, errSlow)
	defer cancel()
	c := newConn(cfg, WebSocket)
	s, err := openSocket(ctx, cfg, c.pulse.beats)
	if err != nil {
		return nil, err
	}
	c.carrier = s
	if err := c.until(ctx, c.pings); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *conn) pings() error {
	if err := c.write(wire.Ping{Pad: padding}); err != nil {
		return err
	}
	_, err := first[wire.Pong](c)
	return err
}

// goUp says hello over the better connection that was found beside one, if there
// is one. The older is still open, so that nobody sees us go; nothing of it is
// read any more, since the server begins again with what was not seen.
func (c *Client) goUp(ctx context.Context, older *conn) *conn {
	select {
	case better := <-older.better:
		ctx, cancel := context.WithTimeoutCause(ctx, silentAfter, errSlow)
		defer cancel()
		if err := better.helloOver(ctx, c.hello()); err != nil {
			return nil // who comes back finds out why
		}
		c.rung = WebSocket
		return better
	default:
		return nil
	}
}
