package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Journal is the part of a store that running rooms are written to, so that a
// match outlives its process: what each began with, and then what happened in
// it, in batches for all rooms of a server. When a match ends it becomes a
// [Match], and its journal goes.
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
	// Where tells which server has a room and the address it gave; both are ""
	// while none has it. ErrNotFound: no such room runs.
	Where(ctx context.Context, room string) (server, address string, err error)
	// Chunks reads what was written of a room since its last saved state: that
	// chunk first, if there is one, then all after it, in order; none of a room
	// that was only opened. ErrNotFound: no such room. ErrGap.
	Chunks(ctx context.Context, room string) ([]Chunk, error)

	// Write writes a batch, all or nothing: first what was opened, then the
	// chunks, then what was closed. ErrFenced, also where one of its rooms is
	// not the caller's. ErrTooLarge.
	//
	// A batch that failed with another error may have been written: writing it
	// again changes nothing. It must be the same then: a chunk that is there
	// stays as it was, whatever comes under its number. What a batch says of a
	// room that is no more, or whose match is kept, is passed over.
	Write(context.Context, Lease, Batch) error
	// Finish keeps a match that ended, as SaveMatch does, and the room and its
	// chunks go, in one transaction. The room may be gone or unknown. ErrFenced,
	// also where the room is not the caller's.
	Finish(context.Context, Lease, Match) error
	// Release lets others claim all rooms of the caller at once, and ends the
	// lease. It is called when nothing more will be written. ErrFenced.
	Release(context.Context, Lease) error
}

// ErrFenced is returned when a lease is no longer good: it ended, or another
// process has its server's name. Nothing was written, nor will be.
var ErrFenced = errors.New("another server has taken over")

// ErrGap is returned when a room's journal is not whole: a chunk is missing, or
// all before it are and it has no saved state.
var ErrGap = errors.New("the journal has a gap")

// SinceSaved gives of a room's chunks, in order, those that its match is played
// from: the last with a saved state and all after it; all of them if none has.
func SinceSaved(chunks []Chunk) ([]Chunk, error) {
	first := 0
	for i, c := range chunks {
		if c.Saved {
			first = i
		}
	}
	chunks = chunks[first:]
	want := uint32(1)
	for i, c := range chunks {
		if i == 0 && c.Saved {
			want = c.N
		}
		if c.N != want {
			return nil, fmt.Errorf("chunk %d where %d should be: %w", c.N, want, ErrGap)
		}
		want++
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
	Saved bool   // begins with a saved state: those before it are not needed, and go
	Data  []byte // as who wrote it encodes it
}
