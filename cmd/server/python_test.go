package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"tickroom/store/postgres/pgtest"
)

// The protocol's document is enough for a client in another language: this one
// was written from it alone, and shares no line with ours.
func TestClientWrittenFromTheDocumentAloneLosesNothing(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		if pgtest.Promised() {
			t.Fatal("python3 was promised and is not there: ", err)
		}
		t.Skip("needs python3: ", err)
	}
	s := start(t, "sqlite:"+filepath.Join(t.TempDir(), "tickroom.db"))
	defer s.stop()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+10*time.Second) // the program gives up after a minute and says where
	defer cancel()
	out, err := exec.CommandContext(ctx, python, "-X", "dev", "testdata/client.py", s.addr, "../../net/wire/testdata/vectors.json").CombinedOutput()
	if err != nil {
		t.Fatalf("it ended with %v:\n%s", err, out)
	}
	want := regexp.MustCompile(`^[1-9]\d* vectors; cut, resumed; every message heard once and in order, both ways; left with 4505\n$`)
	if !want.Match(out) {
		t.Errorf("it printed %q, want the one line that says all was checked, and no warning", out)
	}
}
