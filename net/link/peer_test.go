package link_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// peer is the client's end of one connection, frame by frame as the test wants.
type peer struct {
	t    *testing.T
	port *link.Port
	conn *fakeConn
}

func (p *peer) says(m wire.Message) {
	p.t.Helper()
	time.Sleep(p.port.Received(frame(p.t, m))) // nothing is read from who is too fast
}

// take is the message on its way, which has left then.
func (p *peer) take(why string) wire.Message {
	p.t.Helper()
	f := p.conn.take()
	if f == nil {
		p.t.Fatalf("nothing is on its way: %s", why)
	}
	m, err := wire.DecodeServer(f, testGame)
	if err != nil {
		p.t.Fatalf("% x is on its way: %v: %s", f, err, why)
	}
	if _, bye := m.(wire.Bye); bye {
		p.closedWith(0, "the connection closes behind bye, not before it has left")
	}
	p.port.Sent()
	return m
}

// reads takes the message that is on its way, which must be m.
func (p *peer) reads(m wire.Message, why string) {
	p.t.Helper()
	if got := p.take(why); fmt.Sprint(got) != fmt.Sprint(m) {
		p.t.Fatalf("got %.200s, want %.200s: %s", fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", m), why)
	}
}

func (p *peer) readsNothing(why string) {
	p.t.Helper()
	if f := p.conn.take(); f != nil {
		p.t.Fatalf("% x is on its way; want nothing: %s", f, why)
	}
}

// readsBye takes Bye, after which the connection must be closed with its code.
func (p *peer) readsBye(code wire.CloseCode, why string) {
	p.t.Helper()
	m := p.take(why)
	if bye, ok := m.(wire.Bye); !ok || bye.Code != code || bye.Text == "" {
		p.t.Fatalf("got %#v; want bye with %d and a sentence: %s", m, code, why)
	}
	p.closedWith(code, why)
	p.readsNothing("bye is the last")
}

func (p *peer) closedWith(code wire.CloseCode, why string) {
	p.t.Helper()
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.conn.code != code {
		p.t.Fatalf("connection closed with %d, want %d (0 is open): %s", p.conn.code, code, why)
	}
}

// fakeConn is a transport that holds each frame until the test takes it.
type fakeConn struct {
	mu    sync.Mutex
	frame wire.Frame
	code  wire.CloseCode
}

func (c *fakeConn) Poll() {}

func (c *fakeConn) Write(f wire.Frame) (left bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frame != nil || c.code != 0 {
		panic("a frame while another is on its way, or after the close")
	}
	c.frame = f
	return false
}

func (c *fakeConn) Close(code wire.CloseCode, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != 0 {
		panic("closed twice")
	}
	c.code = code
}

func (c *fakeConn) take() wire.Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.frame
	c.frame = nil
	return f
}
