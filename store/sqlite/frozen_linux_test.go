package sqlite_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"tickroom/store/sqlite"
)

// nobody may write nothing, here.
const nobody = 65534

func TestAFileIsReadWhereNothingCanBeWritten(t *testing.T) {
	path := kept(t)
	freeze(t, path)
	s := openToRead(t, path)
	if _, err := s.Match(t.Context(), "m"); err != nil {
		t.Errorf("reading: %v", err)
	}
}

func TestAFileOfWhichAPartIsElsewhereIsNotReadWithoutIt(t *testing.T) {
	path := kept(t)
	if err := os.WriteFile(path+"-wal", []byte("what a killed server had written"), 0o600); err != nil {
		t.Fatal(err)
	}
	freeze(t, path)
	s, err := sqlite.OpenToRead(t.Context(), path)
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "-wal") {
		t.Errorf("opening gives %v, want an error that says what to do with the other file", err)
	}
}

// freeze makes a folder one that nothing can be written to, by this thread if
// this is root.
func freeze(t *testing.T, path string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		chmod(t, f, 0o444)
	}
	dir := filepath.Dir(path)
	chmod(t, filepath.Dir(dir), 0o755)
	chmod(t, dir, 0o555)
	t.Cleanup(func() { chmod(t, dir, 0o755) })
	if os.Getuid() != 0 {
		return
	}
	runtime.LockOSThread() // SQLite runs where it is called
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
	if f, err := os.Create(filepath.Join(dir, "x")); err == nil {
		f.Close()
		t.Fatal("the folder can be written to: this tests nothing")
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
