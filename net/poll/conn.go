package poll

import (
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// conn is one connection: what a link writes to, and the requests that do its
// work while they are there.
//
//	opened by the request with hello: the stream, or the first poll
//	       |
//	       v      answering: one request at a time, or none
//	     open     saying: one request at a time, or none
//	       |
//	       |      the link closes it, a request breaks its rules, or its client goes
//	       v
//	     ended    no request begins any more
//	       |      those that are under way leave
//	       v
//	  (forgotten) the link hears that it is lost
type conn struct {
	// Set once.
	server *Server
	name   string
	port   *link.Port
	news   chan struct{} // has room for one: the slot was filled
	ended  chan struct{} // closed by end

	using sync.WaitGroup // requests under way

	// Owned by the request that answers.
	owed bool // a frame has left, and the link is to hear of it

	// Guarded by mu, which is taken after a port's and a link's.
	mu        sync.Mutex
	slot      wire.Frame               // what the link wrote, and has not been taken
	over      bool                     // ended
	fault     wire.CloseCode           // why, if the transport knows
	answering *http.ResponseController // of the request that does; nil if none
	saying    *http.ResponseController
	polls     uint32 // begun, after the one with hello
	says      uint32 // taken
}

// newConn is a connection whose first request answers already.
func newConn(s *Server, name string, answering *http.ResponseController) *conn {
	c := &conn{server: s, name: name, news: make(chan struct{}, 1), ended: make(chan struct{}), answering: answering}
	c.using.Add(1)
	c.port = s.cfg.Hub.Open(c)
	return c
}

// Write is link.Conn's: the frame waits for who answers.
func (c *conn) Write(f wire.Frame) (left bool) {
	c.mu.Lock()
	c.slot = f
	c.mu.Unlock()
	select {
	case c.news <- struct{}{}:
	default:
	}
	return false
}

// Poll is link.Conn's, and nothing: what is said comes by requests.
func (c *conn) Poll() {}

// take is the frame that waits; nil if none does.
func (c *conn) take() (f wire.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, c.slot = c.slot, nil
	return f
}

// due is the frame that waits, left where it is.
func (c *conn) due() wire.Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slot
}

// polled begins a poll, which must be the next. answered ends it.
func (c *conn) polled(n uint32, request *http.ResponseController) error {
	c.mu.Lock()
	gone, next, busy := c.over || n <= c.polls, n == c.polls+1, c.answering != nil
	if !gone && next && !busy {
		c.polls, c.answering = n, request
		c.using.Add(1)
	}
	c.mu.Unlock()
	if gone {
		return errGone
	}
	return c.inTurn(next, busy)
}

func (c *conn) answered() {
	c.mu.Lock()
	c.answering = nil
	c.mu.Unlock()
	c.using.Done()
}

// said begins a say, which must be the next; one that came before is nothing,
// again. saidAll ends it.
func (c *conn) said(n uint32, request *http.ResponseController) (again bool, err error) {
	c.mu.Lock()
	gone, again, next, busy := c.over, n <= c.says, n == c.says+1, c.saying != nil
	if !gone && next && !busy {
		c.saying = request
		c.using.Add(1)
	}
	c.mu.Unlock()
	switch {
	case gone:
		return false, errGone
	case again:
		return true, nil
	}
	return false, c.inTurn(next, busy)
}

// takes is when the body of a say is there, and all of it will be passed on.
func (c *conn) takes(n uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.says = n
}

func (c *conn) saidAll() {
	c.mu.Lock()
	c.saying = nil
	c.mu.Unlock()
	c.using.Done()
}

// inTurn ends a connection whose requests are not: nobody knows any more what
// came through.
func (c *conn) inTurn(next, busy bool) error {
	switch {
	case !next:
		c.end(0)
		return errSkips
	case busy:
		c.end(0)
		return errTwo
	}
	return nil
}

// Close is link.Conn's. What is being answered has a moment to leave.
func (c *conn) Close(wire.CloseCode, string) {
	c.end(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answering != nil {
		_ = c.answering.SetWriteDeadline(time.Now().Add(cutAfter))
	}
}

// end is when no request may begin any more. When those under way have left,
// the link hears of it.
func (c *conn) end(fault wire.CloseCode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over, c.fault = true, fault
	close(c.ended)
	go c.last()
}

// last is the end of the end.
func (c *conn) last() {
	defer c.server.forget(c)
	c.using.Wait()
	defer c.report(nil)
	c.port.Lost(c.fault)
}

// cut ends the connection without a word.
func (c *conn) cut() {
	c.end(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, request := range []*http.ResponseController{c.answering, c.saying} {
		if request != nil {
			_ = request.SetWriteDeadline(time.Now())
			_ = request.SetReadDeadline(time.Now())
		}
	}
}

// guard keeps a panic to this connection: who asks sees it cut.
func (c *conn) guard(do func() error) error {
	defer c.report(func() { panic(http.ErrAbortHandler) })
	return do()
}

func (c *conn) report(then func()) {
	p := recover()
	if p == nil {
		return
	}
	c.server.cfg.Log.Error("a connection panicked", "panic", p, "stack", string(debug.Stack()))
	c.end(0)
	if then != nil {
		then()
	}
}

// extend gives the answer time for its next write: little, once it is the last.
func (c *conn) extend(answer *http.ResponseController) {
	c.mu.Lock()
	defer c.mu.Unlock()
	within := writeWithin
	if c.over {
		within = cutAfter
	}
	_ = answer.SetWriteDeadline(time.Now().Add(within)) // a writer without deadlines is as well off as before
}
