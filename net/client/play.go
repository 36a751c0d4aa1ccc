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
	pings.Go(func() { conn.ping(over) })
	c.cfg.Hear(conn.welcome)
	for {
		m, err := conn.read()
		if err != nil {
			return conn.drop(err)
		}
		c.note(m)
		c.cfg.Hear(m)
	}
}

// note takes from a message what the client itself needs.
func (c *Client) note(m wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m := m.(type) {
	case wire.Pong:
		c.clock.pong(m, time.Now())
	case wire.Reply:
		if answer, ok := c.asked[m.N]; ok {
			delete(c.asked, m.N)
			answer <- m
		}
	}
}

// here makes a connection the one that speaks.
func (c *Client) here(conn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn, c.welcome = conn, conn.welcome
	c.clock = newClock(conn.began, conn.welcome, time.Now())
}

// away ends what was asked over a connection that is no more.
func (c *Client) away() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	for n, answer := range c.asked {
		delete(c.asked, n)
		close(answer)
	}
}
