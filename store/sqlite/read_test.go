package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tickroom/migrations"
	"tickroom/store"
	"tickroom/store/sqlite"
	"tickroom/store/storetest"
)

func TestAFileIsReadWhileAServerHasItOpen(t *testing.T) {
	path := file(t)
	storetest.OpenToRead(t, open(t, path), func() store.Store { return openToRead(t, path) })
}

func TestReadingAFileLeavesItAndItsFolderAsTheyWere(t *testing.T) {
	path := kept(t)
	before, names := contents(t, path)
	s := openToRead(t, path)
	if _, err := s.Match(t.Context(), "m"); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	after, left := contents(t, path)
	if !bytes.Equal(before, after) {
		t.Error("reading changed the file")
	}
	if names != left {
		t.Errorf("reading left %q in the folder, which had %q", left, names)
	}
}

func TestWhatIsNotThereOrIsNoDatabaseIsNotMadeToBeRead(t *testing.T) {
	dir := t.TempDir()
	text, empty := filepath.Join(dir, "text"), filepath.Join(dir, "empty")
	for path, content := range map[string]string{text: strings.Repeat("not a database. ", 100), empty: ""} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.db"): "no such file",
		dir:                           "not a file",
		text:                          "not a database",
		empty:                         "version of the schema",
	} {
		if s, err := sqlite.OpenToRead(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("opening %s gives %v, %v, want an error with the path that says %q", path, s, err, want)
		}
	}
	if _, names := contents(t, text); names != "empty text" {
		t.Errorf("the folder has %q now, want what was there", names)
	}
}

func TestASchemaThatThisBuildDoesNotKnowIsNotRead(t *testing.T) {
	for change, want := range map[string]string{
		`insert into goose_db_version (version_id, is_applied) values (9999, true)`: "newer",
		`delete from goose_db_version where version_id > 2`:                         "older",
	} {
		path := kept(t)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := sqlite.OpenToRead(t.Context(), path)
		if !errors.Is(err, migrations.ErrOtherSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("opening a file after %q gives %v, %v, want an error that says it is %s", change, s, err, want)
		}
	}
}

// kept gives a file that no server has open, with a match.
func kept(t *testing.T) (path string) {
	t.Helper()
	path = file(t)
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	if err := s.SaveMatch(t.Context(), store.Match{ID: "m"}); err != nil {
		t.Fatalf("saving: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	return path
}

// contents gives a file's, and the names in its folder.
func contents(t *testing.T, path string) (content []byte, names string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.Name()
	}
	return content, strings.Join(list, " ")
}

func openToRead(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.OpenToRead(t.Context(), path)
	if err != nil {
		t.Fatalf("opening %s to read: %v", path, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing %s: %v", path, err)
		}
	})
	return s
}
