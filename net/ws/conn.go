package ws

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"tickroom/net/direct"
	"tickroom/net/link"
	"tickroom/net/wire"
)

// conn is one WebSocket: what a link writes to, and what melody's callbacks
// come to. They come on any goroutine; a panic in one must not pass on into
// melody, which would leave the connection behind half alive.
type conn struct {
	// Set once.
	server   *Server
	upgraded chan struct{} // closed when the HTTP request is done with
	release  func()        // closes it, once
	done     chan struct{} // closed when the connection has ended

	// Safe for all.
	fault atomic.Uint32 // why it ended, as a close code, if the transport knows

	// Set by opened, before anything else can call.
	session *melody.Session
	short   *direct.Conn // what is small goes past melody; nil where it cannot
	port    *link.Port   // for Shutdown guarded by the server's mu
}

func newConn(s *Server) *conn {
	c := &conn{server: s, upgraded: make(chan struct{}), done: make(chan struct{})}
	c.release = sync.OnceFunc(func() { close(c.upgraded) })
	return c
}

const connKey = "conn"

// of is the connection that a melody session belongs to.
func of(ms *melody.Session) *conn { return ms.MustGet(connKey).(*conn) }

// serve runs the connection to its end.
func (c *conn) serve(w http.ResponseWriter, r *http.Request) {
	defer c.release()
	c.guard(func() {
		err := c.server.melody.HandleRequestWithKeys(hijacked{w, c}, r, map[string]any{connKey: c})
		if err != nil { // not upgraded, and answered by the upgrader
			c.server.cfg.Log.Debug("not a WebSocket of ours", "err", err, "remote", r.RemoteAddr)
		}
	})
}

// opened begins the conversation.
func (c *conn) opened(ms *melody.Session) {
	defer c.release()
	c.session = ms
	c.guard(func() {
		s := c.server
		s.mu.Lock()
		c.port = s.cfg.Hub.Open(c)
		stopping := s.stopping
		s.mu.Unlock()
		if stopping {
			c.port.Close(wire.CloseGoingAway, goingAway)
		}
	})
}

// received is melody's: what is large or odd, and everything where there is no
// short way.
func (c *conn) received(frame []byte) { time.Sleep(c.Message(frame)) }

// Message is a direct.Handler's.
func (c *conn) Message(frame []byte) (rest time.Duration) {
	c.guard(func() { rest = c.port.Received(frame) })
	return rest
}

func (c *conn) receivedText() {
	c.guard(func() { c.port.Close(wire.CloseProtocol, "Frames of this protocol are binary.") })
}

// Sent is a direct.Handler's, and melody's.
func (c *conn) Sent() { c.guard(c.port.Sent) }

// Slow is a direct.Handler's.
func (c *conn) Slow() { c.fault.Store(uint32(wire.CloseSlow)) }

// Go is a direct.Handler's.
func (c *conn) Go(wait func()) { c.server.running.Go(wait) }

// over is melody's last call.
func (c *conn) over() {
	defer close(c.done)
	c.guard(func() { c.port.Lost(wire.CloseCode(c.fault.Load())) })
}

// failed notes what melody reports. It may be called from within our own Write
// and must do nothing there but note.
func (c *conn) failed(err error) {
	switch {
	case errors.Is(err, websocket.ErrReadLimit): // on the reading goroutine, which has no more to do
		c.fault.Store(uint32(wire.CloseTooLarge))
		c.discard()
	case errors.Is(err, os.ErrDeadlineExceeded): // of a write: reads have none
		c.Slow()
	}
}

// discard reads what the peer is still sending, for a while: to close over
// unread data would reset the connection and lose the close frame before it.
func (c *conn) discard() {
	_ = c.net().SetReadDeadline(time.Now().Add(cutAfter))
	_, _ = io.Copy(io.Discard, c.net())
}

// Write is link.Conn's. Where there is no short way melody calls Sent when the
// frame is out.
func (c *conn) Write(f wire.Frame) (left bool) {
	if c.short != nil {
		return c.short.Send(f)
	}
	_ = c.session.WriteBinary(f) // an error: it has ended, and over tells
	return false
}

// Poll is link.Conn's.
func (c *conn) Poll() {
	if c.short != nil {
		c.short.Poll()
	}
}

// Close is link.Conn's: the close frame, then time for the peer to answer it,
// then the end.
func (c *conn) Close(code wire.CloseCode, text string) {
	c.server.running.Go(func() {
		if c.short != nil {
			c.short.Loud()
		}
		timer := time.NewTimer(cutAfter)
		defer timer.Stop()
		message := websocket.FormatCloseMessage(int(code), cutText(text))
		_ = c.session.WebsocketConnection().WriteControl(websocket.CloseMessage, message, time.Now().Add(cutAfter))
		select {
		case <-c.done:
		case <-timer.C:
			c.cut()
		}
	})
}

// cut ends the connection without a word.
func (c *conn) cut() { _ = c.net().Close() }

func (c *conn) net() net.Conn { return c.session.WebsocketConnection().NetConn() }

// guard keeps a panic to this connection.
func (c *conn) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			c.server.cfg.Log.Error("a connection panicked", "panic", p, "stack", string(debug.Stack()))
			if c.session != nil {
				c.cut()
			}
		}
	}()
	f()
}

// cutText makes a reason fit a close frame, which has 123 bytes for it.
func cutText(text string) string {
	const most = 123
	if len(text) <= most {
		return text
	}
	cut := 0
	for i := range text { // starts of characters
		if i > most {
			break
		}
		cut = i
	}
	return text[:cut]
}
