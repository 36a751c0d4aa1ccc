package link

import (
	"errors"
	"sync"
	"time"

	"tickroom/net/wire"
)

// Conn is one connection of a transport. Its methods return at once and do not
// call the port back before they have returned.
type Conn interface {
	// Write starts to send a frame. True means that it has left; otherwise the
	// transport calls Port.Sent when it has, and only then comes the next Write.
	Write(wire.Frame) (left bool)
	// Poll passes on what has come, without waiting, if the transport can. What it
	// passes on calls the port back.
	Poll()
	// Close tells the peer why and ends the connection, soon, whether or not
	// the peer reads and a frame is still on its way. It is called once at most.
	Close(code wire.CloseCode, text string)
}

// Port is one connection, from its hello to its end. It owns what belongs to
// the connection alone: whether a frame is on its way, when the peer was last
// heard, how fast it sends, and the few messages that go ahead of the link's.
//
//	greeting --Hello--> meeting --the hub found its link--> carrying
//	    |                  |                                   |
//	    +---------------- leave, by anybody -------------------+
//	                       v
//	                    leaving --Bye has left, or takes too long--> ended
//
//	(the connection breaks: ended, from any state)
type Port struct {
	// Set once.
	hub  *Hub
	conn Conn

	// Owned by the goroutine that calls Received.
	flood *flood

	// Guarded by mu.
	mu      sync.Mutex
	state   state
	link    *Link        // from carrying on
	ahead   []wire.Frame // goes before the link's: Linked, Pong
	last    []wire.Frame // goes last: Moved perhaps, and Bye
	busy    bool         // the transport has a frame
	heard   time.Time    // when the peer last said anything
	watch   *time.Timer  // calls check when the state may have lasted long enough
	closing wire.Bye
}

type state uint8

const (
	greeting state = iota
	meeting
	carrying
	leaving // Bye is on its way
	ended   // the connection is closed, or about to be: nothing is left to do
)

// maxAhead is how many frames may go before the link's: one Linked and pongs,
// which a peer that reads nothing but pings could pile up. CloseSlow.
const maxAhead = 64

// Open begins on a new connection. The transport then calls Received for each
// frame, one at a time; Sent when a frame has left; and Lost, as its last call,
// when the connection has ended.
func (h *Hub) Open(c Conn) *Port {
	p := &Port{hub: h, conn: c, flood: newFlood(), heard: time.Now()}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = time.AfterFunc(wire.HelloTimeout, p.check)
	h.meter.Opened()
	return p
}

// Received takes a frame from the client, and keeps nothing of it. It waits
// where it joins a room, which is before anybody polls. Where the client sends
// faster than it may, nothing more is to be read from it for so long.
func (p *Port) Received(frame []byte) (rest time.Duration) {
	now := time.Now()
	p.hub.meter.Received(len(frame))
	state, link := p.hear(now)
	if state >= leaving {
		return 0
	}
	rest, ok := p.flood.pass(now, len(frame))
	switch {
	case !ok:
		p.Close(wire.CloseFlood, "You send more than the limit of frames or bytes a second.")
	case state == greeting:
		p.greet(frame)
	case link != nil:
		link.said(p, frame)
	}
	return rest
}

// Poll has the transport pass on what has come.
func (p *Port) Poll() { p.conn.Poll() }

// Sent tells that the frame last written has left.
func (p *Port) Sent() {
	p.mu.Lock()
	p.busy = false
	link := p.link
	p.mu.Unlock()
	if link == nil || !link.flushFor(p) {
		p.flush(nil)
	}
}

// Lost tells that the connection has ended, by a fault that has a code or, with
// code 0, by itself.
func (p *Port) Lost(code wire.CloseCode) {
	p.mu.Lock()
	if p.state < leaving {
		p.count(code)
	}
	p.end()
	link := p.link
	p.mu.Unlock()
	if link != nil {
		link.lost(p)
	}
}

// Close says why and ends the connection, unless it is about to end already.
// The link it carried is away.
func (p *Port) Close(code wire.CloseCode, text string) {
	p.part(farewell{code: code, text: text})
}

func (p *Port) part(f farewell) {
	link, first := p.leave(f) // from here on no link begins on it
	if !first {
		return
	}
	if link != nil {
		link.lost(p)
	}
	p.flush(nil)
}

// greet takes what comes first: Hello, and pings before it, by which a client
// finds out whether anything comes through.
func (p *Port) greet(frame []byte) {
	m, err := wire.DecodeClient(frame, nil)
	if err != nil {
		p.refuse(err)
		return
	}
	switch m := m.(type) {
	case wire.Ping:
		p.say(wire.Pong{T: m.T})
	case wire.Hello:
		p.mu.Lock()
		p.state = max(p.state, meeting)
		p.mu.Unlock()
		p.hub.meet(p, m)
	default:
		p.Close(wire.CloseProtocol, "The first message must be hello.")
	}
}

// turnAway closes a connection whose hello was not good.
func (p *Port) turnAway(f farewell) {
	p.mu.Lock()
	p.ahead = nil // Linked, which would not be true
	p.mu.Unlock()
	p.part(f)
}

func (p *Port) refuse(err error) {
	code, text := wire.CloseProtocol, "This is not a message of the protocol."
	if e, ok := errors.AsType[*wire.Error](err); ok {
		code, text = e.Code, e.Text
	}
	p.Close(code, text)
}

// begin makes the port carry a link, and answers its hello; false means that
// it has ended meanwhile.
func (p *Port) begin(l *Link, answer wire.Linked) bool {
	frame, err := wire.Encode(answer)
	if err != nil {
		p.hub.log.Error("an answer to hello does not encode", "err", err)
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state >= leaving {
		return false
	}
	p.state, p.link, p.heard = carrying, l, time.Now()
	p.ahead = append(p.ahead, frame)
	return true
}

// say sends what goes ahead of the link's.
func (p *Port) say(m wire.Message) {
	frame, err := wire.Encode(m)
	if err != nil {
		p.hub.log.Error("a message does not encode", "err", err)
		return
	}
	p.mu.Lock()
	full := len(p.ahead) >= maxAhead
	if !full {
		p.ahead = append(p.ahead, frame)
	}
	p.mu.Unlock()
	if full {
		p.Close(wire.CloseSlow, "You read too slowly.")
		return
	}
	p.flush(nil)
}

// note queues a frame to go ahead, if there is room for it.
func (p *Port) note(f wire.Frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ahead) < maxAhead {
		p.ahead = append(p.ahead, f)
	}
}

// flush hands the next frame to the transport if it has none: what goes ahead,
// then what the link has, then Bye. A view that must wait for the budget says
// how long.
func (p *Port) flush(out *outbox) (wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.busy && p.state != ended {
		if p.state == leaving && len(p.last) == 0 { // Bye has left
			p.finish()
			return 0
		}
		var f wire.Frame
		if f, wait = p.next(out); f == nil {
			return wait
		}
		p.hub.meter.Sent(len(f))
		p.busy = !p.conn.Write(f)
	}
	return 0
}

// next takes the frame to send now, nil if there is none.
func (p *Port) next(out *outbox) (f wire.Frame, wait time.Duration) {
	switch {
	case len(p.ahead) > 0:
		f, p.ahead = p.ahead[0], p.ahead[1:]
	case out != nil:
		f, wait = out.next(time.Now())
	}
	if f == nil && p.state == leaving && len(p.last) > 0 {
		f, p.last = p.last[0], p.last[1:]
	}
	return f, wait
}

// leave makes Bye the last frame, and says whether nobody did before. Whoever
// calls it flushes.
func (p *Port) leave(f farewell) (link *Link, first bool) {
	last, err := f.frames()
	if err != nil {
		p.hub.log.Error("a farewell does not encode", "err", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state >= leaving {
		return p.link, false
	}
	p.count(f.code)
	p.state, p.closing, p.last = leaving, wire.Bye{Code: f.code, Text: f.text}, last
	p.watch.Reset(closeWithin)
	return p.link, true
}

// check is the watch: it ends a state that has lasted too long.
func (p *Port) check() {
	p.mu.Lock()
	state, silence := p.state, time.Since(p.heard)
	switch {
	case state == meeting:
		p.watch.Reset(wire.DeadAfter)
	case state == carrying && silence < wire.DeadAfter:
		p.watch.Reset(wire.DeadAfter - silence)
	case state == leaving:
		p.finish()
	}
	p.mu.Unlock()
	switch {
	case state == greeting:
		p.Close(wire.CloseHello, "No hello came in time.")
	case state == carrying && silence >= wire.DeadAfter:
		p.Close(wire.CloseDead, "Nothing was heard from you for too long.")
	}
}

// hear notes that the peer is alive.
func (p *Port) hear(now time.Time) (state, *Link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = now
	return p.state, p.link
}

// What follows is called under the lock.

// finish has the transport close, whatever is still on its way.
func (p *Port) finish() {
	p.end()
	p.conn.Close(p.closing.Code, p.closing.Text)
}

func (p *Port) end() {
	p.state, p.ahead, p.last = ended, nil, nil
	p.watch.Stop()
}

func (p *Port) count(code wire.CloseCode) {
	p.hub.meter.Closed(code)
	p.hub.log.Debug("connection closed", "code", code)
}
