package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tickroom/store/internal/sqlstore"
)

// dialect says Now with clock_timestamp, which goes on during a transaction.
var dialect = sqlstore.Dialect{
	Now:      `(extract(epoch from clock_timestamp()) * 1000)::bigint`,
	Lock:     ` for update`,
	LockFree: ` for update skip locked`,
	Few:      `= any (array(%s))`, // a select after "in" it takes for one of many
}

// db is the pool as sqlstore wants it.
type db struct {
	*pgxpool.Pool
}

// begin starts a transaction that does not outlive its process for long.
var begin = fmt.Sprintf("begin; set local idle_in_transaction_session_timeout = %d", idleTimeout.Milliseconds())

func (d db) Write(ctx context.Context, do func(sqlstore.Tx) error) error {
	return pgx.BeginTxFunc(ctx, d.Pool, pgx.TxOptions{BeginQuery: begin}, func(tx pgx.Tx) error {
		return do(transaction{tx})
	})
}

func (d db) Close() error {
	d.Pool.Close()
	return nil
}

type transaction struct {
	pgx.Tx
}

// Append sends the chunks as four arrays.
func (t transaction) Append(ctx context.Context, chunks []sqlstore.ChunkRow) error {
	rooms, ns := make([]int64, len(chunks)), make([]int64, len(chunks))
	saved, data := make([]bool, len(chunks)), make([][]byte, len(chunks))
	for i, c := range chunks {
		rooms[i], ns[i], saved[i], data[i] = c.Room, c.N, c.Saved, c.Data
	}
	_, err := t.Exec(ctx,
		`insert into journal (room, n, saved, data)
		select * from unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::bytea[])
		on conflict (room, n) do nothing`,
		rooms, ns, saved, data)
	return err
}

// Each sends all at once and then hears of each.
func (t transaction) Each(ctx context.Context, sql string, rows [][]any) error {
	var batch pgx.Batch
	for _, args := range rows {
		batch.Queue(sql, args...)
	}
	return t.SendBatch(ctx, &batch).Close()
}
