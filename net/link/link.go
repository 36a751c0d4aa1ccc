// Package link is the conversation with one member of a room, whatever carries
// it: who they are, what they say, what must reach them and what only the
// newest of counts.
//
// A [Link] stands between a [Conn], one connection of some transport, and a
// [Member], a place in a room. It owns the queue of what must arrive, the one
// slot for the newest view, the times (hello, silence, goodbye) and the limits
// on what a client sends. It holds one lock for the length of a few
// assignments, starts no goroutine and never blocks a room: what does not fit
// any more ends the link. It knows no sockets. Read outbox.go next, then
// net/ws for how it gets there.
//
//	greeting --Hello--> joining --the room took it--> playing
//	    |                  |                             |
//	    +------------ Close, by anybody -----------------+
//	                       v
//	                    leaving --Bye has left, or takes too long--> ended
//
//	(the connection breaks: ended, from any state)
//
// # Decisions that look like mistakes and are not
//
//   - One frame at a time is with the transport: what waits, waits here, where
//     it is counted and where a view can still be replaced by a newer one.
//   - Joining cannot be cancelled: a room that took the link in while nobody
//     waited for its answer any more would keep a member that is not there. A
//     link that ended meanwhile says Gone at once.
//   - A view is not sent while anything is queued. It would arrive no later for
//     it, and it would come before events that are older than it.
//   - The member is Gone when the link begins to leave, not when the last byte
//     has left: nothing it says counts any more.
package link

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Conn is one connection of a transport, under a link. Its methods return at
// once and do not call the link back before they have returned.
type Conn interface {
	// Write starts to send a frame. When the frame has left, the transport
	// calls Link.Sent; only then comes the next Write.
	Write(wire.Frame)
	// Close tells the peer why and ends the connection, soon, whether or not
	// the peer reads and a frame is still on its way. It is called once at most.
	Close(code wire.CloseCode, text string)
}

// Host is where tickets are good for something. Join connects a link to what
// its ticket is for; it may wait, but not for long. Its error is one of this
// package's (see refusal.go).
type Host interface {
	Join(ctx context.Context, ticket string, l *Link) (Member, error)
}

// Member is a place in a room. Its methods do not wait for the room; false
// means that too much of this member's is waiting there.
type Member interface {
	Game() *game.Game
	Command(n uint32, command any) bool
	Input(t game.Tick, command any) bool
	Say(n uint32, text string) bool
	Leave() bool
	Gone()
	Clock() (last game.Tick, since time.Duration)
}

// Config is what links are made with.
type Config struct {
	Host  Host
	Meter Meter        // nil counts nothing
	Log   *slog.Logger // nil is slog.Default
}

// Link is the conversation with one member. See the package.
type Link struct {
	// Set once.
	conn  Conn
	host  Host
	meter Meter
	log   *slog.Logger

	// Owned by the goroutine that calls Received.
	flood flood

	// Guarded by mu.
	mu     sync.Mutex
	state  state
	member Member // while playing
	out    outbox
	heard  time.Time   // when the peer last said anything
	watch  *time.Timer // calls check when the state may have lasted long enough
	code   wire.CloseCode
	text   string
}

type state uint8

const (
	greeting state = iota
	joining
	playing
	leaving // Bye is on its way
	ended   // the connection is closed, or about to be: nothing is left to do
)

// Open begins the conversation over a new connection. The transport then calls
// Received for each frame, from one goroutine; Sent when a frame has left; and
// Lost, as its last call, when the connection has ended.
func Open(cfg Config, conn Conn) *Link {
	if cfg.Meter == nil {
		cfg.Meter = noMeter{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	l := &Link{conn: conn, host: cfg.Host, meter: cfg.Meter, log: cfg.Log, flood: newFlood(), heard: time.Now()}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watch = time.AfterFunc(wire.HelloTimeout, l.check)
	l.meter.Opened()
	return l
}

// Send queues what must arrive, in order. If it does not fit, the link closes
// as slow.
func (l *Link) Send(f wire.Frame) {
	l.locked(func() Member {
		if l.state >= leaving {
			return nil
		}
		if !l.out.push(f) {
			l.out.clear() // who comes back is told all that counts; Bye is to reach them
			return l.leave(wire.CloseSlow, "You read too slowly: what had to arrive did not fit in the queue.")
		}
		l.flush()
		return nil
	})
}

// Snapshot offers the newest view; one not yet on its way is replaced.
func (l *Link) Snapshot(f wire.Frame) {
	l.locked(func() Member {
		if l.state >= leaving {
			return nil
		}
		if l.out.offer(f) {
			l.meter.Replaced()
		}
		l.flush()
		return nil
	})
}

// Close says why, after what was queued, and ends the conversation. The first
// call counts.
func (l *Link) Close(code wire.CloseCode, text string) {
	l.locked(func() Member { return l.leave(code, text) })
}

// Sent tells that the frame last written has left.
func (l *Link) Sent() {
	l.locked(func() Member {
		l.out.busy = false
		l.flush()
		return nil
	})
}

// Lost tells that the connection has ended, by a fault that has a code or, with
// code 0, by itself.
func (l *Link) Lost(code wire.CloseCode) {
	l.locked(func() Member {
		if l.state < leaving {
			l.count(code)
		}
		return l.end()
	})
}

// check is the watch: it ends a state that has lasted too long.
func (l *Link) check() {
	l.locked(func() Member {
		switch silence := time.Since(l.heard); {
		case l.state == greeting:
			return l.leave(wire.CloseHello, "No hello came in time.")
		case l.state == joining:
			l.watch.Reset(wire.DeadAfter)
		case l.state == playing && silence >= wire.DeadAfter:
			return l.leave(wire.CloseDead, "Nothing was heard from you for too long.")
		case l.state == playing:
			l.watch.Reset(wire.DeadAfter - silence)
		case l.state == leaving:
			l.finish()
		}
		return nil
	})
}

// locked runs f under the lock, and tells the member it gives, without it,
// that the link is gone.
func (l *Link) locked(f func() (gone Member)) {
	gone := func() Member {
		l.mu.Lock()
		defer l.mu.Unlock()
		return f()
	}()
	if gone != nil {
		gone.Gone()
	}
}

// What follows is called under the lock.

// flush hands the next frame to the transport if it has none.
func (l *Link) flush() {
	if l.state == ended || l.out.busy {
		return
	}
	f := l.out.next()
	switch {
	case f != nil:
		l.meter.Sent(len(f))
		l.conn.Write(f)
	case l.state == leaving: // Bye was the last
		l.finish()
	}
}

// leave makes Bye the last frame, and gives the member to be told.
func (l *Link) leave(code wire.CloseCode, text string) (gone Member) {
	if l.state >= leaving {
		return nil
	}
	l.count(code)
	l.state, l.code, l.text = leaving, code, text
	gone, l.member = l.member, nil
	bye, err := wire.Encode(wire.Bye{Code: code, Text: text})
	if err != nil {
		l.log.Error("a farewell does not encode", "err", err)
	} else {
		l.out.last(bye)
	}
	l.watch.Reset(closeWithin)
	l.flush()
	return gone
}

// finish has the transport close, whatever is still on its way.
func (l *Link) finish() {
	l.end()
	l.conn.Close(l.code, l.text)
}

// end forgets everything, and gives the member to be told.
func (l *Link) end() (gone Member) {
	gone, l.member = l.member, nil
	l.state = ended
	l.out.clear()
	l.watch.Stop()
	return gone
}

func (l *Link) count(code wire.CloseCode) {
	l.meter.Closed(code)
	l.log.Debug("link closed", "code", code)
}
