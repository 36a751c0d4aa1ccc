package link

import (
	"tickroom/game"
	"tickroom/net/wire"
)

// shown is what the last views were that a link gave to a connection: a ring of
// their hashes. A tick may be in it twice, since a replay goes back.
type shown struct {
	ring [wire.ViewsKnown]struct {
		tick game.Tick
		hash uint32
		sent bool
	}
	next int
}

// add remembers a snapshot. What is none is nothing.
func (s *shown) add(f wire.Frame) {
	tick, hash, ok := wire.ViewIn(f)
	if !ok {
		return
	}
	at := &s.ring[s.next]
	at.tick, at.hash, at.sent = tick, hash, true
	s.next = (s.next + 1) % wire.ViewsKnown
}

// differs says whether a client has something else than any view of that tick,
// and forgets those: each difference is one. A tick that is not known is nothing.
func (s *shown) differs(c wire.Check) bool {
	known, same := false, false
	for i := range s.ring {
		if at := &s.ring[i]; at.sent && at.tick == c.Tick {
			known, same = true, same || at.hash == c.Hash
		}
	}
	if !known || same {
		return false
	}
	for i := range s.ring {
		if at := &s.ring[i]; at.tick == c.Tick {
			at.sent = false
		}
	}
	return true
}

// check compares what a client has of a view with what it was sent. If that is
// another, it is told, and gets the newest view again.
func (l *Link) check(p *Port, c wire.Check) {
	desync, err := wire.Encode(wire.Desync{Tick: c.Tick})
	if err != nil {
		return // of a number: cannot be
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.port != p || l.ended || !l.out.shown.differs(c) {
		return
	}
	l.hub.desynced(l.name, c)
	l.out.again()
	p.note(desync)
	l.flush()
}

// desynced counts a difference, and logs one now and then.
func (h *Hub) desynced(name string, c wire.Check) {
	h.meter.Desynced()
	h.desyncs.Do(func() {
		h.log.Debug("a client has another view than it was sent", "link", name, "tick", c.Tick)
	})
}
