package link

import (
	"slices"

	"tickroom/net/wire"
)

// A link goes on in another process: with what it kept when its room was saved,
// and what the room tells it again since.

// Outbox is what is kept for the client, to be saved with the room.
func (l *Link) Outbox() wire.Outbox {
	l.mu.Lock()
	defer l.mu.Unlock()
	return wire.Outbox{Acked: l.out.acked, Frames: slices.Clone(l.out.queue), Behind: l.behind}
}

// Restore makes a link that another process had, away, with what it kept, so that
// its room can tell it again all that it was told there since. Restored ends that.
func (h *Hub) Restore(ticket, name string, had wire.Outbox) *Link {
	l := newLink(h, nil, wire.Hello{Ticket: ticket, Link: name})
	l.unread, l.restoring = "", true
	l.out.acked, l.behind = had.Acked, had.Behind
	for _, f := range had.Frames {
		l.out.pushAgain(f)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.links[ticket] = l
	return l
}

// Restored is when a link is as it was: received is the number of the client's
// last message. From here on it is a link like any other that is away.
func (l *Link) Restored(m Member, received uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.member, l.in.received, l.restoring = m, received, false
	close(l.ready)
}
