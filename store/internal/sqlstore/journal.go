package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"tickroom/store"
)

// ChunkRow is a row of the journal.
type ChunkRow struct {
	Room  int64 // its number
	N     int64
	Saved bool
	Data  []byte
}

// Write writes a batch.
func (s *Store) Write(ctx context.Context, l store.Lease, b store.Batch) error {
	if err := b.Check(); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	chunks := chunkRows(b.Chunks)
	closed := make([]int64, len(b.Closed))
	for i, room := range b.Closed {
		closed[i] = number(room)
	}
	return s.leased(ctx, "write journal", l, func(ctx context.Context, tx Tx) error {
		if err := openRooms(ctx, tx, l.Server, b.Opened); err != nil {
			return err
		}
		owned, err := own(ctx, tx, l.Server, mentioned(b, chunks, closed))
		if err != nil {
			return err
		}
		// Made anew: the transaction may not change what its caller has.
		rows := slices.DeleteFunc(slices.Clone(chunks), func(c ChunkRow) bool { return !owned[c.Room] })
		if err := tx.Append(ctx, rows); err != nil {
			return err
		}
		return closeRooms(ctx, tx, closed)
	})
}

// Finish keeps a match that ended. The match comes first: a large log takes long,
// and meanwhile other rooms of the server may be written.
func (s *Store) Finish(ctx context.Context, l store.Lease, m store.Match) error {
	room := []int64{number(m.ID)}
	return s.write(ctx, "finish match", func(ctx context.Context, tx Tx) error {
		if err := saveMatch(ctx, tx, m); err != nil {
			return err
		}
		if err := s.hold(ctx, tx, l); err != nil {
			return err
		}
		_, err := own(ctx, tx, l.Server, room)
		return err
	})
}

// Chunks reads what a room is played forward from.
func (s *Store) Chunks(ctx context.Context, room string) ([]store.Chunk, error) {
	return s.chunks(ctx, room, ` and n >= coalesce((select max(n) from journal where room = $1 and saved), 0)`, store.SinceSaved)
}

// History reads all that was written of a room.
func (s *Store) History(ctx context.Context, room string) ([]store.Chunk, error) {
	return s.chunks(ctx, room, ``, store.Whole)
}

// chunks reads those of a room that are asked for, and has them checked.
func (s *Store) chunks(ctx context.Context, room, which string, check func([]store.Chunk) ([]store.Chunk, error)) (chunks []store.Chunk, err error) {
	err = s.call(ctx, "read journal of room "+room, func(ctx context.Context) error {
		rows, err := all[ChunkRow](ctx, s.db, `select room, n, saved, data from journal where room = $1`+which+` order by n`, number(room))
		if err == nil && len(rows) == 0 {
			_, err = value[int64](ctx, s.db, `select number from rooms where number = $1`, number(room))
		}
		if err != nil {
			return err
		}
		chunks = make([]store.Chunk, len(rows))
		for i, r := range rows {
			chunks[i] = store.Chunk{Room: store.Text(room), N: uint32(r.N), Saved: r.Saved, Data: blob(r.Data)}
		}
		chunks, err = check(chunks)
		return err
	})
	return chunks, err
}

func chunkRows(chunks []store.Chunk) []ChunkRow {
	rows := make([]ChunkRow, len(chunks))
	for i, c := range chunks {
		rows[i] = ChunkRow{Room: number(c.Room), N: int64(c.N), Saved: c.Saved, Data: blob(c.Data)}
	}
	return rows
}

// mentioned gives each room of a batch once.
func mentioned(b store.Batch, chunks []ChunkRow, closed []int64) []int64 {
	rooms := slices.Clone(closed)
	for _, r := range b.Opened {
		rooms = append(rooms, number(r.ID))
	}
	for _, c := range chunks {
		rooms = append(rooms, c.Room)
	}
	slices.Sort(rooms)
	return slices.Compact(rooms)
}
