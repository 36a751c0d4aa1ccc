package link

// Links is how many links a hub knows.
func (h *Hub) Links() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.links)
}

// Kept is what a link keeps for its client.
func (l *Link) Kept() (frames, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.out.queue), l.out.bytes
}

// Ahead is how many frames wait to go before the link's.
func (p *Port) Ahead() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.ahead)
}
