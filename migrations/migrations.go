// Package migrations holds the database's schema as numbered goose files, and
// applies them. One set serves Postgres and SQLite: it uses only what both
// understand, so a column means the same in both. They only ever go forward; a
// file that was released is never changed.
//
// # Decisions that look like mistakes and are not
//
//   - Times are bigint milliseconds, not timestamps: SQLite has none, and a
//     number compares, sorts and travels the same everywhere.
//   - bytea in SQLite is just a name: values keep the type they came with.
//   - Every number is a bigint, also where it is small: a value that does not
//     fit would be refused for ever, and its match with it.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files are the *.sql migrations.
//
//go:embed *.sql
var Files embed.FS

// Limits of waiting for another server that is migrating the same Postgres.
const (
	lockEvery = 1  // seconds between tries: goose's smallest
	lockTries = 60 // a minute: the longest migration a start should wait for
)

// Postgres applies what is missing. Any number of servers may do so at once.
func Postgres(ctx context.Context, db *sql.DB) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockTries))
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	return up(ctx, db, goose.DialectPostgres, goose.WithSessionLocker(locker))
}

// SQLite applies what is missing. Goose has no lock for SQLite: its caller
// makes sure that nobody else migrates the same file meanwhile.
func SQLite(ctx context.Context, db *sql.DB) error {
	return up(ctx, db, goose.DialectSQLite3)
}

func up(ctx context.Context, db *sql.DB, dialect goose.Dialect, options ...goose.ProviderOption) error {
	options = append(options, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, Files, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
