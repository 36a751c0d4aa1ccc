// Package store is what tickroom keeps: players, matches that ended, the [Journal]
// of those that run, and the [Directory] of the servers they run on. It defines
// the words and the one interface; store/postgres and store/sqlite implement it,
// and store/storetest is the suite that both pass.
//
// It knows nothing of games, rooms or encodings: a match's setup is columns,
// its log is bytes, and so is all of a journal and what a card shows. It is called
// from edges that may wait (a request, a batch of the journal, a match's end),
// never from a room.
//
// Everything is idempotent by id: writing the same thing again changes nothing
// and is no error, so whoever is unsure whether a write arrived writes again.
//
// What is kept comes back as it was, with these exceptions: times have
// milliseconds and are in UTC, strings are as [Text] says, nil options are an
// empty map, and nil bytes and a card's nil players are empty ones.
package store

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is returned when no row has the id.
var ErrNotFound = errors.New("not found")

// ErrReadOnly is returned by what would write, of a store that was opened to read.
var ErrReadOnly = errors.New("the store was opened to read only")

// Store keeps things. Its methods are safe for concurrent use and return
// ErrNotFound, the context's error, or the database's error with a noun. None
// takes longer than some seconds, whatever the database does: then the error
// is a context.DeadlineExceeded. A write that failed may have been done.
type Store interface {
	Journal
	Directory

	// SavePlayer keeps a player; one that is there stays as it was.
	SavePlayer(context.Context, Player) error
	Player(ctx context.Context, id string) (Player, error)

	// SaveMatch keeps a match that ended, with who played and its log, all or
	// nothing, and once: a match that is there stays as it was. Its players
	// need not be known to the store.
	SaveMatch(context.Context, Match) error
	// Match reads one, without its log.
	Match(ctx context.Context, id string) (Match, error)
	// Matches lists the newest first (by EndedAt, then ID), without logs.
	Matches(context.Context, MatchQuery) ([]Match, error)
	// MatchLog reads the log alone.
	MatchLog(ctx context.Context, id string) ([]byte, error)

	// Secret gives the value kept under a name, keeping fresh if there is none:
	// all servers of one database agree on the first.
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)

	// Ping says whether the database answers.
	Ping(context.Context) error
	// Close waits for what is running and lets go of the database. Calls that
	// come later fail; closing again is nothing.
	Close() error
}

// Player is a person across matches.
type Player struct {
	ID        string // uuid
	Name      string
	CreatedAt time.Time // milliseconds are kept
}

// Ending is why a match ended.
type Ending string

const (
	Finished Ending = "finished" // by its rules
	Empty    Ending = "empty"    // everybody had left
	Failed   Ending = "failed"   // the rules panicked
	Stopped  Ending = "stopped"  // the server stopped
)

// Match is one that ended.
type Match struct {
	ID      string // uuid; also the id of the room it was played in
	Game    string
	Private bool // was it played in a private room

	// Setup.
	Version  int // of the rules
	Seats    int
	TickRate int
	Seed     uint64
	Options  map[string]int

	// Course and end.
	Ticks     uint32 // how many were played
	StateHash uint64 // after the last of them
	Ending    Ending
	Reason    string // a code, from the rules or the room
	StartedAt time.Time
	EndedAt   time.Time
	Players   []MatchPlayer // by place (those without one last), then seat, then as saved
	Log       []byte        // as package wire encodes it; read by MatchLog only
}

// MatchPlayer is who played in a match, and how it ended for them. Who left
// and came again may be there twice, and a seat may have had several owners.
type MatchPlayer struct {
	PlayerID string // "" is a bot
	Name     string // as it was then; "" of a bot
	Seat     int
	Place    int // 1 is first; 0 has none: left before the end, or the match did not finish
	Score    int
	Left     bool // gave the seat up before the end
}

// MatchQuery selects matches. Zero fields do not restrict.
type MatchQuery struct {
	PlayerID string // in which they played
	Game     string
	// Viewer sees matches of private rooms only where they played; public ones
	// are for all. Empty sees the public ones.
	Viewer string
	All    bool // private ones too, whoever asks: an operator's
	Limit  int  // 1 to MaxMatches; 0 means DefaultMatches (see Page)
	// Before continues after a match already seen: its EndedAt and ID. Pages
	// neither miss nor repeat a match, whatever is saved meanwhile.
	Before *MatchCursor
}

// MatchCursor is a place in the list of matches.
type MatchCursor struct {
	EndedAt time.Time
	ID      string
}
