package link

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"tickroom/net/wire"
)

// Config is what a hub is made with.
type Config struct {
	Host  Host
	Meter Meter        // nil counts nothing
	Log   *slog.Logger // nil is slog.Default
}

// Hub is where connections of all transports find the links they carry. A link
// is in it from its first hello until its room closes it, so there are as many
// as memberships, which rooms bound.
type Hub struct {
	// Set once.
	host  Host
	meter Meter
	log   *slog.Logger

	// Guarded by mu, which is taken last.
	mu    sync.Mutex
	links map[string]*Link
}

// NewHub makes a hub without links.
func NewHub(cfg Config) *Hub {
	if cfg.Meter == nil {
		cfg.Meter = noMeter{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Hub{host: cfg.Host, meter: cfg.Meter, log: cfg.Log, links: map[string]*Link{}}
}

// meet brings a port to the link its hello is about: one that is known, or a
// new one that the host lets in.
func (h *Hub) meet(p *Port, hello wire.Hello) {
	if l := h.find(hello); l != nil {
		if l.carry(p, hello) {
			return
		}
		if !l.over() {
			p.Close(wire.CloseReplaced, replaced)
			return
		}
	}
	h.join(p, hello)
}

const replaced = "You came over another connection."

// join makes a new link and has the host let it in.
func (h *Hub) join(p *Port, hello wire.Hello) {
	why := "new"
	if hello.Link != "" {
		why = "unknown"
	}
	l := &Link{hub: h, name: rand.Text(), ticket: hello.Ticket, port: p, try: hello.Try, out: newOutbox()}
	l.view = time.AfterFunc(time.Hour, l.due)
	l.view.Stop()
	if !p.begin(l, wire.Linked{Link: l.name, Why: why}) {
		return
	}
	member, err := h.host.Join(context.Background(), hello.Ticket, l)
	if err != nil {
		code, text := refusal(err)
		if code == wire.CloseBusy {
			h.log.Warn("joining failed", "err", err)
		}
		p.Close(code, text)
		return
	}
	h.log.Debug("link joined", "client", hello.Client, "game", member.Game().Name)
	l.joined(member)
}

// joined gives a link its member, and can be found from now on. If the
// connection ended meanwhile, the member is told so.
func (l *Link) joined(m Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return // by the room, which is quick to change its mind
	}
	l.member = m
	l.hub.remember(l)
	if l.port == nil {
		m.Gone()
	}
	l.flush()
}

func (h *Hub) find(hello wire.Hello) *Link {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l := h.links[hello.Link]; l != nil && l.is(hello) {
		return l
	}
	return nil
}

func (h *Hub) remember(l *Link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.links[l.name] = l
}

func (h *Hub) forget(l *Link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.links, l.name)
}

// over says whether the conversation has ended.
func (l *Link) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}
