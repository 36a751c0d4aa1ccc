package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickroom/store"
)

// day is when the suite's matches were played.
var day = time.Date(2030, 5, 17, 20, 0, 0, 0, time.UTC)

// id makes the n-th id of a kind, in the form of a uuid; ids sort as n does.
func id(kind byte, n int) string {
	return fmt.Sprintf("%02x000000-0000-7000-8000-%012x", kind, n)
}

func matchID(n int) string  { return id(0xa, n) }
func playerID(n int) string { return id(0xb, n) }

// match makes the n-th match, that ended n seconds into the day and was played
// by the players of the given numbers, placed in that order.
func match(n int, players ...int) store.Match {
	m := store.Match{
		ID: matchID(n), Game: "arena",
		Version: 3, Seats: 8, TickRate: 30, Seed: 0xfedcba9876543210, Options: map[string]int{"bots": 2, "minutes": 5},
		Ticks: 9000, StateHash: 0x8000000000000001, Ending: store.Finished, Reason: "score",
		StartedAt: day.Add(-5 * time.Minute), EndedAt: day.Add(time.Duration(n) * time.Second),
		Log: []byte{0, 1, 2, 0xff},
	}
	for i, p := range players {
		m.Players = append(m.Players, store.MatchPlayer{
			PlayerID: playerID(p), Name: fmt.Sprintf("player %d", p), Seat: i, Place: i + 1, Score: 10 - i,
		})
	}
	return m
}

func privateMatch(n int, players ...int) store.Match {
	m := match(n, players...)
	m.Private = true
	return m
}

func save(t *testing.T, s store.Store, matches ...store.Match) {
	t.Helper()
	for _, m := range matches {
		if err := s.SaveMatch(t.Context(), m); err != nil {
			t.Fatalf("saving match %s: %v", m.ID, err)
		}
	}
}

func read(t *testing.T, s store.Store, id string) store.Match {
	t.Helper()
	m, err := s.Match(t.Context(), id)
	if err != nil {
		t.Fatalf("reading match %s: %v", id, err)
	}
	return m
}

func readLog(t *testing.T, s store.Store, id string) []byte {
	t.Helper()
	log, err := s.MatchLog(t.Context(), id)
	if err != nil {
		t.Fatalf("reading the log of match %s: %v", id, err)
	}
	return log
}

// listIDs gives the ids of a page.
func listIDs(t *testing.T, s store.Store, q store.MatchQuery) []string {
	t.Helper()
	return ids(list(t, s, q))
}

func list(t *testing.T, s store.Store, q store.MatchQuery) []store.Match {
	t.Helper()
	found, err := s.Matches(t.Context(), q)
	if err != nil {
		t.Fatalf("listing %+v: %v", q, err)
	}
	return found
}

func ids(matches []store.Match) []string {
	ids := []string{}
	for _, m := range matches {
		ids = append(ids, m.ID)
	}
	return ids
}

// cursor continues after a match.
func cursor(m store.Match) *store.MatchCursor {
	return &store.MatchCursor{EndedAt: m.EndedAt, ID: m.ID}
}

// equal fails the test unless got is want, and says why it should be.
func equal[T any](t *testing.T, got, want T, why string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", why, diff)
	}
}

// ended gives a context that is over.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
