package cable

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// conn is one connection: two sockets, and a lane each way.
type conn struct {
	// Set once.
	cable     *Cable
	near, far *net.TCPConn // far when the server is reached
	up, down  lane
	gone      chan struct{} // closed when it is reset
	once      sync.Once

	// Guarded by the cable's mu.
	dead Way // what is sent that way is swallowed, for ever
}

// lane carries one way.
type lane struct {
	// Set once.
	conn       *conn
	way        Way
	from, into *net.TCPConn
	queue      chan piece // closed by read

	// Owned by read.
	last time.Time // when the last piece arrives: none arrives before it
	end  error     // of reading; for deliver when queue is closed
}

// piece is some bytes, and when they arrive.
type piece struct {
	bytes []byte
	due   time.Time
}

func newConn(c *Cable, near *net.TCPConn) *conn {
	o := &conn{cable: c, near: near, gone: make(chan struct{})}
	o.up = lane{conn: o, way: Up, queue: make(chan piece, window)}
	o.down = lane{conn: o, way: Down, queue: make(chan piece, window)}
	return o
}

// reaches is when the server is: unless it was cut on the way, it may run.
func (o *conn) reaches(far *net.TCPConn) bool {
	o.cable.mu.Lock()
	defer o.cable.mu.Unlock()
	o.far = far
	select {
	case <-o.gone:
		reset(far)
		return false
	default:
	}
	o.up.from, o.up.into = o.near, far
	o.down.from, o.down.into = far, o.near
	return true
}

// run carries both ways until both ends are done.
func (o *conn) run() {
	var lanes sync.WaitGroup
	for _, l := range []*lane{&o.up, &o.down} {
		lanes.Go(l.read)
		lanes.Go(l.deliver)
	}
	lanes.Wait()
	o.near.Close()
	o.far.Close()
}

// reset ends the connection at both ends, with nothing more said. The caller
// holds the cable's mu.
func (o *conn) reset() {
	o.once.Do(func() { close(o.gone) })
	reset(o.near)
	if o.far != nil {
		reset(o.far)
	}
}

// reset closes a socket so that its peer's next read or write fails.
func reset(s *net.TCPConn) {
	_ = s.SetLinger(0) // fails if it is closed already
	_ = s.Close()
}

// read takes what is sent and says when it arrives.
func (l *lane) read() {
	defer close(l.queue)
	for {
		b := make([]byte, pieceSize)
		n, err := l.from.Read(b)
		l.queue <- piece{b[:n], l.arrives(n)} // an end travels as bytes do; deliver takes all
		if err != nil {
			l.end = err
			return
		}
	}
}

// arrives is when n bytes sent now are there.
func (l *lane) arrives(n int) time.Time {
	c := l.conn.cable
	c.mu.Lock()
	defer c.mu.Unlock()
	left := c.line.leaves(time.Now(), c.free[l.way], n)
	c.free[l.way] = left
	if due := left.Add(c.line.travels(c.dice)); due.After(l.last) {
		l.last = due
	}
	return l.last
}

// deliver hands over what has arrived, and then how it ended.
func (l *lane) deliver() {
	for p := range l.queue {
		l.await(p.due)
		l.hand(p.bytes)
	}
	l.finish()
}

// finish hands over how it ended, unless that is swallowed as well.
func (l *lane) finish() {
	l.conn.cable.mu.Lock()
	defer l.conn.cable.mu.Unlock()
	switch {
	case l.conn.dead&l.way != 0:
	case errors.Is(l.end, io.EOF):
		_ = l.into.CloseWrite() // fails if nobody is there, which the other lane finds out
	default:
		l.conn.reset()
	}
}

// await waits until a time, or until nothing counts any more.
func (l *lane) await(due time.Time) {
	wait := time.Until(due)
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.conn.gone:
	}
}

// hand gives bytes to who they are for, unless the cable has it otherwise.
func (l *lane) hand(b []byte) {
	n, cut := l.passes(len(b))
	if n > 0 {
		if _, err := l.into.Write(b[:n]); err != nil {
			l.unheard()
		}
	}
	if cut != nil {
		l.conn.cable.Cut()
		close(cut)
	}
}

// passes is how many of n bytes are to be delivered, and what to close when the
// cable is to be cut right behind them.
func (l *lane) passes(n int) (pass int, cut chan struct{}) {
	c := l.conn.cable
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.conn.dead&l.way != 0 {
		return 0, nil
	}
	d := &c.doom
	if d.done == nil || d.way&l.way == 0 {
		return n, nil
	}
	if n < d.left {
		d.left -= n
		return n, nil
	}
	n, cut = d.left, d.done
	*d = doom{}
	return n, cut
}

// unheard is when nobody is there any more to deliver to. The sender is told,
// unless that is what the cable swallows.
func (l *lane) unheard() {
	l.conn.cable.mu.Lock()
	defer l.conn.cable.mu.Unlock()
	if l.conn.dead&^l.way == 0 {
		l.conn.reset()
	}
	l.conn.dead |= l.way
}
