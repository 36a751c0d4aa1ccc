package main

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/net/wire"
	"tickroom/store"
)

func TestRoomsWhoseClaimWasNotHeardOfAreTakenOverAllTheSame(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.pass(time.Second)
		w.dies()
		var claims atomic.Int64
		w.after = func(_ context.Context, method string) error {
			if method == "Claim" && claims.Add(1) == 1 {
				return errors.New("the database went away as it answered")
			}
			return nil
		}
		w.starts()
		w.pass(10 * time.Second)
		if _, at := last[wire.Snapshot](ann, "views come"); time.Since(at) > time.Second {
			w.Errorf("the last view is %v old: the room was claimed, and nobody has it", time.Since(at))
		}
	})
}

func TestARoomWhoseJournalHasAGapFailsAndKeepsNobodyWaiting(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		w.pass(time.Second)
		w.dies()
		w.after = func(_ context.Context, method string) error {
			if method == "Chunks" {
				return store.ErrGap
			}
			return nil
		}
		w.starts()
		w.pass(10 * time.Second)
		ann.closedWith(wire.CloseFailed, "what is missing will not come")
	})
}
