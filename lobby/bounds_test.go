package lobby

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store/storetest"
)

func TestThePastIsBounded(t *testing.T) {
	p := newPast()
	ids := make([]string, maxPast+1)
	for i := range ids {
		ids[i] = strings.Repeat("x", i+1)
		p.add(ids[i], &terms{})
	}
	if len(p.terms) != maxPast || len(p.order) != maxPast {
		t.Errorf("%d terms in %d places, want %d: more are forgotten", len(p.terms), len(p.order), maxPast)
	}
	if p.terms[ids[0]] != nil || p.terms[ids[1]] == nil || p.terms[ids[maxPast]] == nil {
		t.Error("want the oldest forgotten, and only it")
	}
}

func TestInsidersAreBounded(t *testing.T) {
	var l Lobby
	secret := &terms{private: true, insiders: map[string]bool{}}
	for i := range maxInsiders + 1 {
		l.admit(secret, fmt.Sprint(i))
	}
	if l.mayEnter(secret, fmt.Sprint(maxInsiders)) || !l.mayEnter(secret, fmt.Sprint(maxInsiders-1)) {
		t.Errorf("%d are remembered, want %d: one more needs the code each time", len(secret.insiders), maxInsiders)
	}
}

func TestLiveListsAreBounded(t *testing.T) {
	s := newStreams()
	for i := range maxStreams {
		if !s.enter(fmt.Sprint(i / maxStreamsOf)) {
			t.Fatalf("stream %d is refused, want %d, of which %d of one address", i, maxStreams, maxStreamsOf)
		}
	}
	if s.enter("another") {
		t.Errorf("one more than %d is let in", maxStreams)
	}
	s.leave("0")
	if !s.enter("another") {
		t.Error("one that ended does not make place")
	}
	for range maxStreamsOf - 1 {
		s.leave("0")
	}
	if _, kept := s.of["0"]; kept {
		t.Error("an address that has no stream is still counted")
	}
}

// TestAMatchIsKeptWithoutALogThatCannotBe: who won is worth keeping.
func TestAMatchIsKeptWithoutALogThatCannotBe(t *testing.T) {
	var log bytes.Buffer
	l := Lobby{cfg: Config{Store: storetest.NewMemory(), Log: slog.New(slog.NewTextHandler(&log, nil))}}
	keep := l.keeper(false)
	broken := room.Record{ID: "m", Reason: "done", Log: game.Log{{Tick: 1, Command: make(chan int)}}}
	for range 2 {
		if err := keep(context.Background(), broken); err != nil {
			t.Fatalf("keep: %v, want the rest kept", err)
		}
	}
	if m, err := l.cfg.Store.Match(t.Context(), "m"); err != nil || m.Reason != "done" {
		t.Errorf("kept %+v, %v, want the match", m, err)
	}
	if n := strings.Count(log.String(), "without its log"); n != 1 {
		t.Errorf("logged %d times, want once:\n%s", n, log.String())
	}
}
