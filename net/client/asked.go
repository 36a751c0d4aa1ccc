package client

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tickroom/game"
	"tickroom/net/wire"
)

// maxAsked is how many messages may wait for their answer, sent or not: a
// client that is away must not gather without end. One more: ErrFull.
const maxAsked = 256

// ErrFull says that too much waits for an answer already.
var ErrFull = errors.New("too many messages wait for their answer")

// asked is a message that must arrive, kept until it is answered.
type asked struct {
	n      uint32
	frame  wire.Frame
	answer chan<- wire.Reply // has room for one; closed when nobody knows any more
}

// ask sends a message with the next number and waits for its answer. While
// away it is kept, and sent when the client is back.
func (c *Client) ask(ctx context.Context, message func(n uint32) wire.Message) error {
	answer := make(chan wire.Reply, 1)
	if err := c.post(ctx, message, answer); err != nil {
		return err
	}
	select {
	case r, ok := <-answer:
		switch {
		case !ok:
			return ErrLost
		case r.Code != "":
			return &game.Refusal{Code: r.Code, Text: r.Text}
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// post numbers, keeps and sends. What is numbered in order is sent in order.
func (c *Client) post(ctx context.Context, message func(n uint32) wire.Message, answer chan<- wire.Reply) error {
	if err := c.sending.takeUntil(ctx); err != nil {
		return err
	}
	defer c.sending.give()
	conn, frame, err := c.keep(message, answer)
	if err != nil || conn == nil {
		return err
	}
	_ = conn.writeFrame(frame) // what does not arrive is sent again by who comes back
	return nil
}

func (c *Client) keep(message func(n uint32) wire.Message, answer chan<- wire.Reply) (*conn, wire.Frame, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended:
		return nil, nil, c.err
	case len(c.asked) >= maxAsked:
		return nil, nil, ErrFull
	}
	frame, err := wire.Encode(message(c.n + 1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(frame) > wire.MaxFrame: // it would close every connection that it is sent over
		return nil, nil, fmt.Errorf("a message of %d bytes is more than a server takes, %d", len(frame), wire.MaxFrame)
	}
	c.n++
	c.asked = append(c.asked, asked{c.n, frame, answer})
	return c.conn, frame, nil
}

// answered gives a reply to who asked.
func (c *Client) answered(r wire.Reply) {
	i := slices.IndexFunc(c.asked, func(a asked) bool { return a.n == r.N })
	if i < 0 {
		return
	}
	c.asked[i].answer <- r
	c.asked = slices.Delete(c.asked, i, i+1)
}

// forget tells those whose answer will never come.
func (c *Client) forget(lost func(asked) bool) {
	c.asked = slices.DeleteFunc(c.asked, func(a asked) bool {
		if !lost(a) {
			return false
		}
		close(a.answer)
		return true
	})
}

// linked goes on where a new connection says the link is: what has not arrived
// is to be sent again, and what nobody knows of is told.
func (c *Client) linked(l wire.Linked) (again []wire.Frame) {
	if !l.Resumed {
		c.seen = 0
		c.forget(func(a asked) bool { return a.n <= l.Received || l.Link != c.link })
	}
	if l.Link != c.link {
		c.link, c.n = l.Link, 0
	}
	for _, a := range c.asked {
		if a.n > l.Received {
			again = append(again, a.frame)
		}
	}
	return again
}
