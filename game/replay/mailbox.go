package replay

import (
	"sync"

	"tickroom/net/wire"
)

// letter is what a link did.
type letter struct {
	from *Member
	act  act
	n    uint32
}

type act uint8

const (
	actAsk act = iota
	actLeave
	actJoin
	actGone
	actBack
	actRenew
)

// ofConnection says whether an act is about the connection: such ones are as
// many as connections, and always taken.
func (a act) ofConnection() bool { return a >= actJoin }

// mailbox is how everything reaches a screening, in order; of what is to be
// shown there is only the newest.
type mailbox struct {
	wake chan struct{} // holds one token while anything waits

	// Guarded by mu.
	mu sync.Mutex
	mail
	closed bool
}

// mail is what came in.
type mail struct {
	letters []letter
	newest  *wish
	grown   *Record  // the newest, if it is newer than what was taken
	end     farewell // zero while it is not to end
}

// wish is what a viewer wants to be shown.
type wish struct {
	from *Member
	wire.Show
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (b *mailbox) post(l letter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return true // the link is closed, or about to be
	case !l.act.ofConnection() && len(b.letters) >= maxLetters:
		return false
	}
	b.letters = append(b.letters, l)
	b.ring()
	return true
}

func (b *mailbox) show(from *Member, w wire.Show) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w.Tick == wire.Here && b.newest != nil && b.newest.from == from {
		w.Tick = b.newest.Tick // where the one before, not heard yet, wants to be
	}
	b.newest = &wish{from, w}
	b.ring()
	return true
}

// join leaves a link that comes; false means that nobody will take it in.
func (b *mailbox) join(m *Member) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.letters = append(b.letters, letter{from: m, act: actJoin})
	b.ring()
	return true
}

func (b *mailbox) grow(r *Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.grown = r
	b.ring()
}

// leave asks for the end.
func (b *mailbox) leave(f farewell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end = f
	b.ring()
}

func (b *mailbox) take() mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.mail
	b.mail = mail{}
	return taken
}

// close refuses what comes from now on, and gives what was not taken.
func (b *mailbox) close() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return b.letters
}

// ring is called under the lock.
func (b *mailbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
