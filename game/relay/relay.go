// Package relay has no rules: what one member says goes to all, to all others,
// or to one seat. It is the smallest game there is, a chat or a prototype
// without server code, and the first file to read before writing a game.
//
// What is said is bytes that mean something to the clients alone. Nothing is
// kept: who comes later has missed it, and there is no log to play again.
package relay

import (
	"unicode/utf8"

	"tickroom/game"
)

// Limits of what a member may say.
const (
	MaxName   = 64       // bytes: it names a kind of message, it does not carry one
	MaxData   = 4 << 10  // bytes: half of a frame, so that one always fits
	MaxSecond = 16 << 10 // bytes a second and seat: all members at it are 512 KiB a second to each reader
	Overhead  = 256      // bytes counted for each message, so that empty ones are bounded too
)

// To whom a Command goes, when not to the seat of that number.
const (
	All    = -1 // everybody, the sender too
	Others = -2 // everybody but the sender
)

// Command says something.
type Command struct {
	To   int // All, Others or a seat
	Name string
	Data []byte
}

// Message is the event that a command becomes.
type Message struct {
	From int // the seat that said it
	Name string
	Data []byte
}

// View is empty: there is nothing to see, only to hear.
type View struct{}

// Game is the relay, ready for a catalog.
var Game = game.Define(game.Info{
	Name: "relay", Title: "Relay", Summary: "A chat, and named messages for prototypes.",
	Version: 1, Seats: 32, TickRate: 30, SnapshotRate: 1, Late: true, Unlogged: true,
	Events: []any{Message{}},
}, start)

type rules struct {
	said []int // bytes in this second, by seat
}

func start(t *game.Turn) *rules { return &rules{said: make([]int, t.Seats())} }

func (r *rules) Apply(t *game.Turn, from game.Seat, c Command) error {
	cost := Overhead + len(c.Name) + len(c.Data)
	switch {
	case len(c.Name) == 0 || len(c.Name) > MaxName || !utf8.ValidString(c.Name):
		return game.Refuse("bad-name", "A message needs a name of 1 to 64 bytes.")
	case len(c.Data) > MaxData:
		return game.Refuse("too-large", "A message carries at most 4096 bytes.")
	case c.To < Others || c.To >= t.Seats():
		return game.Refuse("no-such-seat", "There is no such seat.")
	case c.To >= 0 && t.SeatState(game.Seat(c.To)) != game.Taken:
		return game.Refuse("not-there", "Nobody is on that seat now.")
	case r.said[from]+cost > MaxSecond:
		return game.Refuse("too-much", "You say more than 16 KiB a second.")
	}
	r.said[from] += cost
	m := Message{From: int(from), Name: c.Name, Data: c.Data}
	switch c.To {
	case All:
		t.Emit(m)
	case Others:
		t.EmitExcept(from, m)
	default:
		t.EmitTo(game.Seat(c.To), m)
	}
	return nil
}

func (r *rules) Step(t *game.Turn) {
	if int(t.Tick())%t.TickRate() == 0 {
		clear(r.said)
	}
}

func (r *rules) View(game.Seat) View { return View{} }
