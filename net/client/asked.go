package client

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"tickroom/game"
	"tickroom/net/wire"
)

// maxAsked is how many messages may wait for their answer, sent or not: a
// client that is away must not gather without end. One more: ErrFull.
const maxAsked = 256

// asked is a message that must arrive, kept until it is answered.
//
// The server takes message n once, and only after n-1. So a message gets its
// number when it is sent, and loses it when the server turns out not to have
// it: what has no number was certainly not done.
type asked struct {
	n       uint32 // on the link of now; 0 until it is sent
	message func(n uint32) wire.Message
	answer  chan<- wire.Reply // has room for one; closed when nobody knows any more
	last    bool              // gives the seat up, which is said on any link until it is done
}

// ask sends a message and waits for its answer. While away it is kept, and sent
// when the client is back.
func (c *Client) ask(ctx context.Context, message func(n uint32) wire.Message) error {
	answer := make(chan wire.Reply, 1)
	if err := c.post(ctx, asked{message: message, answer: answer}); err != nil {
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
		if c.withdraw(answer) {
			return fmt.Errorf("%w: %w", ErrUnsent, ctx.Err())
		}
		return ctx.Err()
	}
}

// post keeps a message and sends it if there is a connection. What is asked in
// order is sent in order.
func (c *Client) post(ctx context.Context, a asked) error {
	if err := fits(a.message); err != nil {
		return err
	}
	if err := c.sending.takeUntil(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrUnsent, err)
	}
	defer c.sending.give()
	if err := c.keep(a); err != nil {
		return err
	}
	c.flush()
	return nil
}

// fits says whether a message can be sent: one that the server does not take
// would close every connection that it is sent over.
func fits(message func(n uint32) wire.Message) error {
	frame, err := wire.Encode(message(math.MaxUint32))
	if err == nil && len(frame) > wire.MaxFrame {
		err = fmt.Errorf("a message of %d bytes is more than a server takes, %d", len(frame), wire.MaxFrame)
	}
	return err
}

func (c *Client) keep(a asked) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended:
		return c.err
	case len(c.asked) >= maxAsked:
		return ErrFull
	}
	c.asked = append(c.asked, a)
	return nil
}

// flush sends what is not sent yet. It is called with sending held.
func (c *Client) flush() {
	conn, unsent := c.number()
	for _, m := range unsent {
		if conn.write(m) != nil {
			return // what did not arrive is sent again by who comes back
		}
	}
}

// number gives the next numbers to what has none, for the connection that is here.
func (c *Client) number() (conn *conn, unsent []wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return nil, nil
	}
	for i := range c.asked {
		if a := &c.asked[i]; a.n == 0 {
			c.n++
			a.n = c.n
			unsent = append(unsent, a.message(a.n))
		}
	}
	return c.conn, unsent
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

// withdraw takes back what was not sent, and says whether it could.
func (c *Client) withdraw(answer chan<- wire.Reply) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := len(c.asked)
	c.asked = slices.DeleteFunc(c.asked, func(a asked) bool { return a.answer == answer && a.n == 0 })
	return len(c.asked) < before
}

// lose tells those whose answer will never come.
func (c *Client) lose(lost func(asked) bool) {
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
func (c *Client) linked(l wire.Linked) {
	if !l.Resumed {
		c.seen = 0
	}
	switch {
	case l.Resumed:
	case l.Why == "behind":
		c.lose(func(a asked) bool { return a.n > 0 && a.n <= l.Received })
	case len(c.asked) > 0 && c.asked[0].n > 0: // was sent on a link that is no more, and the others were to follow it
		c.lose(func(a asked) bool { return !a.last })
	}
	for i := range c.asked {
		if a := &c.asked[i]; a.n > l.Received {
			a.n = 0
		}
	}
	c.n = l.Received
}

// Why a question was not sent.
var (
	// ErrFull says that too much waits for an answer already.
	ErrFull = errors.New("too many messages wait for their answer")
	// ErrUnsent says that a message was given up before it was sent. It was not done.
	ErrUnsent = errors.New("not sent")
)
