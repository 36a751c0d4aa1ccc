// Package battleship is the old game on squared paper: two players place their
// fleets and fire at each other in turns. Here it shows three things that a
// game of its kind needs: turns with a clock, boards hidden from the opponent,
// and refusals that say why.
//
// Everybody starts with a fleet placed by dice, and may move its ships or
// shuffle them all until "ready" or the end of the placing clock. So there is
// always a whole fleet on the board, and nothing to do for a player who never
// placed one.
//
// This file is what players and watchers send and see; match.go is the rules,
// fleet.go the board and its ships.
//
// # Decisions that look like mistakes and are not
//
//   - Who begins is rolled before the fleets, so that no shuffle of the
//     opponent's can be guessed from it.
//   - A seat whose player is away keeps its turns, and the clock takes them:
//     pulling the cable wins no time.
//   - A view holds the tick at which the clock runs out, not the time left, so
//     that it stays the same while nothing happens.
//   - Ships may touch. They may not overlap.
//   - Fleets are placed by the match's dice, which are fair but no cipher. Who
//     fears an opponent able to reckon them back moves a ship by hand.
package battleship

import "tickroom/game"

// Game is battleship, ready for a catalog.
var Game = game.Define(game.Info{
	Name: "battleship", Title: "Battleship", Summary: "Two hidden fleets, one shot a turn.",
	Version: 1, MinSeats: 2, Seats: 2, TickRate: 10, SnapshotRate: 5, Hidden: true,
	Options: []game.Option{{Name: "turnSeconds", Title: "Seconds per turn", Default: 30, Min: 10, Max: 120}},
	Events:  []any{Ready{}, Began{}, Shot{}, TurnLost{}},
}, start)

const (
	placeSeconds = 60 // to place a fleet
	maxMissed    = 3  // turns in a row left to the clock, and the match is lost
)

// Command does one thing: exactly one field is set.
type Command struct {
	Place   *Place // move one ship of one's own, before the battle
	Shuffle bool   // place all of one's own ships anew, by dice
	Ready   bool   // the fleet stays as it is
	Fire    *Cell  // at the opponent's board
}

// Place says where a ship is to lie.
type Place struct {
	Ship int // its number in one's own fleet
	X, Y int // its first cell; 0, 0 is top left
	Down bool
}

// Cell is a square of the board.
type Cell struct{ X, Y int }

// Phase is how far a match has come.
type Phase string

const (
	Waiting Phase = "waiting" // for the second player; ships may be placed
	Placing Phase = "placing"
	Firing  Phase = "firing"
	Over    Phase = "over"
)

// View is what one seat may see, or a watcher.
type View struct {
	Phase    Phase
	Turn     int       // the seat that may fire; -1 when none may
	Deadline game.Tick // when the clock of the turn, or of placing, runs out; 0 when none runs
	Sides    [2]Side   // by seat
}

// Side is one seat's board.
type Side struct {
	Ready  bool
	Missed int    // turns in a row that the clock took
	Shots  []byte // what was fired at it: a mark for every cell, row by row
	Ships  []Ship // all of one's own, and after the end everybody's; else the sunk ones
}

// Marks of a cell.
const (
	Untried byte = iota
	Miss
	Hit
)

// Events.
type (
	// Ready says that a seat's fleet is placed.
	Ready struct{ Seat int }
	// Began says that the battle begins, and who fires first.
	Began struct{ First int }
	// Shot says where a seat fired and what became of it.
	Shot struct {
		By, X, Y int
		Hit      bool
		Sunk     int // the length of the ship it sank, or 0
	}
	// TurnLost says that the clock took a seat's turn.
	TurnLost struct {
		Seat int
		Left int // how many more in a row until the match is lost
	}
)
