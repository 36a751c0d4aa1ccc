package sqlite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"tickroom/migrations"
	"tickroom/store/internal/sqlstore"
)

// OpenToRead opens a file that is there as it is, also while servers have it
// open, and on a disk that cannot be written: what would write fails with
// store.ErrReadOnly, and SQLite would not let it. A schema that this build does
// not know is a migrations.ErrOtherSchema.
func OpenToRead(ctx context.Context, path string) (*Store, error) {
	d, err := openToRead(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return &Store{sqlstore.New(sqlstore.ReadOnly{DB: d}, dialect)}, nil
}

func openToRead(ctx context.Context, path string) (*db, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	// Who only reads keeps notes beside the file too, and so takes part in what
	// servers do with it; mode=ro would leave them there.
	d, err := reading(ctx, path, url.Values{"mode": {"rw"}})
	if !withoutRoom(err) {
		return d, err
	}
	// There is no room for notes: where nobody can write, none are needed. But a
	// WAL that somebody left would be passed over.
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil, errors.New("a part of it is in the file beside it, named -wal, and they are where nothing can be written: copy both to where it can")
	}
	return reading(ctx, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
}

// reading makes what reads a file, whose schema it knows.
func reading(ctx context.Context, path string, options url.Values) (*db, error) {
	options.Set("_query_only", "on")
	reader, err := connect(path, readers, busyTimeout, options)
	if err != nil {
		return nil, err
	}
	if err := migrations.CheckSQLite(ctx, reader); err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return &db{reader: reader, writer: reader}, nil
}

// withoutRoom says whether SQLite could not make its files beside the database.
func withoutRoom(err error) bool {
	failure, is := errors.AsType[*driver.Error](err)
	if !is {
		return false
	}
	kind := failure.Code() & 0xff // the rest tells how it came
	return kind == codes.SQLITE_CANTOPEN || kind == codes.SQLITE_READONLY
}
