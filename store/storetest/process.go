//go:build unix

package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"tickroom/store"
)

// childLease is short, since a test waits for its end, and renewed with each
// write.
const childLease = 2 * time.Second

// Child is a server in a process of its own, that writes one room until it is
// fenced. It prints the number of each chunk that it knows to be written, and
// what ended it.
func Child(ctx context.Context, s store.Store, out io.Writer) {
	l, err := s.Enlist(ctx, "child", "", childLease)
	b := opened(1)
	for n := 1; err == nil; {
		b.Chunks = []store.Chunk{chunk(1, n)}
		if err = s.Write(ctx, l, b); err == nil {
			fmt.Fprintln(out, n)
			n++
			err = s.Renew(ctx, l)
		}
		if err != nil && !errors.Is(err, store.ErrFenced) {
			err = nil // the answer is lost: again
		}
	}
	fmt.Fprintln(out, err)
}

// KillChild kills a process that writes, and claims its room by its name at
// once. All that it knew to be written must be there.
func KillChild(t *testing.T, s store.Store, child *exec.Cmd) {
	lines := startChild(t, child)
	if err := child.Process.Kill(); err != nil {
		t.Fatalf("killing: %v", err)
	}
	knew, last := drain(lines)
	if last != "" {
		t.Errorf("the child ended with %q, want it to be killed while it writes", last)
	}
	l := enlist(t, s, "child")
	equal(t, roomIDs(claim(t, s, l, 10)), []string{matchID(1)}, "the room of a killed process is claimed at once under its name")
	if read := len(chunks(t, s, 1)); read < knew || read > knew+1 {
		t.Errorf("%d chunks are there, and the child knew of %d: want those, and at most the one whose answer it did not live to hear", read, knew)
	}
}

// FreezeChild freezes a process that writes, wherever it is, until another has
// its room and went on with it; then it wakes up. It must find itself fenced.
func FreezeChild(t *testing.T, s store.Store, child *exec.Cmd) {
	lines := startChild(t, child)
	if err := child.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatalf("freezing: %v", err)
	}
	began := time.Now()
	l := enlist(t, s, "claimer")
	for len(claim(t, s, l, 10)) == 0 {
		if time.Since(began) > 20*time.Second {
			t.Fatal("the room of a frozen process cannot be claimed: it holds a lock for ever")
		}
		time.Sleep(10 * time.Millisecond)
	}
	before := chunks(t, s, 1)
	next := chunk(1, len(before)+1)
	next.Data = []byte("the claimer's")
	write(t, s, l, store.Batch{Chunks: []store.Chunk{next}})

	if err := child.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatalf("waking: %v", err)
	}
	knew, last := drain(lines)
	if !strings.Contains(last, store.ErrFenced.Error()) {
		t.Errorf("the woken process ended with %q, want it fenced", last)
	}
	if knew > len(before) {
		t.Errorf("it knew of %d chunks, and who claimed its room read %d", knew, len(before))
	}
	equal(t, chunks(t, s, 1), append(before, next), "it wrote nothing after it woke up")
}

// startChild starts a process and lets it write for a while.
func startChild(t *testing.T, child *exec.Cmd) *bufio.Scanner {
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatalf("starting the child: %v", err)
	}
	t.Cleanup(func() {
		child.Process.Kill() // if it is there still
		child.Wait()
	})
	lines := bufio.NewScanner(out)
	for range 20 {
		if !lines.Scan() {
			t.Fatal("the child ended before it wrote much")
		}
	}
	return lines
}

// drain gives the last number a child printed, and what it said at its end.
func drain(lines *bufio.Scanner) (knew int, last string) {
	knew = 20
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "%d\n", &knew); err != nil {
			return knew, lines.Text()
		}
	}
	return knew, ""
}
