package client

import (
	"context"
	"sync"
	"time"

	"tickroom/net/wire"
)

// play hears the connection that is here, to its end.
func (c *Client) play(ctx context.Context, conn *conn) Drop {
	var pings sync.WaitGroup
	over := make(chan struct{})
	defer pings.Wait()
	defer close(over)
	defer conn.close()
	defer c.away()
	defer context.AfterFunc(ctx, conn.close)()
	pings.Go(func() { conn.tend(over, c.unackedSeen) })
	if conn.welcome != nil {
		c.cfg.Hear(*conn.welcome)
	}
	for {
		m, bytes, err := conn.read()
		if err != nil {
			return conn.drop(err)
		}
		if c.note(m, bytes) {
			seen, _ := c.unackedSeen()
			_ = conn.write(wire.Ack{Seen: seen})
		}
		c.cfg.Hear(m)
	}
}

// note takes from a message what the client itself needs, and says whether it
// is time to acknowledge.
func (c *Client) note(m wire.Message, bytes int) (ackNow bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m := m.(type) {
	case wire.Pong:
		c.clock.pong(m, time.Now())
	case wire.Reply:
		c.answered(m)
	}
	if !wire.MustArrive(m) {
		return false
	}
	c.seen++
	c.unacked += bytes
	return c.seen-c.acked >= wire.AckFrames || c.unacked >= wire.AckBytes
}

// unackedSeen is how much has arrived, and whether the server does not know;
// whoever asks tells it.
func (c *Client) unackedSeen() (seen uint32, news bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	news = c.seen != c.acked
	c.acked, c.unacked = c.seen, 0
	return c.seen, news
}

// hello is what the next connection begins with.
func (c *Client) hello() wire.Hello {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.try++
	return wire.Hello{Ticket: c.cfg.Ticket, Client: c.cfg.Name, Link: c.link, Seen: c.seen, Try: c.try}
}

// here makes a connection the one that speaks, and sends again what did not
// arrive over the last.
func (c *Client) here(conn *conn) {
	c.sending.take()
	defer c.sending.give()
	for _, frame := range c.goOn(conn) {
		if conn.writeFrame(frame) != nil {
			return
		}
	}
}

func (c *Client) goOn(conn *conn) (again []wire.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = conn
	again = c.linked(conn.linked)
	c.acked, c.unacked = c.seen, 0 // said with hello
	if conn.welcome == nil {
		c.clock.again(conn.began)
		return again
	}
	c.welcome, c.seen = *conn.welcome, 1
	c.clock = newClock(conn.began, c.welcome, time.Now())
	return again
}

// away is when no connection is there to speak.
func (c *Client) away() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
}
