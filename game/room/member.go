package room

import (
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Member is one link's place in a room: what Join gives to it. Its methods
// never wait for the room. The bool says whether the room took it: false means
// too much of this member's is waiting for the next tick, and its link should
// close as busy. After a newer link took over, what an older one says is ignored.
type Member struct {
	// Set once.
	room *Room
	who  *membership
	link Link

	// Owned by Run.
	begun bool // Welcome is on its way

	// Guarded by the mailbox's mu.
	waiting int // letters in the mailbox
}

// Game is what is played in the room.
func (m *Member) Game() *game.Game { return m.room.cfg.Game }

// Seat is where the member sits; game.Watcher when it looks on.
func (m *Member) Seat() game.Seat { return m.who.seat }

// Command asks for a command to be done; a wire.Reply with n answers it.
func (m *Member) Command(n uint32, command any) bool {
	return m.post(letter{act: actCommand, n: n, command: command})
}

// Input gives the newest state of the player's controls, as of tick t.
func (m *Member) Input(t game.Tick, command any) bool {
	return m.post(letter{act: actInput, tick: t, command: command})
}

// Say says a line to everybody; a wire.Reply with n answers it.
func (m *Member) Say(n uint32, text string) bool {
	return m.post(letter{act: actSay, n: n, text: text})
}

// Leave gives the seat up for good. The room closes the link.
func (m *Member) Leave() bool { return m.post(letter{act: actLeave}) }

// Show is nothing: a match that runs is shown as it is now.
func (m *Member) Show(wire.Show) bool { return true }

// Gone tells that nothing carries the link now: the seat is held for the grace.
func (m *Member) Gone() { m.post(letter{act: actGone}) }

// Back tells that something carries the link again, and nothing was lost.
func (m *Member) Back() { m.post(letter{act: actBack}) }

// Renew is Back where what was told meanwhile is lost: all that counts is told
// anew, from Welcome on.
func (m *Member) Renew() { m.post(letter{act: actRenew}) }

// Clock is the last tick played, and how long ago it was due.
func (m *Member) Clock() (game.Tick, time.Duration) { return m.room.clock.read() }

func (m *Member) post(l letter) bool {
	l.from = m
	return m.room.box.post(l)
}
