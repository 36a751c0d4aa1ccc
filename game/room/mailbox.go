package room

import (
	"slices"
	"sync"

	"tickroom/game"
)

// mailbox is how everything reaches a room. What members do waits in it for
// the next tick and wakes nobody; a call, which somebody is waiting for, wakes
// the room. Both keep one order, so a member's command comes before its leave.
type mailbox struct {
	wake chan struct{} // holds one token while a call waits

	// Guarded by mu.
	mu      sync.Mutex
	letters []letter
	calls   int
	closed  error // why nothing is taken any more
}

// letter is one thing for the room to do: a call, or what a member did.
type letter struct {
	call func() // runs in the room's goroutine

	from    *Member
	act     act
	n       uint32
	tick    game.Tick
	text    string
	command any
}

type act uint8

const (
	actCommand act = iota
	actInput
	actSay
	actLeave
	actGone
	actBack
	actRenew
)

// ofConnection says whether an act is about the connection and not of the
// player: such ones are as many as connections, and always taken.
func (a act) ofConnection() bool { return a >= actGone }

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// post leaves a member's letter for the next tick; false means that member has
// too many waiting.
func (b *mailbox) post(l letter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed != nil {
		return true // the room has closed the link, or is about to
	}
	if !l.act.ofConnection() && l.from.waiting >= maxLetters {
		return false
	}
	l.from.waiting++
	b.letters = append(b.letters, l)
	return true
}

// ask leaves a call and wakes the room.
func (b *mailbox) ask(call func()) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed != nil:
		return b.closed
	case b.calls >= maxCalls:
		return ErrBusy
	}
	b.calls++
	b.letters = append(b.letters, letter{call: call})
	b.ring()
	return nil
}

// tell leaves a call that nobody waits for. It is always taken: there is one at
// a time.
func (b *mailbox) tell(call func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed == nil {
		b.letters = append(b.letters, letter{call: call})
		b.ring()
	}
}

// dropInputs forgets the inputs that wait. Newer ones follow.
func (b *mailbox) dropInputs() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = slices.DeleteFunc(b.letters, func(l letter) bool {
		input := l.from != nil && l.act == actInput
		if input {
			l.from.waiting--
		}
		return input
	})
}

// take empties the box into letters handed back from the last time.
func (b *mailbox) take(into []letter) []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.letters
	b.letters = into[:0]
	b.calls = 0
	for _, l := range taken {
		if l.from != nil {
			l.from.waiting = 0
		}
	}
	return taken
}

// close refuses what comes from now on.
func (b *mailbox) close(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = why
}

func (b *mailbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
