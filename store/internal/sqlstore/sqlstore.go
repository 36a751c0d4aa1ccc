// Package sqlstore is the store in SQL, written once: store/postgres and
// store/sqlite open their database and hand it here as a [DB]. It owns no
// connection and no goroutine, and keeps nothing between calls.
//
// The SQL is what both databases understand: $n placeholders, on conflict,
// returning, row values. What differs between them is below DB, and some words
// of a [Dialect].
//
// # The journal
//
// Who writes under a lease first locks its server's row and sees that it is
// still good (see hold); who takes a server's rooms from it locks the same row,
// raises its epoch, and only then touches a room. So of a write and a claim
// that meet one comes first: either the claimer reads all that was written, or
// the writer finds itself fenced. SQLite has one writer and needs no such lock.
//
// # The directory
//
// Cards are shown without that lock, so that a Show never waits for a batch of
// the journal nor holds one up: they carry the epoch they were shown under, and
// are listed only under the epoch that is good (see Show).
//
// # Decisions that look like mistakes and are not
//
//   - SQLite's rows come as pgx.Rows too (see [FromSQL]), so that one struct and
//     pgx.RowToStructByName read both. pgx is only a reader of rows here.
//   - Every write is a transaction, also of one statement: it tells SQLite's
//     one writer from its readers, and Postgres does not mind.
//   - The list by player reads all matches of that player and sorts them. A
//     player of 10,000 matches costs 20 ms; a sorted index by player would cost
//     copies of a match's columns in each of its players' rows.
//   - The lock of a server's row is exclusive though its writers could share it:
//     a room's end and a late chunk of it must not pass each other, or the
//     chunk would stay for ever. Nobody waits for it but the server itself.
//   - A room's chunks are found by a hash of its id. With the id itself a batch
//     of 500 chunks took SQLite 4.0 ms instead of 2.2, Postgres 3.1 instead of
//     2.3, and the index was twice as large. Two running rooms of one hash
//     (once in millions of years) cannot be: opening the second fails.
//   - A list of cards is one select of many parts, one for each server that lives:
//     a part stops when its page is full. In one part for all, the others' few
//     cards were found after reading all of the one that has most.
//   - A card is found by the same hash as a room's chunks. With a key by the room
//     itself Postgres read whole pages of it in order, and threw most away.
//   - What a write returns when it failed may be wrong: the answer can be lost
//     after the deed. So every write is idempotent, and callers write again.
package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
)

// patience is the longest any call takes. A database that has not answered by
// then is away, and the caller had better know; a large log takes a second.
const patience = 15 * time.Second

var (
	errClosed = errors.New("the store is closed")
	errAway   = fmt.Errorf("the database did not answer within %v: %w", patience, context.DeadlineExceeded)
)

// Rows are the answer to one statement.
type Rows = pgx.Rows

// Querier runs one statement: a database, or a transaction in it.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// DB is what the databases do each in their own way.
type DB interface {
	// Query reads, outside a transaction.
	Querier
	// Write runs a transaction: all of it is done, or none when the function
	// or the context fails.
	Write(context.Context, func(Tx) error) error
	Ping(context.Context) error
	Close() error
}

// Tx is a transaction. Each of its statements sees what others had committed
// when it began.
type Tx interface {
	Querier
	// Append adds chunks to the journal, many at once. One that is there stays
	// as it was.
	Append(context.Context, []ChunkRow) error
	// Each runs a statement once for each row of values, on one way to the
	// database.
	Each(ctx context.Context, sql string, rows [][]any) error
}

// ReadOnly is a DB that is read, and never written.
type ReadOnly struct{ DB }

// Write refuses.
func (ReadOnly) Write(context.Context, func(Tx) error) error { return store.ErrReadOnly }

// Dialect is what the databases say each in their own words.
type Dialect struct {
	Now string // the database's clock, in milliseconds, at the moment it is read
	// Lock ends a select: until the transaction ends, nobody else locks or
	// changes its rows. Who has them already is waited for.
	Lock string
	// LockFree is as Lock, and leaves out the rows that somebody has.
	LockFree string
	// Few says what a column is in, where that is the %s of a select that finds few:
	// they are to be found first, whatever the database expects.
	Few string
}

// Store implements store.Store.
type Store struct {
	// Set once.
	db  DB
	say Dialect

	running sync.WaitGroup // calls; added to only while mu is held and closed is false

	mu sync.Mutex
	// Guarded by mu.
	closed bool
}

var _ store.Store = (*Store)(nil)

// New makes a store of a database whose schema is up to date. Closing it
// closes the database.
func New(db DB, d Dialect) *Store { return &Store{db: db, say: d} }

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.call(ctx, "ping", s.db.Ping)
}

// Close waits for what is running and lets go of the database. Closing again
// is nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if again {
		return nil
	}
	s.running.Wait()
	return s.db.Close()
}

// enter begins a call, unless the store is closed.
func (s *Store) enter() (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	s.running.Add(1)
	return s.running.Done, nil
}

// call does one thing with the database: bounded in time, not after Close, and
// with an error that says what was tried and whether it was the context's.
func (s *Store) call(ctx context.Context, what string, do func(context.Context) error) error {
	leave, err := s.enter()
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errAway)
	defer cancel()
	err = do(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		err = store.ErrNotFound
	case ctx.Err() != nil:
		err = ending(ctx)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ending is why a context ended; drivers say it in many ways, and not always.
func ending(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, ctx.Err()) {
		return cause
	}
	return fmt.Errorf("%w: %w", ctx.Err(), cause)
}

func (s *Store) write(ctx context.Context, what string, do func(context.Context, Tx) error) error {
	return s.call(ctx, what, func(ctx context.Context) error {
		return s.db.Write(ctx, func(tx Tx) error { return do(ctx, tx) })
	})
}

// query runs a statement with its texts as store.Text keeps them. Every
// statement passes here, or through each, so none can forget.
func query(ctx context.Context, q Querier, sql string, args []any) (Rows, error) {
	textsKept(args)
	return q.Query(ctx, sql, args...)
}

func textsKept(args []any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = store.Text(s)
		}
	}
}

// each runs a statement once for each row of values.
func each(ctx context.Context, tx Tx, sql string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	for _, args := range rows {
		textsKept(args)
	}
	return tx.Each(ctx, sql, rows)
}

func exec(ctx context.Context, q Querier, sql string, args ...any) error {
	rows, err := query(ctx, q, sql, args)
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// all reads rows into structs by the names of the columns.
func all[T any](ctx context.Context, q Querier, sql string, args ...any) ([]T, error) {
	rows, err := query(ctx, q, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// values reads rows of a single column.
func values[T any](ctx context.Context, q Querier, sql string, args ...any) ([]T, error) {
	rows, err := query(ctx, q, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

// one reads a single row into a struct, or fails with pgx.ErrNoRows.
func one[T any](ctx context.Context, q Querier, sql string, args ...any) (T, error) {
	rows, err := query(ctx, q, sql, args)
	if err != nil {
		var none T
		return none, err
	}
	return pgx.CollectOneRow(rows, pgx.RowToStructByName[T])
}

// value reads a single row of a single column, or fails with pgx.ErrNoRows.
func value[T any](ctx context.Context, q Querier, sql string, args ...any) (T, error) {
	rows, err := query(ctx, q, sql, args)
	if err != nil {
		var none T
		return none, err
	}
	return pgx.CollectOneRow(rows, pgx.RowTo[T])
}

// milli and moment turn times into columns and back.
func milli(t time.Time) int64   { return t.UnixMilli() }
func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// blob is never nil, which would be a null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
