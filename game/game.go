// Package game is what a game's author needs, and all of it.
//
// # One idea
//
// A match is a value: Match = f(Setup, Log). The [Setup] is what it began
// with, the [Log] is what was done in it, in order, and the [Rules] are a pure
// function from both to a state. Recovery, replay, verification and spectators
// are that function called again, so one contract carries them all:
//
// # The contract of rules
//
//   - Pure. The same setup and log give the same state, bit for bit, on every
//     machine and in every later build that carries the same [Info.Version].
//     What a rule reads is its own state, its [Turn] and its command, nothing
//     else: no clock, no globals, no files, no goroutines, no iteration over a
//     map. Time is [Turn.Tick]; chance is [Turn.Roll].
//   - Whole numbers. No floats in anything that feeds state, since compilers
//     may fuse float operations on some machines. Use integers or fixed point.
//   - Refusing changes nothing. [Rules.Apply] checks first and changes then:
//     when it returns an error, state is as if the command had never been. The
//     error is the reply its player gets (see [Refuse]). Refused commands are
//     not in the log. Dice rolled and events emitted before the refusal are
//     taken back for you; your own fields are not.
//   - Commands come from strangers. Every field may hold any value its type
//     can: check indexes, lengths and ranges. A panic ends the match. Do not
//     write into a command's slices: the log holds them too.
//   - Views are copies. What [Rules.View] returns is read after the next Step
//     has begun, so it shares no slice or pointer with the state. It is called
//     any number of times and changes nothing.
//   - Ticks are short. All of Apply and Step for one tick must fit well within
//     1/TickRate of a second; the room counts the ticks that do not.
//   - It ends. Call [Turn.End] once; no method but View is called afterwards.
//     A match that never ends by itself (a chat) is [Info.Unlogged].
//
// # Saving
//
// A match that is long can be gone on with from its middle, where the rules say
// how: recovery and going back in a replay are quick then. It is two methods,
// [Saver], and [DefineSaved] in place of Define. Rules without it are played
// from the start, which gives the same.
//
// # Types on the wire
//
// Commands, views, events and saved states are structs of bool, int and uint of
// any size, string, []byte, arrays, slices, nested structs, and pointers to
// structs where something may be absent. No floats, maps, interfaces or
// recursion. Only exported fields travel. Names are the Go names with the first
// letters lowered: AimX is aimX to the browser.
//
// # Seats
//
// A match has Setup.Seats seats, numbered from 0. A seat is Open (nobody),
// Taken (its player is here), Held (its player is expected, or dropped and may
// come back) or GivenUp. Rules that care implement [Seated]. A seat may
// change state at any tick, also before the first; rules must do something
// sensible with a seat whose player is away.
//
// # What is here
//
// This file is what an author writes against; [Turn] is what the rules may do
// during a tick; [Match] is one play of a game, driven by whoever owns it: a
// room, a replay or a test. Nothing here starts a goroutine, reads a clock or
// locks: a Match belongs to one goroutine at a time.
//
// # Decisions that look like mistakes and are not
//
//   - [Rules.Apply] gets a command before [Rules.Step] of the same tick, in the
//     order of arrival, so a fast connection acts earlier within a tick. That
//     is 1/TickRate of a second at most.
//   - Log entries hold decoded commands, not bytes: what is replayed is what
//     the rules saw, and the encoding may change without touching old matches.
//   - [Turn] panics when used outside the callback it was given to. A kept Turn
//     is always a bug, and it would be one that shows only in replays.
package game

// Seat is a place in a match: 0 to Setup.Seats-1.
type Seat int

// Watcher is the seat of those who only look on: pass it to Rules.View for
// what anybody may see. Nothing else ever comes from it.
const Watcher Seat = -1

// Tick counts steps of a match. The first step is tick 1; 0 is before it.
type Tick uint32

// Rules are what the author writes: the state of one match and how it changes.
// C is the type of its commands, V of its views. See the package's contract.
type Rules[C, V any] interface {
	// Apply does a player's command, or refuses it with an error and changes nothing.
	Apply(*Turn, Seat, C) error
	// Step moves the match on by one tick, after the tick's commands.
	Step(*Turn)
	// View is what this seat (or Watcher) may see now. Without Info.Hidden it
	// is called with Watcher once for all.
	View(Seat) V
}

// Saver is implemented by rules whose state can be put away, and gone on with in
// another process. S is a struct of the types that travel, with all that changes
// in the course of a match. Rules restored play on exactly as those that were
// saved: package gametest holds them to it, and a state that is not restored to
// the same Match.Hash is refused.
type Saver[S any] interface {
	// Save copies the state. It shares no slice or pointer with it, and changes
	// nothing.
	Save() S
	// Restore makes the state what it was. It is called on rules that were just
	// started with the same setup: what never changes is there, and the seats and
	// dice are seen to. S is theirs to keep.
	Restore(S)
}

// Seated is implemented by rules that care who is there. It is called when a
// seat's state changes, before the commands of the same tick that come later.
type Seated interface {
	Seat(*Turn, Seat, SeatState)
}

// SeatState says whether somebody plays a seat.
type SeatState uint8

const (
	Open    SeatState = iota // nobody: free to take
	Held                     // promised: its player is coming, or dropped and may come back
	Taken                    // its player is here
	GivenUp                  // its player left or stayed away too long; not free again
)

func (s SeatState) String() string {
	return [...]string{"open", "held", "taken", "given_up"}[s&3]
}

// Info describes a game to lobbies, rooms and clients.
type Info struct {
	Name    string // identifier in URLs and the log: lower case, "arena"
	Title   string // what people read: "Arena"
	Summary string // one sentence for a list of games

	// Version of the rules. Raise it when the same log would play differently;
	// old matches then say which build can play them.
	Version int

	MinSeats int // players needed before a match counts as begun (waiting before); 0 means 1
	Seats    int // most players in one match

	TickRate     int // steps a second, 1 to 128
	SnapshotRate int // views sent a second, at most TickRate; 0 means TickRate

	Hidden   bool // views differ by seat (costs one View and one encoding per member)
	Late     bool // people may join a match that has begun, and a seat given up is open again
	Unlogged bool // nothing to replay or verify: no log is kept, no result is written
	Unlisted bool // for tests and benchmarks: can be opened by name, but no list shows it

	// WatchDelay is how many seconds late who looks on sees a match that is still
	// played, at least. Where it is not 0, rooms take no watchers: they see it in a
	// replay that follows it.
	WatchDelay int

	Options []Option // what who opens a room may choose
	Events  []any    // one zero value of every type given to Turn.Emit
}

// Option is one choice of who opens a room: a whole number in a range. A
// yes-or-no choice is 0 to 1.
type Option struct {
	Name, Title       string
	Default, Min, Max int
	Choices           []string // what people read for each value from Min to Max; nil shows the number
}

// Setup is what a match began with.
type Setup struct {
	Game     string
	Version  int // of the rules
	Seats    int
	TickRate int
	Seed     uint64         // of the dice
	Options  map[string]int // every option of the game by name
}

// Standing is how one seat ended.
type Standing struct {
	Seat  Seat
	Place int // 1 is first; equal places are a draw
	Score int
}

// Result is how a match ended.
type Result struct {
	Reason    string     // a short code: "time", "score", "fleet-sunk", "left"
	Standings []Standing // of every seat that took part, best first
}

// Refusal is the error of a command that was not done: a code for programs and
// a sentence for people.
type Refusal struct {
	Code, Text string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Text }

// Refuse makes the error by which Rules.Apply refuses: a code such as
// "not-your-turn" and a sentence a person can read.
func Refuse(code, text string) error { return &Refusal{Code: code, Text: text} }
