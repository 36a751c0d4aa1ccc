package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tickroom/store"
)

// writes are the calls that a store opened to read refuses: also those that only
// prove a lease.
var writes = []string{"SavePlayer", "SaveMatch", "Secret", "Enlist", "Renew", "Claim", "Rooms", "Write", "Finish", "Release", "Report", "Show"}

// OpenToRead tests what open gives: a store that reads the database of another,
// which is there and empty, and writes nothing.
func OpenToRead(t *testing.T, s store.Store, open func() store.Store) {
	l := enlist(t, s, "a")
	write(t, s, l, store.Batch{Opened: opened(1).Opened, Chunks: []store.Chunk{chunk(1, 1)}})
	save(t, s, match(1, 1))
	if err := s.SavePlayer(t.Context(), store.Player{ID: playerID(1), CreatedAt: day}); err != nil {
		t.Fatalf("saving a player: %v", err)
	}
	reader := open()
	for name, call := range calls(reader, l) {
		err := call(t.Context())
		if slices.Contains(writes, name) {
			refused(t, err, store.ErrReadOnly, name+" of a store opened to read")
		} else if err != nil {
			t.Errorf("%s of a store opened to read gives %v, want an answer", name, err)
		}
	}

	write(t, s, l, store.Batch{Opened: opened(2).Opened, Chunks: []store.Chunk{chunk(1, 2)}})
	save(t, s, match(2, 1))
	equal(t, roomIDs(running(t, reader, "", 0)), []string{matchID(1), matchID(2)}, "it reads what is written meanwhile")
	equal(t, history(t, reader, 1), []store.Chunk{chunk(1, 1), chunk(1, 2)}, "also of a room that runs")
	equal(t, readLog(t, reader, matchID(2)), match(2).Log, "and of a match that has just ended")
	if err := reader.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if _, err := reader.Match(t.Context(), matchID(1)); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("reading after that gives %v, want an error that says so", err)
	}
	l.Length = time.Hour
	if err := s.Renew(t.Context(), l); err != nil {
		t.Errorf("who writes goes on: %v", err)
	}
}
