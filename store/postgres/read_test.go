//go:build unix

package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"tickroom/migrations"
	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
	"tickroom/store/storetest"
)

func TestADatabaseIsReadWhileAServerWritesIt(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	storetest.OpenToRead(t, open(t, url), func() store.Store {
		s, err := postgres.OpenToRead(t.Context(), url)
		if err != nil {
			t.Fatalf("opening to read: %v", err)
		}
		return s
	})
}

func TestASchemaThatThisBuildDoesNotKnowIsNotRead(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		`insert into goose_db_version (version_id, is_applied) values (9999, true)`: "newer",
		`delete from goose_db_version where version_id > 2`:                         "older",
	} {
		url := pgtest.Database(t)
		dial(t, url).do(t, change)
		s, err := postgres.OpenToRead(t.Context(), url)
		if !errors.Is(err, migrations.ErrOtherSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("opening after %q gives %v, %v, want an error that says it is %s", change, s, err, want)
		}
	}
	bare := pgtest.Bare(t)
	if s, err := postgres.OpenToRead(t.Context(), bare); err == nil || !strings.Contains(err.Error(), "version of the schema") {
		t.Errorf("opening an empty database gives %v, %v, want an error that says what is missing", s, err)
	}
	var there bool
	if err := dial(t, bare).QueryRow(t.Context(), `select exists (select 1 from pg_tables where schemaname = 'public')`).Scan(&there); err != nil || there {
		t.Errorf("a table is in it now (%v): want it as it was", err)
	}
}
