// Package room runs one match: it gives out its seats, moves it on by ticks,
// tells its members what they may see, and has its result kept.
//
// A room is one goroutine, [Room.Run], that owns the match and everything about
// who is where. Everything else reaches it through one bounded mailbox. What
// members do waits there for the next tick; requests that somebody waits for (a
// seat, a link joining) are answered at once, but the match hears of them on
// the tick too. Time inside a room is counted in ticks, so that it can be
// stepped, replayed and tested exactly.
//
// It never blocks: links take or close, the store is called from another
// goroutine, and there is no lock that anyone holds for long. It knows no
// sockets, no HTTP and no database. Read tick.go next.
//
// # Seats
//
// A seat is open, held, taken or given up. Held is both "promised to somebody
// who has not connected yet" and "its player dropped and may come back": the
// same state with the same countdown. Coming and coming back are the same act
// with the same ticket, and the newer link takes over.
//
// # Going on elsewhere
//
// What happens is written to a journal, and a room is recovered by playing that
// forward: recover.go. Where its game can be saved, a room writes down all of
// itself now and then, and is played from there: saved.go, past.go.
//
// # Decisions that look like mistakes and are not
//
//   - The last tick's events and view are held back until the result is stored:
//     nobody is told what could still be lost. So is everything that must arrive
//     until what it came of is in the journal (see journal.go), but no view is.
//   - A ticket is good until its membership ends, not for one use: that is what
//     makes a reload, a new network and a second tab the same simple act.
//   - A saved room has no log of its match: it is in the journal already. Who needs
//     what was before has it played again; most rooms never do.
//   - A room behind its clock lets the clock slip after a few ticks instead of
//     running them all: nobody can play faster to catch up.
package room

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tickroom/game"
	"tickroom/game/room/alarm"
)

// Config is what a room is made with. Zero durations mean the default named
// beside them.
type Config struct {
	ID    string // uuid; the match's id too
	Game  *game.Game
	Setup game.Setup
	Key   []byte // secret of this room, 32 random bytes: tickets are sealed with it

	Grace   time.Duration // a dropped player's seat is kept so long; 60 s
	Reserve time.Duration // a seat given out waits so long for its first connection; 15 s
	Idle    time.Duration // a room nobody is in stays open so long; 30 s
	Linger  time.Duration // members may stay so long after the end; 60 s
	KeepFor time.Duration // how long keeping the result is retried; 10 min

	SaveEvery time.Duration // how often it is saved in its journal, if its game can be; 1 min

	// Journal is where what happens is written. nil, and for an unlogged game,
	// the room ends with its process.
	Journal Journal
	// History reads all chunks of this room's journal. A room that Recover began
	// with a saved state asks for it when all of its log is wanted (see past.go).
	History func(context.Context) ([][]byte, error)
	// Lane is what rooms share that play their history again: as many do at a time
	// as fit in. nil has place for all.
	Lane chan struct{}
	// Timer makes what wakes the room for its ticks; nil is alarm.Plain.
	Timer func() alarm.Timer
	// Keep stores how the match ended. It may be slow: the room calls it from
	// a goroutine of its own, again and again until it returns nil or ErrMoved.
	Keep func(context.Context, Record) error
	// Changed is called in the room's goroutine after Status changed. It must
	// not block and not call the room.
	Changed func(Status)
	Meter   Meter        // nil counts nothing
	Log     *slog.Logger // nil is slog.Default
}

// Player is who asks for a seat.
type Player struct {
	ID, Name string
}

// Grant is the right to a seat, or to watch.
type Grant struct {
	Ticket string
	Seat   game.Seat // game.Watcher when watching
	// Expires is when the seat is given up unless its player has connected;
	// zero while they are connected.
	Expires time.Time
}

// Phase is how far a room has come.
type Phase string

const (
	Waiting Phase = "waiting" // for Info.MinSeats players
	Running Phase = "running"
	Over    Phase = "over"   // the match ended; members may still talk
	Closed  Phase = "closed" // nobody may come any more
)

// Status is a room as others see it: a copy, renewed by the room.
type Status struct {
	ID       string
	Phase    Phase
	Free     int      // seats that can be taken now
	Members  []Seated // in order of seats; not those who gave up
	Watchers int
	Tick     game.Tick
	Keeping  bool // the match ended and its result waits to be stored
	Paused   bool // it stands still until its journal is written
}

// Seated is who has a seat.
type Seated struct {
	Seat   game.Seat
	State  game.SeatState // Held or Taken
	Player Player
}

// Record is how a match ended, for who keeps it.
type Record struct {
	ID                 string
	Setup              game.Setup
	Log                game.Log // nil of an unlogged game
	Marks              []game.Mark
	Ticks              game.Tick
	Hash               uint64 // 0 when the rules failed: their state means nothing
	Ending             Ending
	Reason             string // a code from the rules or the room
	StartedAt, EndedAt time.Time
	Players            []Played // who had a seat at any time, in order of coming; then bots
}

// Played is one player's part in a match.
type Played struct {
	Player       // zero is a bot
	Seat         game.Seat
	Place, Score int  // Place 0 is none
	Left         bool // gave the seat up before the end
}

// Ending is why a match ended.
type Ending string

const (
	Finished Ending = "finished" // by its rules
	Empty    Ending = "empty"    // everybody had left
	Failed   Ending = "failed"   // the rules panicked
	Stopped  Ending = "stopped"  // the server stopped
)

// Why a room says no.
var (
	ErrFull      = errors.New("all seats are taken")
	ErrOver      = errors.New("the match is over")
	ErrClosed    = errors.New("the room is closed")
	ErrNotSeated = errors.New("the player has no seat here")
	ErrTicket    = errors.New("no such ticket")
	ErrBusy      = errors.New("the room has too much to do")
	ErrMoved     = errors.New("the room is another process's now")
)

// Meter counts what rooms do. Its methods are called from many rooms at once
// and must not block.
type Meter interface {
	Tick(late, cost time.Duration, over bool) // over: it took longer than its period
	Refused(game string)                      // a command
	Panicked(game string)
	Kept(took time.Duration, err error) // one try to store a result
}

type noMeter struct{}

func (noMeter) Tick(_, _ time.Duration, _ bool) {}
func (noMeter) Refused(string)                  {}
func (noMeter) Panicked(string)                 {}
func (noMeter) Kept(time.Duration, error)       {}
