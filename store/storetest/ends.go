package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of calls that may not be done.

// calls is every method but Close, each as it would add or find something.
func calls(s store.Store, l store.Lease) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"SavePlayer": func(ctx context.Context) error { return s.SavePlayer(ctx, store.Player{ID: playerID(1)}) },
		"Player":     func(ctx context.Context) error { _, err := s.Player(ctx, playerID(1)); return err },
		"SaveMatch":  func(ctx context.Context) error { return s.SaveMatch(ctx, match(1, 1)) },
		"Match":      func(ctx context.Context) error { _, err := s.Match(ctx, matchID(1)); return err },
		"Matches":    func(ctx context.Context) error { _, err := s.Matches(ctx, store.MatchQuery{}); return err },
		"MatchLog":   func(ctx context.Context) error { _, err := s.MatchLog(ctx, matchID(1)); return err },
		"Secret":     func(ctx context.Context) error { _, err := s.Secret(ctx, "name", []byte("lost")); return err },
		"Ping":       s.Ping,

		"Enlist":  func(ctx context.Context) error { _, err := s.Enlist(ctx, "a", "", time.Hour); return err },
		"Renew":   func(ctx context.Context) error { return s.Renew(ctx, l) },
		"Claim":   func(ctx context.Context) error { _, err := s.Claim(ctx, l, 10); return err },
		"Rooms":   func(ctx context.Context) error { _, err := s.Rooms(ctx, l); return err },
		"Where":   func(ctx context.Context) error { _, _, err := s.Where(ctx, matchID(1)); return err },
		"Chunks":  func(ctx context.Context) error { _, err := s.Chunks(ctx, matchID(1)); return err },
		"History": func(ctx context.Context) error { _, err := s.History(ctx, matchID(1)); return err },
		"Running": func(ctx context.Context) error { _, err := s.Running(ctx, "", 10); return err },
		"Write":   func(ctx context.Context) error { return s.Write(ctx, l, opened(1)) },
		"Finish":  func(ctx context.Context) error { return s.Finish(ctx, l, match(1)) },
		"Release": func(ctx context.Context) error { return s.Release(ctx, l) },

		"Report":  func(ctx context.Context) error { return s.Report(ctx, l, store.Server{}) },
		"Servers": func(ctx context.Context) error { _, err := s.Servers(ctx); return err },
		"Show":    func(ctx context.Context) error { return s.Show(ctx, l, []store.Card{{Room: matchID(1)}}) },
		"Cards":   func(ctx context.Context) error { _, err := s.Cards(ctx, store.CardQuery{}); return err },
	}
}

func cancelled(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	for name, call := range calls(s, l) {
		if err := call(ended(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s in a cancelled context gives %v, want the context's error", name, err)
		}
	}
	if _, err := s.Player(t.Context(), playerID(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a cancelled SavePlayer reading gives %v, want ErrNotFound", err)
	}
	if _, err := s.Match(t.Context(), matchID(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a cancelled SaveMatch reading gives %v, want ErrNotFound", err)
	}
	kept, err := s.Secret(t.Context(), "name", []byte("kept"))
	if err != nil {
		t.Fatalf("the store must go on after a cancelled call: %v", err)
	}
	equal(t, string(kept), "kept", "a cancelled call kept no secret")
	equal(t, roomsOf(t, s, l), []string{}, "cancelled calls wrote nothing, and the lease is good still")
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("the store must go on after a cancelled call: %v", err)
	}
}

func closed(t *testing.T, s store.Store) {
	save(t, s, match(1, 1))
	l := enlist(t, s, "a")
	var busy sync.WaitGroup
	for n := range 10 {
		busy.Go(func() { s.SaveMatch(t.Context(), match(n+2, 1)) }) // done or refused, whichever is first
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing while it is used: %v", err)
	}
	busy.Wait()
	for name, call := range calls(s, l) {
		if err := call(t.Context()); err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrFenced) {
			t.Errorf("%s of a closed store gives %v, want an error that says so", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again must be nothing: %v", err)
	}
}
