package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Journal is the part of a store that running rooms are written to, so that a
// match outlives its process: what each began with, and then what happened in
// it, in batches for all rooms of a server. When a match ends it becomes a
// [Match], and when all have heard that and the room is closed, its journal goes.
//
// A room belongs to one server at a time. A server holds a [Lease]: everything
// it writes is written under it, in one transaction with the proof that it is
// still good. Once another has taken its rooms, nothing it writes arrives, and
// it hears ErrFenced. Times of leases are the database's, so that servers need
// not agree about theirs.
type Journal interface {
	// Enlist makes the caller the server of that name, for the length given. A
	// process that had the name before loses its lease at once: its rooms are
	// the caller's, to be claimed. So a server that was killed and started
	// again under its name waits for nobody.
	Enlist(ctx context.Context, server, address string, length time.Duration) (Lease, error)
	// Renew makes a lease last its length again from now on: also one that has
	// ended (the database was away), if nobody has claimed from it. ErrFenced:
	// it is no longer good.
	Renew(context.Context, Lease) error
	// Claim takes over at most limit rooms that no server has: those of servers
	// whose lease has ended, or that released them. Longest waiting first; none
	// twice. A limit above MaxClaim is MaxClaim. A server that is just writing
	// though its lease has ended is left for the next call. ErrFenced. The
	// answer may be lost after the deed: Rooms tells.
	Claim(ctx context.Context, l Lease, limit int) ([]RunningRoom, error)
	// Rooms reads all rooms that the caller has, oldest first: those it opened
	// and those it claimed, also where it never heard that it did. ErrFenced.
	Rooms(context.Context, Lease) ([]RunningRoom, error)
	// Where tells which server has a room and the address it gave last; both are ""
	// while none has it. ErrNotFound: no such room runs.
	Where(ctx context.Context, room string) (server, address string, err error)
	// Running lists rooms of all servers, and of none, by id: at most limit of
	// those whose id is after the one given ("" is the first). A limit under 1 or
	// above MaxClaim is MaxClaim. It needs no lease: what is listed may end
	// meanwhile.
	Running(ctx context.Context, after string, limit int) ([]RunningRoom, error)
	// Chunks reads what a room is played forward from: its last chunk that begins
	// with a saved state, if there is one, then all after it, in order; none of a
	// room that was only opened. ErrNotFound: no such room. ErrGap.
	Chunks(ctx context.Context, room string) ([]Chunk, error)
	// History reads all that was written of a room, in order from chunk 1: what
	// its match is kept from when it ends. ErrNotFound. ErrGap.
	History(ctx context.Context, room string) ([]Chunk, error)

	// Write writes a batch, all or nothing: first what was opened, then the
	// chunks, then what was closed. ErrFenced, also where one of its rooms is
	// not the caller's. ErrTooLarge.
	//
	// A batch that failed with another error may have been written: writing it
	// again changes nothing. It must be the same then: a chunk that is there
	// stays as it was, whatever comes under its number. What a batch says of a
	// room that is no more, or whose match is kept, is passed over.
	Write(context.Context, Lease, Batch) error
	// Finish keeps a match that ended, as SaveMatch does. The room stays until it is
	// closed: not all may have heard the end. It may be gone or unknown. ErrFenced,
	// also where the room is not the caller's.
	Finish(context.Context, Lease, Match) error
	// Release lets others claim all rooms of the caller at once, and ends the
	// lease. It is called when nothing more will be written. ErrFenced.
	Release(context.Context, Lease) error
}

// ErrFenced is returned when a lease is no longer good: it ended, or another
// process has its server's name. Nothing was written, nor will be.
var ErrFenced = errors.New("another server has taken over")

// ErrGap is returned when what was asked for of a room's journal is not whole: a
// chunk is missing.
var ErrGap = errors.New("the journal has a gap")

// SinceSaved gives of a room's chunks, in order, those that it is played forward
// from: the last with a saved state and all after it; all of them if none has.
func SinceSaved(chunks []Chunk) ([]Chunk, error) {
	for i, c := range slices.Backward(chunks) {
		if c.Saved {
			return whole(chunks[i:], c.N)
		}
	}
	return whole(chunks, 1)
}

// Whole gives a room's chunks, in order, if they are all from the first on.
func Whole(chunks []Chunk) ([]Chunk, error) { return whole(chunks, 1) }

func whole(chunks []Chunk, first uint32) ([]Chunk, error) {
	for i, c := range chunks {
		if want := first + uint32(i); c.N != want {
			return nil, fmt.Errorf("chunk %d where %d should be: %w", c.N, want, ErrGap)
		}
	}
	return chunks, nil
}

// Lease is the right of one process to write for a server's rooms.
type Lease struct {
	Server string
	Epoch  uint64 // grows with each process that takes the name
	Length time.Duration
}

// RunningRoom is a room whose match has not ended.
type RunningRoom struct {
	ID       string // uuid; of its match too
	Game     string
	OpenedAt time.Time
	Head     []byte // what it was opened with, as who opened it wrote it
}

// Batch is what is written at once for many rooms.
type Batch struct {
	Opened []RunningRoom
	Chunks []Chunk
	Closed []string // rooms whose match will not be kept: all of them goes
}

// Chunk is a piece of a room's journal: what happened in one room between two
// writes.
type Chunk struct {
	Room  string
	N     uint32 // counts a room's chunks from 1, without a gap
	Saved bool   // holds a saved room: a room is played forward from here
	Data  []byte // as who wrote it encodes it
}
