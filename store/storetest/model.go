package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickroom/store"
)

// likeMemory does random things to the store and to Memory, and expects the
// same answers. A store serves all runs: each has games and players of its
// own and asks for nothing else, so that runs do not see each other.
func likeMemory(t *testing.T, s store.Store) {
	var runs atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		m := &model{store: s, memory: NewMemory(), run: runs.Add(1)}
		t.Repeat(map[string]func(*rapid.T){
			"save":   m.save,
			"read":   m.read,
			"list":   m.list,
			"player": m.player,
		})
	})
}

// model is one run: the store under test, what it should be like, and what
// tells its things from those of other runs.
type model struct {
	store, memory store.Store
	run           int64
}

// Few ids, so that things meet.
func (m *model) id(t *rapid.T, kind string) string {
	return fmt.Sprintf("%s-%d-%d", kind, m.run, rapid.IntRange(0, 9).Draw(t, kind))
}

func (m *model) game(t *rapid.T) string {
	return fmt.Sprintf("game-%d-%d", m.run, rapid.IntRange(0, 1).Draw(t, "game"))
}

func (m *model) save(t *rapid.T) {
	match := store.Match{
		ID: m.id(t, "match"), Game: m.game(t), Private: rapid.Bool().Draw(t, "private"),
		Seed:    rapid.Uint64().Draw(t, "seed"),
		Options: map[string]int{rapid.String().Draw(t, "option"): rapid.Int().Draw(t, "value")},
		Reason:  rapid.String().Draw(t, "reason"),
		EndedAt: day.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "end")) * time.Millisecond),
		Log:     rapid.SliceOf(rapid.Byte()).Draw(t, "log"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "players") {
		match.Players = append(match.Players, store.MatchPlayer{
			PlayerID: m.id(t, "player"), Name: rapid.String().Draw(t, "name"),
			Seat: rapid.IntRange(0, 3).Draw(t, "seat"), Place: rapid.IntRange(0, 2).Draw(t, "place"),
		})
	}
	for _, s := range []store.Store{m.store, m.memory} {
		if err := s.SaveMatch(t.Context(), match); err != nil {
			t.Fatalf("saving %+v: %v", match, err)
		}
	}
}

func (m *model) read(t *rapid.T) {
	id := m.id(t, "match")
	got, gotErr := m.store.Match(t.Context(), id)
	want, wantErr := m.memory.Match(t.Context(), id)
	same(t, got, want, gotErr, wantErr)
	log, gotErr := m.store.MatchLog(t.Context(), id)
	wantLog, wantErr := m.memory.MatchLog(t.Context(), id)
	if !bytes.Equal(log, wantLog) || errors.Is(gotErr, store.ErrNotFound) != errors.Is(wantErr, store.ErrNotFound) {
		t.Fatalf("the log of %s is %x, %v; want %x, %v", id, log, gotErr, wantLog, wantErr)
	}
}

func (m *model) list(t *rapid.T) {
	q := store.MatchQuery{Limit: rapid.IntRange(0, 6).Draw(t, "limit")}
	by := rapid.SampledFrom([]string{"game", "player", "both"}).Draw(t, "by")
	if by != "player" {
		q.Game = m.game(t)
	}
	if by != "game" {
		q.PlayerID = m.id(t, "player")
	}
	q.All = rapid.IntRange(0, 3).Draw(t, "all") == 0
	if rapid.Bool().Draw(t, "viewed") {
		q.Viewer = m.id(t, "player")
	}
	if rapid.Bool().Draw(t, "continued") {
		end := day.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "end")) * time.Millisecond)
		q.Before = &store.MatchCursor{EndedAt: end, ID: m.id(t, "match")}
	}
	got, gotErr := m.store.Matches(t.Context(), q)
	want, wantErr := m.memory.Matches(t.Context(), q)
	same(t, got, want, gotErr, wantErr)
}

func (m *model) player(t *rapid.T) {
	p := store.Player{ID: m.id(t, "player"), Name: rapid.String().Draw(t, "name"), CreatedAt: day}
	if rapid.Bool().Draw(t, "saved") {
		for _, s := range []store.Store{m.store, m.memory} {
			if err := s.SavePlayer(t.Context(), p); err != nil {
				t.Fatalf("saving %+v: %v", p, err)
			}
		}
	}
	got, gotErr := m.store.Player(t.Context(), p.ID)
	want, wantErr := m.memory.Player(t.Context(), p.ID)
	same(t, got, want, gotErr, wantErr)
}

func same[T any](t *rapid.T, got, want T, gotErr, wantErr error) {
	if gotErr != nil && !errors.Is(gotErr, store.ErrNotFound) {
		t.Fatalf("the store fails: %v", gotErr)
	}
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("the store says %v, memory says %v", gotErr, wantErr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the store differs from memory: (-memory +store)\n%s", diff)
	}
}
