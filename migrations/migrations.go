// Package migrations holds the database's schema as numbered goose files, applies
// them, and says whether they are applied. One set serves Postgres and SQLite: it uses only what both
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
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
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
	provider, err := newProvider(db, dialect, options...)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// ErrOtherSchema is returned when a database's schema is not the one that this
// build knows.
var ErrOtherSchema = errors.New("this build cannot read it")

// CheckPostgres says whether the schema is the one this build knows, and writes
// nothing. ErrOtherSchema.
func CheckPostgres(ctx context.Context, db *sql.DB) error {
	return check(ctx, db, goose.DialectPostgres)
}

// CheckSQLite is CheckPostgres for SQLite.
func CheckSQLite(ctx context.Context, db *sql.DB) error {
	return check(ctx, db, goose.DialectSQLite3)
}

// check reads the version itself: a goose provider that is asked for it makes a
// table where there is none.
func check(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	provider, err := newProvider(db, dialect)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	versions, err := database.NewStore(dialect, goose.DefaultTablename)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	version, err := versions.GetLatestVersion(ctx, db)
	switch {
	case err != nil:
		return fmt.Errorf("read the version of the schema, which there is once a server has opened the database: %w", err)
	case version < newest:
		return fmt.Errorf("the schema is version %d, older than %d: %w; a server of this build that opens it brings it up to date", version, newest, ErrOtherSchema)
	case version > newest:
		return fmt.Errorf("the schema is version %d, newer than %d: %w; a newer one does", version, newest, ErrOtherSchema)
	}
	return nil
}

func newProvider(db *sql.DB, dialect goose.Dialect, options ...goose.ProviderOption) (*goose.Provider, error) {
	options = append(options, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, Files, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}
