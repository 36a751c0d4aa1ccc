// Package link is the conversation with one member of a room, over any number
// of connections of any transport: what must arrive does, once and in order,
// and of what only the newest counts, only the newest is sent.
//
// A [Link] stands between a [Member], a place in a room, and the [Port] of the
// connection that carries it now. It outlives ports: while there is none, it
// keeps what must arrive, and a client that comes back goes on where it was. It
// owns the queue of what is not acknowledged, the one slot for the newest view,
// and the count of what the client said. A [Hub] knows all links by name.
//
// Nothing here starts a goroutine or knows a socket, and no lock is held for
// longer than a few assignments and a Conn.Write, which returns at once. A room
// is never blocked: what does not fit any more makes the link fall behind, its
// connection ends, and who comes back is told everything anew.
//
//	           Hello                      the port ends
//	(none) ------------> carried <----------------------+
//	                        |  \                         \
//	                        |   +---- the port ends ----> away   (the seat is held)
//	       the room closes  |                               |
//	       it: Bye          v          the room closes it   v
//	                      ended <---------------------------+
//
// Read outbox.go for what is kept, port.go for one connection, hub.go for how
// they find each other, farewell.go for where a link goes on that ends here, and
// shown.go for how it is found out that a client has not what it was sent.
//
// # Decisions that look like mistakes and are not
//
//   - Messages that must arrive carry no number on the way down: connections are
//     ordered, so both sides count. It costs no byte, and resuming says the count.
//   - A link that is behind forgets what it kept and stays: what the client said
//     is still counted, so no command is done twice though all is told anew.
//   - Who was told that it was not resumed, and came back without a word, is told
//     so again, and the same from Welcome on. If it did not read the first answer,
//     what it has seen counts messages of before, and would skip as many of those
//     of now.
//   - A view is not sent while anything is queued. It would arrive no later for
//     it, and it would come before events that are older than it.
//   - Linked is not sent before the room has let the link in, though it is
//     written before: who has no right to a seat hears nothing but why.
//   - Joining cannot be cancelled: a room that took the link in while nobody
//     waited for its answer any more would keep a member that is not there.
package link

import (
	"context"
	"sync"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Host is where tickets are good for something. Join connects a link to what
// its ticket is for; it may wait, but not for long. Its error is one of this
// package's (see refusal.go).
type Host interface {
	// Await waits until what a ticket is for is here, if it is on its way from
	// another process; not for long. Its error is as of Join.
	Await(ctx context.Context, ticket string) error
	Join(ctx context.Context, ticket string, l *Link) (Member, error)
}

// Member is a place in a room. Its methods do not wait for the room, and do not
// call the link: they are called under its lock. False means that too much of
// this member's is waiting there.
type Member interface {
	Game() *game.Game
	Command(n uint32, command any) bool
	Input(t game.Tick, command any) bool
	Say(n uint32, text string) bool
	Leave() bool
	// Show asks for something else of a replay to be shown.
	Show(wire.Show) bool
	// Gone: nothing carries the link any more. Back: something does again. Renew:
	// what was told is lost, tell all that counts from Welcome on; Back is implied.
	Gone()
	Back()
	Renew()
	Clock() (last game.Tick, since time.Duration)
}

// Link is the conversation with one member. See the package.
type Link struct {
	// Set once.
	hub    *Hub
	name   string // its client's choice
	ticket string
	before string        // the name of the link that had the ticket before
	ready  chan struct{} // closed when the room has let it in, or not

	// Guarded by mu, which is taken before a port's.
	mu     sync.Mutex
	member Member // nil until the room took the link in
	port   *Port  // what carries it; nil while away
	try    uint32 // of the port's hello
	out    outbox
	in     inbox
	ended  bool
	view   *time.Timer // flushes when the budget has room for the view

	// How far the client knows what is kept; guarded by mu.
	behind    bool   // nothing is kept until Begin: it did not fit, or did not begin where the client is
	renewing  bool   // the room was asked to begin anew, and has not yet
	restoring bool   // what it is told now was told before, by another process
	unread    string // why it was not resumed was answered, and the client may not have read it
}

// newLink is a link that its room has yet to let in.
func newLink(h *Hub, p *Port, hello wire.Hello) *Link {
	l := &Link{
		hub: h, name: hello.Link, ticket: hello.Ticket, ready: make(chan struct{}),
		port: p, try: hello.Try, out: newOutbox(),
	}
	l.unread = "new"
	if hello.Seen > 0 {
		l.unread = "unknown"
	}
	l.view = time.AfterFunc(time.Hour, l.due)
	l.view.Stop()
	return l
}

// Begin is Send of Welcome: all that counts is told from here on, and whatever
// was kept from before is void.
func (l *Link) Begin(f wire.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.behind, l.renewing = false, false
	l.out.restart()
	l.send(f)
}

// Send queues what must arrive, in order. If it does not fit, the link falls
// behind and its connection closes as slow.
func (l *Link) Send(f wire.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.send(f)
}

// Snapshot offers the newest view; one not yet on its way is replaced.
func (l *Link) Snapshot(f wire.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port == nil || l.ended || l.behind {
		return // who comes back is offered one then; this would be old
	}
	if l.out.offer(f) {
		l.hub.meter.Replaced()
	}
	l.flush()
}

// Poll has what the client said passed on, as far as it has come; if nobody ever
// asks, it comes by itself. It does not wait.
func (l *Link) Poll() {
	l.mu.Lock()
	p := l.port
	l.mu.Unlock()
	if p != nil {
		p.Poll()
	}
}

// Note says how the room is now, at once but not before Welcome, if anything
// carries the link.
func (l *Link) Note(f wire.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.port == nil || l.ended:
		return
	case l.out.note != nil || l.out.welcomes():
		l.out.note = f
	default:
		l.port.note(f)
	}
	l.flush()
}

// Name is what its client calls it.
func (l *Link) Name() string { return l.name }

// Close says why, after what was queued, and ends the conversation for good.
// The first call counts.
func (l *Link) Close(code wire.CloseCode, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.end()
	if l.port != nil {
		l.port.leave(l.hub.farewell(l.ticket, code, text))
		l.flush()
	}
}

// take is a message of the client that must arrive. It is done when it is the
// next, and nothing when it came before.
func (l *Link) take(p *Port, n uint32, do func() bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port != p || l.ended {
		return // from a connection that carries it no more
	}
	switch next, ok := l.in.due(n); {
	case !ok:
		l.drop(wire.CloseProtocol, "A message is missing: its number skips others.")
	case !next:
	case do():
		l.in.took()
	default:
		l.drop(wire.CloseBusy, busy)
	}
}

// ack is what the client says has arrived.
func (l *Link) ack(p *Port, seen uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port == p && !l.behind && !l.out.ack(seen) {
		l.drop(wire.CloseProtocol, "You acknowledge what was never sent.")
	}
}

// carry has a new port carry the link, by its hello; the older one is replaced.
// It answers with Linked, and tells the member. False means that the link has
// ended, or this hello is older than one that came before it, whose connection
// may be gone again: what it says is seen is out of date.
func (l *Link) carry(p *Port, hello wire.Hello) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || hello.Try <= l.try {
		return false
	}
	old := l.port
	l.port, l.try = nil, hello.Try
	if old != nil {
		old.leave(farewell{code: wire.CloseReplaced, text: replaced})
		old.flush(nil)
	}
	answer := wire.Linked{Resumed: l.goOn(hello.Seen), Received: l.in.received}
	if !answer.Resumed {
		answer.Why = l.unread
	}
	switch {
	case p.begin(l, answer):
		l.port = p
		l.back()
		l.flush()
	case old != nil: // this one has ended already, and the older one is let go
		l.member.Gone()
	}
	return true
}

// goOn has what is kept begin where the client is; false means that it begins
// with Welcome.
func (l *Link) goOn(seen uint32) (resumed bool) {
	if l.unread == "new" && seen > 0 {
		l.unread = "" // who has seen welcome has read it
	}
	switch {
	case l.behind && !l.renewing:
	case l.unread != "":
		l.out.rewind()
		return false
	case l.out.resume(seen):
		return true
	}
	l.out.restart()
	l.behind = true
	if l.unread == "" {
		l.unread = "behind"
	}
	return false
}

// back tells the member that something carries the link again. The room is
// asked once to begin anew, however often the client comes before it does.
func (l *Link) back() {
	if l.behind && !l.renewing {
		l.renewing = true
		l.member.Renew()
		return
	}
	l.member.Back()
}

// lost tells that a port has ended.
func (l *Link) lost(p *Port) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port != p {
		return
	}
	l.away()
}

// memberOver is who a port speaks for; nil if it carries the link no more. Who
// says anything has read the answer to its hello.
func (l *Link) memberOver(p *Port) Member {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port != p || l.ended {
		return nil
	}
	l.unread = ""
	return l.member
}

// flushFor flushes if this port carries the link.
func (l *Link) flushFor(p *Port) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port != p {
		return false
	}
	l.flush()
	return true
}

// What follows is called under the lock.

func (l *Link) send(f wire.Frame) {
	switch {
	case l.ended || l.behind:
	case l.restoring:
		l.out.pushAgain(f)
	case l.out.push(f):
		l.flush()
	default:
		l.behind = true
		l.out.restart()
		l.drop(wire.CloseSlow, "You read too slowly: what had to arrive did not fit in the queue.")
	}
}

// drop ends the connection that carries the link, which is away then.
func (l *Link) drop(code wire.CloseCode, text string) {
	if p := l.port; p != nil {
		l.away()
		p.leave(farewell{code: code, text: text})
		p.flush(nil)
	}
}

// away is when nothing carries the link any more.
func (l *Link) away() {
	l.port, l.out.note, l.out.view, l.out.newest = nil, nil, nil, nil
	if !l.ended && l.member != nil {
		l.member.Gone()
	}
}

// flush gives the port what it can take.
func (l *Link) flush() {
	if l.port == nil {
		return
	}
	if wait := l.port.flush(&l.out); wait > 0 && !l.ended {
		l.view.Reset(wait)
	}
}

// due is the timer of a view that waited for its budget.
func (l *Link) due() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
}

func (l *Link) end() {
	l.ended = true
	l.view.Stop()
	l.hub.forget(l)
}
