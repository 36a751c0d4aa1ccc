package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestProfilesOfAServerAtWorkAreLeft(t *testing.T) {
	t.Chdir("../../..")
	out := filepath.Join(t.TempDir(), "profiles")
	if err := run(t.Context(), out, time.Second, []string{"-rooms", "1", "-players", "2", "-warm", "0s"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cpu.pb.gz", "allocs.pb.gz", "heap.pb.gz", "mutex.pb.gz", "goroutines.pb.gz"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Error(err)
		}
		if !bytes.HasPrefix(b, []byte("\x1f\x8b")) {
			t.Errorf("%s is no profile: it begins with %q", name, b[:min(len(b), 20)])
		}
	}
	if b, err := os.ReadFile(filepath.Join(out, "trace.out")); err != nil || !bytes.HasPrefix(b, []byte("go 1.")) {
		t.Errorf("trace.out is no trace: %v, it begins with %q", err, b[:min(len(b), 20)])
	}
	if _, err := os.Stat("cmd/server/endpoint_of_profile.go"); err == nil {
		t.Error("the server's sources were changed")
	}
}
