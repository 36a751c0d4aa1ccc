package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tickroom/store"
	"tickroom/store/sqlite"
	"tickroom/store/storetest"
)

func TestSQLiteIsAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, file(t)) })
}

func BenchmarkJournal(b *testing.B) {
	storetest.Bench(b, func(b testing.TB) store.Store { return open(b, file(b)) })
}

func BenchmarkDirectory(b *testing.B) {
	storetest.BenchDirectory(b, func(b testing.TB) store.Store { return open(b, file(b)) })
}

func TestTwoStoresShareOneFile(t *testing.T) {
	path := file(t)
	storetest.RunShared(t, open(t, path), open(t, path))
}

func TestWhatWasKeptIsThereAfterOpeningAgain(t *testing.T) {
	path := file(t)
	s := open(t, path)
	if err := s.SaveMatch(t.Context(), store.Match{ID: "m"}); err != nil {
		t.Fatalf("saving: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
	if left, _ := filepath.Glob(path + "-*"); len(left) > 0 {
		t.Errorf("%v is left beside the closed database, want all of it in the one file, to be copied", left)
	}
	if _, err := open(t, path).Match(t.Context(), "m"); err != nil {
		t.Errorf("reading after opening again: %v", err)
	}
}

func TestTheFolderIsMadeWhateverItsName(t *testing.T) {
	for _, name := range []string{"a/b/tickroom.db", "with space/ä#?%41&=+.db", "_pragma=x?mode=ro/t.db"} {
		path := filepath.Join(t.TempDir(), filepath.FromSlash(name))
		if err := open(t, path).Ping(t.Context()); err != nil {
			t.Errorf("%s does not answer: %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the database is not where it was asked to be: %v", err)
		}
	}
}

func TestOthersCannotReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "tickroom.db")
	if _, err := open(t, path).Secret(t.Context(), "tokens", []byte("x")); err != nil {
		t.Fatalf("secret: %v", err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 3 {
		t.Fatalf("the files are %v, %v, want the database, its WAL and more", files, err)
	}
	for _, f := range append(files, filepath.Dir(path)) {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if f != path+".lock" && info.Mode().Perm()&0o077 != 0 { // the lock is empty
			t.Errorf("%s may be read by others (%v), and it holds secrets", f, info.Mode())
		}
	}
}

func TestARelativePathIsOfTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	open(t, "data/tickroom.db")
	if _, err := os.Stat("data/tickroom.db"); err != nil {
		t.Errorf("the database is not where it was asked to be: %v", err)
	}
}

func TestOpeningWhatIsNoDatabaseSaysWhich(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, why := range map[string]string{
		text:                            "a file of something else",
		filepath.Join(text, "below.db"): "a folder that is a file",
		dir:                             "a folder",
		":memory:":                      "no file at all",
		"":                              "no path at all",
	} {
		s, err := sqlite.Open(t.Context(), path)
		if err == nil {
			s.Close()
			t.Errorf("opening %q must fail: %s", path, why)
			continue
		}
		if !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("opening %q says %q, want one line with the path", path, err)
		}
	}
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := sqlite.Open(ctx, file(t))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("opening in a cancelled context gives %v, %v, want the context's error", s, err)
	}
}

func TestSixOpenersAtOnceMigrateOnce(t *testing.T) {
	path := file(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Errorf("opening at once with others: %v", err)
				return
			}
			defer s.Close()
			if err := s.SaveMatch(t.Context(), store.Match{ID: "the same of all"}); err != nil {
				t.Errorf("saving at once with others: %v", err)
			}
		})
	}
	all.Wait()
}

// child is set for a copy of this test that plays one of several servers.
const child = "TICKROOM_TEST_OPEN"

func TestSixProcessesAtOnceAgree(t *testing.T) {
	if path := os.Getenv(child); path != "" {
		playServer(t, path)
		return
	}
	path := file(t)
	outputs := make([][]byte, 6)
	var all sync.WaitGroup
	for i := range outputs {
		all.Go(func() {
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSixProcessesAtOnceAgree$")
			c.Env = append(os.Environ(), child+"="+path)
			var err error
			if outputs[i], err = c.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v\n%s", i, err, outputs[i])
			}
		})
	}
	all.Wait()
	want, _, _ := bytes.Cut(outputs[0], []byte("\n"))
	for i, o := range outputs {
		if got, _, _ := bytes.Cut(o, []byte("\n")); !bytes.Equal(got, want) {
			t.Errorf("process %d was given %q, process 0 %q: they must agree on one secret", i, got, want)
		}
	}
}

func playServer(t *testing.T, path string) {
	s := open(t, path)
	kept, err := s.Secret(t.Context(), "tokens", fmt.Appendf(nil, "secret of process %d", os.Getpid()))
	if err != nil {
		t.Fatalf("secret: %v", err)
	}
	if err := s.SaveMatch(t.Context(), store.Match{ID: "the same of all"}); err != nil {
		t.Fatalf("saving: %v", err)
	}
	os.Stdout.Write(append(kept, '\n'))
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "tickroom.db") }

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing %s: %v", path, err)
		}
	})
	return s
}
