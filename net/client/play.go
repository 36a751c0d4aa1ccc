package client

import (
	"context"
	"sync"
	"time"

	"tickroom/net/wire"
)

// play hears the connection that is here, to its end, or until there is a better
// one. It leaves it open for who goes on over that.
func (c *Client) play(ctx context.Context, conn *conn) Drop {
	ctx, stop := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer stop()
	defer c.away()
	busy.Go(func() { conn.tend(ctx, c.unackedSeen) })
	busy.Go(func() {
		conn.watch(ctx, c.wake, quietFor(c.Welcome()), func() time.Duration { return patience(c.RTT()) })
	})
	if c.cfg.Transport == Auto && conn.transport != WebSocket {
		there := c.there()
		busy.Go(func() { conn.climb(ctx, there) })
	}
	defer context.AfterFunc(ctx, conn.close)()
	drop := c.hear(conn)
	if len(conn.better) == 0 {
		conn.close() // whoever writes waits no longer
	}
	return drop
}

func (c *Client) hear(conn *conn) Drop {
	if conn.welcome != nil {
		c.cfg.Hear(*conn.welcome)
	}
	for len(conn.better) == 0 {
		m, bytes, err := conn.read()
		if err != nil {
			return conn.drop(err)
		}
		if !c.newer(m) {
			continue
		}
		if c.note(m, bytes) {
			seen, _ := c.unackedSeen()
			_ = conn.write(wire.Ack{Seen: seen})
		}
		if s, ok := m.(wire.Snapshot); ok {
			conn.check(s)
		}
		c.cfg.Hear(m)
	}
	return Drop{}
}

// newer says whether a message is not a snapshot that a later one has overtaken:
// connections are ordered, but of one transport to come, and of two at once, views
// are not.
func (c *Client) newer(m wire.Message) bool {
	s, ok := m.(wire.Snapshot)
	if !ok {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Tick < c.viewed {
		return false
	}
	c.viewed = s.Tick
	return true
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
	c.goOn(conn)
	c.flush()
}

func (c *Client) goOn(conn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = conn
	c.linked(conn.linked)
	c.acked, c.unacked = c.seen, 0 // said with hello
	if conn.welcome == nil {
		c.clock.again(conn.began)
		return
	}
	c.welcome, c.seen, c.viewed = *conn.welcome, 1, 0
	c.clock = newClock(conn.began, c.welcome, time.Now())
}

// away is when no connection is there to speak.
func (c *Client) away() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
}
