// Package sqlite keeps things in one SQLite file: what a server does when it
// is given no database. It owns the file's connections, one that writes and a
// few that read; the SQL is in sqlstore.
//
// Several processes may open one file, on one machine; a network drive will
// not do.
//
// # Decisions that look like mistakes and are not
//
//   - synchronous=normal: a crash of the process loses nothing. A loss of power
//     may lose the last moments, and never damages the file. That is the trade
//     of the small setup; who cannot have it runs Postgres.
//   - One writer: SQLite has a single write lock anyway. Waiting for it in Go
//     is fair and ends with the context.
//   - The empty file beside the database, named .lock: see lock.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"tickroom/migrations"
	"tickroom/store"
	"tickroom/store/internal/sqlstore"
)

// Store implements store.Store.
type Store struct {
	*sqlstore.Store
}

var _ store.Store = (*Store)(nil)

// Open opens the file, making it and its folder if there is none, and brings
// its schema up to date. Several processes may open one file at once.
func Open(ctx context.Context, path string) (*Store, error) {
	d, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return &Store{sqlstore.New(d, dialect)}, nil
}

func open(ctx context.Context, path string) (*db, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("the database must be a file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// Only for its owner: the file holds the secrets that players' tokens are
	// made with.
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, migrateTimeout)
	defer cancel()
	unlock, err := lock(ctx, path+".lock")
	if err != nil {
		return nil, fmt.Errorf("lock it for opening: %w", err)
	}
	defer unlock()

	if err := create(path); err != nil {
		return nil, err
	}
	writer, err := connect(path, 1, busyTimeout, url.Values{
		"_journal_mode": {"WAL"},
		"_synchronous":  {"NORMAL"},
		"_foreign_keys": {"on"},
		"_txlock":       {"immediate"},
	})
	if err != nil {
		return nil, err
	}
	if err := migrations.SQLite(ctx, writer); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader, err := connect(path, readers, busyTimeout, url.Values{"_query_only": {"on"}})
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return &db{reader: reader, writer: writer}, nil
}

// create makes the file if there is none, only for its owner, as SQLite would
// not; what SQLite puts beside it gets the same rights. A file that is there is
// not touched: closing it would let go of the locks this process has on it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect makes a pool of a file. It does nothing yet but check the options.
func connect(path string, conns int, busy time.Duration, options url.Values) (*sql.DB, error) {
	options.Set("_busy_timeout", strconv.FormatInt(busy.Milliseconds(), 10))
	if path = filepath.ToSlash(path); !strings.HasPrefix(path, "/") {
		path = "/" + path // SQLite takes C:/ as /C:/
	}
	file := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: options.Encode()}
	pool, err := sql.Open("sqlite", file.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// lock makes this process the only one that opens the database. Turning a file
// to WAL and looking which migrations it lacks cannot be locked within the
// file itself; so the lock is SQLite's own on an empty file beside it. It is
// let go when its holder dies, works wherever SQLite does, and is not removed,
// since another process may be waiting for it.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	pool, err := connect(path, 1, migrateTimeout, url.Values{"_txlock": {"exclusive"}})
	if err != nil {
		return nil, err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return func() {
		// Nothing was written: what these could say changes nothing.
		tx.Rollback()
		pool.Close()
	}, nil
}
