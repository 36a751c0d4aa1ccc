package replay

import (
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Link is what a screening needs of the conversation with its viewer. Its
// methods never block. Frames are never changed.
type Link interface {
	// Begin queues Welcome: all that counts is told from here on.
	Begin(wire.Frame)
	// Send queues what must arrive, in order.
	Send(wire.Frame)
	// Snapshot offers the newest view; one not yet on its way is replaced.
	Snapshot(wire.Frame)
	// Note says how the screening is now, at once, if anything carries the link.
	Note(wire.Frame)
	// Close says why, after what was queued, and ends the conversation for good.
	Close(code wire.CloseCode, text string)
}

// Member is one link's place in a screening: what Join gives to it. Its methods
// never wait. The bool says whether it was taken: false means that too much
// waits, and its link should close as busy. After a newer link took over, what
// an older one says is ignored.
type Member struct {
	// Set once.
	screening *Screening
	link      Link

	// Owned by Run.
	begun bool // Welcome is on its way
}

// Game is what was played.
func (m *Member) Game() *game.Game { return m.screening.game }

// Show says what is to be shown; a newer one makes it worthless.
func (m *Member) Show(w wire.Show) bool { return m.screening.box.show(m, w) }

// Command is refused: nobody acts in a match that is over.
func (m *Member) Command(n uint32, _ any) bool { return m.post(letter{act: actAsk, n: n}) }

// Say is refused: there is nobody to hear it.
func (m *Member) Say(n uint32, _ string) bool { return m.post(letter{act: actAsk, n: n}) }

// Input is nothing.
func (m *Member) Input(game.Tick, any) bool { return true }

// Leave ends the screening.
func (m *Member) Leave() bool { return m.post(letter{act: actLeave}) }

// Gone tells that nothing carries the link now: what is shown stands still.
func (m *Member) Gone() { m.post(letter{act: actGone}) }

// Back tells that something carries the link again, and nothing was lost.
func (m *Member) Back() { m.post(letter{act: actBack}) }

// Renew is Back where what was told meanwhile is lost.
func (m *Member) Renew() { m.post(letter{act: actRenew}) }

// Clock is the last tick shown, and how long ago it was due.
func (m *Member) Clock() (game.Tick, time.Duration) { return m.screening.clock.read() }

func (m *Member) post(l letter) bool {
	l.from = m
	return m.screening.box.post(l)
}
