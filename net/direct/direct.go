// Package direct carries the small frames of a WebSocket straight between its
// socket and who has them. A library opens the WebSocket, answers pings, reads
// what is large or odd, and closes it; what comes and goes in every tick passes
// it by.
//
//	            Poll, right before a tick
//	                   |
//	socket --bytes--> Conn --small binary frames--> Message
//	   ^               |
//	   |               +----every other byte------> Read, the library's goroutine
//	   |
//	   +--<------- Send, from whoever has a frame; Write, the library's
//
// A [Conn] owns what is between a [Socket] and both: how far the bytes that came
// are understood, and what the kernel did not take yet. It starts a goroutine
// only for a socket that is full, by Handler.Go. It understands frames of RFC
// 6455 and no message in them.
//
// # Why
//
// A goroutine that waits for a socket is woken by every packet: the kernel tells
// the poller, the poller a thread, the thread the goroutine, and it reads a dozen
// bytes that nobody needs before the next tick. That costs more than all else a
// server of games does. So the kernel is told not to wake anybody for less than
// [WakeBytes] (SO_RCVLOWAT), and whoever needs the bytes comes for them. The end
// of a connection wakes at once all the same, and so does who says that much.
//
// # Decisions that look like mistakes and are not
//
//   - Poll gives up where the library's goroutine is at work. It never waits:
//     it is called by rooms, and that goroutine will have read all there is.
//   - What is not a small, whole, binary frame is not judged here: the library
//     gets it as it came, with all that is wrong with it.
//   - While the library has a frame nothing behind it is read. Messages are done
//     in the order in which they were sent, whoever read them.
//   - Write deadlines of the library are ignored: nothing it writes waits.
package direct

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Socket is what a Conn needs of the connection under it, beside what every
// connection has.
type Socket interface {
	net.Conn
	// TryRead and TryWrite do what can be done at once. ErrWait when it is nothing.
	TryRead(p []byte) (int, error)
	TryWrite(p []byte) (int, error)
	// AwaitRead calls try, and again whenever there may be something to read, until
	// it is true. Its error is that of a deadline or of a socket that was closed.
	AwaitRead(try func() bool) error
	AwaitWrite(try func() bool) error
	// Hush has nobody woken for fewer bytes to read than so many; 1 is as usual.
	Hush(bytes int) error
}

// ErrWait is the error of what cannot be done at once.
var ErrWait = errors.New("nothing can be done without waiting")

// Handler is who has the frames. Its methods are called from any goroutine, and
// Message of one Conn never at the same time.
type Handler interface {
	// Message takes a small binary message, and keeps nothing of it. Nothing more
	// is read for so long as it returns.
	Message(payload []byte) (rest time.Duration)
	// Sent tells that a frame has left that Send could not give to the kernel whole.
	Sent()
	// Slow tells that the peer has read nothing for too long. The socket is closed.
	Slow()
	// Go runs what has to wait for the socket.
	Go(func())
}

// Conn is a connection as the library sees it, and its short way. See the package.
type Conn struct {
	Socket
	handler Handler // set once

	loud atomic.Bool // nobody polls any more

	// Guarded by reading: what came.
	reading sync.Mutex
	rest    []byte    // not understood yet: the beginning of a frame
	split   bool      // the library has a part of a message, and more is to come
	aside   []byte    // for the library
	owed    int       // bytes of the library's frame that have not come
	lent    bool      // the library has a frame: nothing behind it is read
	hushed  bool      //
	until   time.Time // nothing is read before
	broken  error     // how reading ended
	readBy  time.Time // the library's deadline
	woken   bool      // the deadline is not its own

	// Guarded by writing: what goes.
	writing sync.Mutex
	tail    []byte // what the kernel did not take
	owing   bool   // Sent, when the tail has left
}

// Over gives a connection its short way, if it can have one.
func Over(nc net.Conn, h Handler) (*Conn, bool) {
	socket, ok := nc.(Socket)
	if !ok {
		socket, ok = socketOf(nc)
	}
	if !ok {
		return nil, false
	}
	return &Conn{Socket: socket, handler: h}, true
}

// Poll reads what has come, and from then on nobody is woken for what is little.
// It never waits.
func (c *Conn) Poll() {
	if c.loud.Load() || !c.reading.TryLock() {
		return
	}
	defer c.reading.Unlock()
	if c.lent || c.broken != nil || !c.mayRead() {
		return
	}
	c.hush()
	if err := c.pull(false); err != nil && err != ErrWait {
		c.broken = err
	}
	if c.lent || c.broken != nil {
		c.wake()
	}
}

// Loud has whatever comes wake the library again: nobody polls any more.
func (c *Conn) Loud() {
	c.loud.Store(true)
	_ = c.Hush(1) // an error: it is closed
}

func (c *Conn) hush() {
	if c.hushed {
		return
	}
	c.hushed = c.Hush(WakeBytes) == nil
	if c.loud.Load() { // meanwhile
		_ = c.Hush(1)
	}
}

// Read is the library's: what is not a small frame. The small ones that it meets
// go to the handler.
func (c *Conn) Read(p []byte) (n int, err error) {
	for n == 0 && err == nil && len(p) > 0 {
		if rest := c.resting(); rest > 0 {
			time.Sleep(rest)
		}
		waited := c.AwaitRead(func() (done bool) {
			n, done, err = c.next(p)
			return done
		})
		if err == nil && waited != nil && !c.wasWoken(waited) {
			err = waited
		}
	}
	return n, err
}

// next gives the library bytes that are its own; done is false while there are
// none and nothing stands in the way of more.
func (c *Conn) next(p []byte) (n int, done bool, err error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if len(c.aside) == 0 && c.owed == 0 {
		c.lent = false
		err = c.broken
		if err == nil {
			err = c.pull(true)
		}
	}
	switch {
	case len(c.aside) > 0:
		n = copy(p, c.aside)
		c.aside = c.aside[n:]
		return n, true, nil
	case c.owed > 0:
		n, err = c.TryRead(p[:min(len(p), c.owed)])
		c.owed -= n
	}
	switch {
	case err == ErrWait:
		return 0, false, nil
	case err != nil:
		return 0, true, err
	}
	return n, n > 0 || !c.mayRead(), nil
}

// mayRead says whether the peer is within what it may send.
func (c *Conn) mayRead() bool { return c.until.IsZero() || !time.Now().Before(c.until) }

// resting is how long nothing is to be read.
func (c *Conn) resting() time.Duration {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.until.IsZero() {
		return 0
	}
	return time.Until(c.until)
}

// wake has the library's goroutine look again, by a deadline that is over.
func (c *Conn) wake() {
	c.woken = true
	_ = c.Socket.SetReadDeadline(time.Unix(1, 0)) // an error: it is closed, and that wakes
}

// wasWoken says whether a deadline was only a call to look again.
func (c *Conn) wasWoken(err error) bool {
	c.reading.Lock()
	defer c.reading.Unlock()
	if !c.woken || !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	c.woken = false
	return c.Socket.SetReadDeadline(c.readBy) == nil
}

// SetReadDeadline is the library's.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.readBy, c.woken = t, false
	return c.Socket.SetReadDeadline(t)
}

// SetDeadline is SetReadDeadline: see the package.
func (c *Conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline does nothing: see the package.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }
