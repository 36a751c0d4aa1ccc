package link_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tickroom/net/wire"
)

// modelClient does what PROTOCOL.md asks of a client, and no more, and holds
// what it hears against what it was promised. It is pure: it hears messages and
// answers with messages.
type modelClient struct {
	try       uint32
	seen      uint32 // messages that must arrive, since welcome
	acked     uint32 // of them
	unacked   int    // bytes
	n         uint32
	asked     []uint32      // not answered, in order
	linked    bool          // on the connection of now
	era       int           // of the room, as welcome said; 0 before
	beginning bool          // welcome must be the next that counts
	view      wire.Snapshot // the newest
	bye       wire.CloseCode

	heard, answered, lost, resumes, anew int
}

// hello begins the next connection.
func (c *modelClient) hello() wire.Hello {
	c.try++
	c.linked, c.bye = false, 0
	c.acked, c.unacked = c.seen, 0
	return wire.Hello{Ticket: "good", Link: "L", Seen: c.seen, Try: c.try}
}

// command is the next thing to be done. While away it is kept.
func (c *modelClient) command() wire.Command {
	c.n++
	c.asked = append(c.asked, c.n)
	return commandOf(c.n)
}

// commandOf is the same whenever it is sent.
func commandOf(n uint32) wire.Command { return wire.Command{N: n, Data: aim{int8(n)}} }

// ack acknowledges what was not yet.
func (c *modelClient) ack() (m wire.Ack, news bool) {
	news = c.seen != c.acked
	c.acked, c.unacked = c.seen, 0
	return wire.Ack{Seen: c.seen}, news
}

// hear takes a message and gives what there is to say at once. An error is a
// promise that was not kept.
func (c *modelClient) hear(m wire.Message, bytes int) (say []wire.Message, err error) {
	if l, ok := m.(wire.Linked); ok {
		return c.goOn(l)
	}
	if bye, ok := m.(wire.Bye); ok {
		c.bye = bye.Code
		return nil, nil
	}
	switch {
	case c.bye != 0:
		return nil, fmt.Errorf("%#v came after bye", m)
	case !c.linked:
		return nil, fmt.Errorf("%#v came before linked", m)
	}
	if wire.MustArrive(m) {
		c.heard++
		c.seen++
		c.unacked += bytes
		if err := c.follows(m); err != nil {
			return nil, err
		}
		if c.seen == 1 {
			say = c.sayAgain()
		}
	}
	switch m := m.(type) {
	case wire.Reply:
		if i := slices.Index(c.asked, m.N); i >= 0 {
			c.asked = slices.Delete(c.asked, i, i+1)
			c.answered++
		}
	case wire.Snapshot:
		if m.Tick <= c.view.Tick {
			return nil, fmt.Errorf("view %d came after %d; views only grow newer", m.Tick, c.view.Tick)
		}
		c.view = m
	}
	if c.seen-c.acked >= wire.AckFrames || c.unacked >= wire.AckBytes {
		a, _ := c.ack()
		say = append(say, a)
	}
	return say, nil
}

// check is of the view that is here. A client of this package is never wrong.
func (c *modelClient) check() wire.Check {
	hash, err := wire.ViewHash(c.view.View)
	if err != nil {
		panic(err)
	}
	return wire.Check{Tick: c.view.Tick, Hash: hash}
}

// goOn takes linked.
func (c *modelClient) goOn(l wire.Linked) (again []wire.Message, err error) {
	known := l.Resumed || l.Why == "behind"
	switch {
	case c.linked:
		return nil, fmt.Errorf("linked came twice over one connection")
	case l.Resumed != (l.Why == ""), l.Why == "new" && c.seen > 0, l.Why == "unknown" && c.heard == 0:
		return nil, fmt.Errorf("got %#v with %d seen", l, c.seen)
	case known && l.Received > c.n || !known && l.Received != 0:
		return nil, fmt.Errorf("%d arrived, the server says; %d were sent", l.Received, c.n)
	}
	c.linked = true
	if l.Resumed {
		c.resumes++
		c.beginning = c.seen == 0
	} else {
		c.anew++
		c.seen, c.acked, c.unacked, c.beginning = 0, 0, 0, true
		before := len(c.asked)
		c.asked = slices.DeleteFunc(c.asked, func(n uint32) bool { return !known || n <= l.Received })
		c.lost += before - len(c.asked)
	}
	if !known {
		c.n = 0
	}
	if !c.maySay() {
		return nil, nil
	}
	return c.sayAgain(), nil
}

// maySay says whether welcome was heard and the link is carried on: before it,
// nobody may be listening yet.
func (c *modelClient) maySay() bool { return c.linked && c.seen > 0 }

func (c *modelClient) sayAgain() (again []wire.Message) {
	for _, n := range c.asked { // also those that arrived: to say them again is safe
		again = append(again, commandOf(n))
	}
	return again
}

// follows holds a message that must arrive against the one before. Each says
// the era of the room, that is which welcome it comes after, and its place.
func (c *modelClient) follows(m wire.Message) error {
	era, place, err := placeOf(m)
	if err != nil {
		return err
	}
	switch {
	case c.beginning && place != 1:
		return fmt.Errorf("message %d of era %d came first; want welcome", place, era)
	case c.beginning && era < c.era:
		return fmt.Errorf("welcome of era %d came after era %d", era, c.era)
	case !c.beginning && era != c.era:
		return fmt.Errorf("a message of era %d came in era %d, and no linked said so", era, c.era)
	case place != c.seen:
		return fmt.Errorf("message %d came as the %d. of era %d; each comes once and in order", place, c.seen, era)
	}
	c.era, c.beginning = era, false
	return nil
}

// stamp is what a room writes on a message that must arrive.
func stamp(era int, place uint32) string { return fmt.Sprintf("%d/%d", era, place) }

func placeOf(m wire.Message) (era int, place uint32, err error) {
	var s string
	switch m := m.(type) {
	case wire.Chat:
		s = m.Text
	case wire.Reply:
		s = m.Text
	default:
		return 0, 0, fmt.Errorf("the room never said %#v", m)
	}
	e, p, _ := strings.Cut(s, "/")
	era, err = strconv.Atoi(e)
	if err != nil {
		return 0, 0, err
	}
	n, err := strconv.ParseUint(p, 10, 32)
	return era, uint32(n), err
}
