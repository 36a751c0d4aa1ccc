package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"tickroom/store/internal/sqlstore"
)

// dialect has no locks: a transaction that writes is the only one.
var dialect = sqlstore.Dialect{
	Now: `cast(unixepoch('subsec') * 1000 as integer)`,
	Few: `in (%s)`,
}

// db is the file as sqlstore wants it.
type db struct {
	// Set once.
	reader, writer *sql.DB
}

func (d *db) Query(ctx context.Context, sql string, args ...any) (sqlstore.Rows, error) {
	return sqlstore.FromSQL(d.reader.QueryContext(ctx, sql, args...))
}

func (d *db) Write(ctx context.Context, do func(sqlstore.Tx) error) error {
	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it is nothing
	if err := do(transaction{tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// Ping reads, since only that touches the file.
func (d *db) Ping(ctx context.Context) error {
	var n int
	return d.reader.QueryRowContext(ctx, `select count(*) from secrets`).Scan(&n)
}

func (d *db) Close() error {
	// The writer last: who closes last folds the WAL into the file.
	return errors.Join(d.reader.Close(), d.writer.Close())
}

type transaction struct {
	tx *sql.Tx
}

func (t transaction) Query(ctx context.Context, sql string, args ...any) (sqlstore.Rows, error) {
	return sqlstore.FromSQL(t.tx.QueryContext(ctx, sql, args...))
}

func (t transaction) Append(ctx context.Context, chunks []sqlstore.ChunkRow) error {
	rows := make([][]any, len(chunks))
	for i, c := range chunks {
		rows[i] = []any{c.Room, c.N, c.Saved, c.Data}
	}
	return t.Each(ctx, `insert into journal (room, n, saved, data) values ($1, $2, $3, $4) on conflict (room, n) do nothing`, rows)
}

// Each prepares the statement once: with a statement for many rows at once,
// compiling it costs more than it saves.
func (t transaction) Each(ctx context.Context, sql string, rows [][]any) error {
	prepared, err := t.tx.PrepareContext(ctx, sql)
	if err != nil {
		return err
	}
	defer prepared.Close() // it says again what a run of it said
	for _, args := range rows {
		if _, err := prepared.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}
