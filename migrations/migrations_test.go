package migrations

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"
)

// beforeCards is the schema that the first servers with a journal had.
const beforeCards = 2

// A server of an older build may go on for a while on a schema that a newer one
// has brought up to date.
func TestWhatAnOlderBuildWritesFitsANewerSchema(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "tickroom.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := newProvider(db, goose.DialectSQLite3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), beforeCards); err != nil {
		t.Fatal(err)
	}
	enlist := func(name string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), `insert into servers (name, address, epoch, expires_at) values ($1, '', 1, 1)`, name); err != nil {
			t.Fatalf("enlisting as an older build does: %v", err)
		}
	}
	enlist("before")
	for range 2 {
		if err := SQLite(t.Context(), db); err != nil {
			t.Fatalf("bringing the schema up to date, and again: %v", err)
		}
	}
	if err := CheckSQLite(t.Context(), db); err != nil {
		t.Errorf("what was brought up to date is not known: %v", err)
	}
	enlist("after")
	var silent int
	if err := db.QueryRowContext(t.Context(), `select count(*) from servers where not reported and not "full" and load = 0 and public = ''`).Scan(&silent); err != nil || silent != 2 {
		t.Errorf("%d servers (%v) have said nothing of themselves, want both", silent, err)
	}
}
