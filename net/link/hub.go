package link

import (
	"context"
	"log/slog"
	"sync"

	"golang.org/x/time/rate"

	"tickroom/net/wire"
)

// Config is what a hub is made with.
type Config struct {
	Host Host
	// Refuge is asked where a link is to go on that this server ends because it
	// goes away: the channel's URL at another server for what the ticket is for,
	// "" if there is none. It must not wait, and not call links. nil knows none.
	Refuge func(ticket string) string

	Meter Meter        // nil counts nothing
	Log   *slog.Logger // nil is slog.Default
}

// Hub is where connections of all transports find the links they carry. A
// ticket has one link: it is here from its first hello until its room closes
// it, so there are as many as memberships, which rooms bound, and connections
// that wait to be let in.
type Hub struct {
	// Set once.
	host   Host
	refuge func(ticket string) string
	meter  Meter
	log    *slog.Logger

	desyncs rate.Sometimes // safe for all

	// Guarded by mu, which is taken last.
	mu    sync.Mutex
	links map[string]*Link // by ticket
}

// NewHub makes a hub without links.
func NewHub(cfg Config) *Hub {
	if cfg.Meter == nil {
		cfg.Meter = noMeter{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Refuge == nil {
		cfg.Refuge = func(string) string { return "" }
	}
	return &Hub{
		host: cfg.Host, refuge: cfg.Refuge, meter: cfg.Meter, log: cfg.Log, links: map[string]*Link{},
		desyncs: rate.Sometimes{Interval: desyncsLogged},
	}
}

// meet brings a port to the link its hello is about: one that is known, or a
// new one that the host lets in.
func (h *Hub) meet(p *Port, hello wire.Hello) {
	if err := h.host.Await(context.Background(), hello.Ticket); err != nil {
		p.turnAway(h.refused(hello.Ticket, err))
		return
	}
	for {
		l, older, fresh := h.linkOf(hello, p)
		if fresh {
			h.join(p, l, older, hello)
			return
		}
		<-l.ready
		switch {
		case l.name == hello.Link && l.carry(p, hello):
			return
		case l.over():
			h.forget(l)
		case l.name == hello.Link:
			p.Close(wire.CloseReplaced, replaced)
			return
		default:
			p.Close(wire.CloseTakenOver, "Your ticket is in use elsewhere.")
			return
		}
	}
}

const replaced = "You came over another connection."

// linkOf is the link that has the ticket of a hello, or a fresh one, which is to
// join and to end the older. Whoever has seen something of a link, or has lost
// the ticket to this one already, does not fight back.
func (h *Hub) linkOf(hello wire.Hello, p *Port) (l, older *Link, fresh bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	older = h.links[hello.Ticket]
	if older != nil && (older.name == hello.Link || older.before == hello.Link || hello.Seen > 0) {
		return older, nil, false
	}
	l = newLink(h, p, hello)
	if older != nil {
		l.before = older.name
	}
	h.links[l.ticket] = l
	return l, older, true
}

// join has the host let a new link in: after the older one of its ticket, so
// that the newest has the last word.
func (h *Hub) join(p *Port, l, older *Link, hello wire.Hello) {
	defer close(l.ready)
	if older != nil {
		<-older.ready
	}
	if !p.begin(l, wire.Linked{Why: l.unread}) {
		h.undo(l, older)
		return
	}
	member, err := h.host.Join(context.Background(), hello.Ticket, l)
	if err != nil {
		h.undo(l, older)
		p.turnAway(h.refused(hello.Ticket, err))
		return
	}
	h.log.Debug("link joined", "client", hello.Client, "game", member.Game().Name)
	l.joined(member)
}

// undo takes back a link that was not let in: its ticket is the older one's.
func (h *Hub) undo(l, older *Link) {
	l.mu.Lock()
	l.end()
	l.mu.Unlock()
	if older == nil || older.over() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.links[l.ticket] == nil {
		h.links[l.ticket] = older
	}
}

// forget is called when a link has ended.
func (h *Hub) forget(l *Link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.links[l.ticket] == l {
		delete(h.links, l.ticket)
	}
}

// joined gives a link its member. If the connection ended meanwhile, the member
// is told so.
func (l *Link) joined(m Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return // by the room, which is quick to change its mind
	}
	l.member = m
	if l.port == nil {
		m.Gone()
	}
	l.flush()
}

// over says whether the conversation has ended.
func (l *Link) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}
