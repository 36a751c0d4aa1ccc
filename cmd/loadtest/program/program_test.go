package program_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"tickroom/cmd/loadtest/program"
)

func started(t *testing.T, ctx context.Context, script string) *program.Program {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	var running sync.WaitGroup
	t.Cleanup(func() { stop(); running.Wait() })
	p, err := program.Start(ctx, &running, []string{"WORD=ready"}, "sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProgramIsHeardAndSpokenTo(t *testing.T) {
	p := started(t, t.Context(), `echo noise; echo "$WORD to go"; read line; echo "heard $line" >&2; read forever`)
	if line, err := p.Until(t.Context(), "no such", "ready"); err != nil || line != "ready to go" {
		t.Fatalf("%q, %v; want the line that begins with what its environment says", line, err)
	}
	p.Say("something")
	if line, err := p.Until(t.Context(), "heard"); err != nil || line != "heard something" {
		t.Errorf("%q, %v; want what was said, by stderr as by stdout", line, err)
	}
}

func TestOneThatEndsIsQuoted(t *testing.T) {
	p := started(t, t.Context(), `echo "the disk is full" >&2; exit 1`)
	if _, err := p.Until(t.Context(), "ready"); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v; want its last words", err)
	}
}

func TestOneThatSaysNothingIsNotWaitedForLongerThanAsked(t *testing.T) {
	p := started(t, t.Context(), `read forever`)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := p.Until(ctx, "ready"); err == nil {
		t.Error("it was heard to say ready")
	}
}

func TestWhatIsNotThereDoesNotStart(t *testing.T) {
	var running sync.WaitGroup
	if _, err := program.Start(t.Context(), &running, nil, "no-such-program-here"); err == nil {
		t.Error("it was started")
	}
	running.Wait()
}
