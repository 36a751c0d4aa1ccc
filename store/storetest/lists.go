package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of lists of matches.

func listed(t *testing.T, s store.Store) {
	ship := match(2, 1, 3)
	ship.Game = "battleship"
	save(t, s, match(3, 2, 1), match(1, 1, 2), ship)
	for _, test := range []struct {
		q    store.MatchQuery
		want []string
		why  string
	}{
		{store.MatchQuery{}, []string{matchID(3), matchID(2), matchID(1)}, "all come, the newest first"},
		{store.MatchQuery{Game: "arena"}, []string{matchID(3), matchID(1)}, "only those of the game"},
		{store.MatchQuery{PlayerID: playerID(2)}, []string{matchID(3), matchID(1)}, "only those the player played in"},
		{store.MatchQuery{PlayerID: playerID(1), Game: "battleship"}, []string{matchID(2)}, "both restrict"},
		{store.MatchQuery{PlayerID: playerID(9)}, []string{}, "a stranger played in none"},
		{store.MatchQuery{PlayerID: playerID(1), Before: cursor(ship)}, []string{matchID(1)}, "the cursor itself is not repeated"},
	} {
		equal(t, listIDs(t, s, test.q), test.want, test.why)
	}
}

func privateMatches(t *testing.T, s store.Store) {
	save(t, s, match(1, 1, 2), privateMatch(2, 1, 2), privateMatch(3, 3))
	for _, test := range []struct {
		q    store.MatchQuery
		want []string
		why  string
	}{
		{store.MatchQuery{}, []string{matchID(1)}, "nobody in particular sees the public ones"},
		{store.MatchQuery{Viewer: playerID(9)}, []string{matchID(1)}, "neither does a stranger see more"},
		{store.MatchQuery{Viewer: playerID(1)}, []string{matchID(2), matchID(1)}, "who played sees it"},
		{store.MatchQuery{PlayerID: playerID(1)}, []string{matchID(1)}, "asking for a player's matches does not make one that player"},
		{store.MatchQuery{PlayerID: playerID(1), Viewer: playerID(2)}, []string{matchID(2), matchID(1)}, "who played with them sees it"},
		{store.MatchQuery{PlayerID: playerID(1), Viewer: playerID(3)}, []string{matchID(1)}, "who played elsewhere does not"},
		{store.MatchQuery{All: true}, []string{matchID(3), matchID(2), matchID(1)}, "an operator sees all"},
		{store.MatchQuery{All: true, Viewer: playerID(9)}, []string{matchID(3), matchID(2), matchID(1)}, "whoever asks"},
		{store.MatchQuery{All: true, PlayerID: playerID(1), Before: cursor(match(2))}, []string{matchID(1)}, "and may restrict as everybody"},
		{store.MatchQuery{All: true, Game: "battleship"}, []string{}, "in every way"},
	} {
		equal(t, listIDs(t, s, test.q), test.want, test.why)
	}
}

// pages walks a list, while newer matches come in, at every size of page.
func pages(t *testing.T, s store.Store) {
	const old = 30
	want := []string{}
	for n := range old {
		m := match(n, 1)
		m.EndedAt = day.Add(time.Duration(n/7) * time.Millisecond) // seven at a time
		save(t, s, m)
		want = append(want, m.ID)
	}
	slices.Reverse(want)
	added := old
	for _, size := range []int{1, 2, 3, 7, 8, 29, 30, 31} {
		got := []string{}
		q := store.MatchQuery{PlayerID: playerID(1), Limit: size}
		for {
			page := list(t, s, q)
			for _, m := range page {
				if m.EndedAt.Before(day.Add(time.Minute)) {
					got = append(got, m.ID)
				}
			}
			if len(page) < size {
				break
			}
			q.Before = cursor(page[size-1])
			newer := match(added, 1)
			newer.EndedAt = day.Add(time.Hour)
			save(t, s, newer)
			added++
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages of %d gave\n%v, want each of the old matches once and in order\n%v", size, got, want)
		}
	}
}

func pageLimit(t *testing.T, s store.Store) {
	for n := range store.MaxMatches + 1 {
		save(t, s, match(n))
	}
	for limit, want := range map[int]int{
		0:                    store.DefaultMatches,
		-1:                   store.DefaultMatches,
		1:                    1,
		store.MaxMatches:     store.MaxMatches,
		store.MaxMatches + 1: store.MaxMatches,
	} {
		if got := len(list(t, s, store.MatchQuery{Limit: limit})); got != want {
			t.Errorf("a page of limit %d has %d matches, want %d", limit, got, want)
		}
	}
}

func secretOfMany(t *testing.T, s store.Store) {
	kept := make([][]byte, 20)
	var all sync.WaitGroup
	for i := range kept {
		all.Go(func() {
			var err error
			if kept[i], err = s.Secret(t.Context(), "tokens", []byte{0, byte(i), 0xff}); err != nil {
				t.Errorf("asking for a secret at once with others: %v", err)
			}
		})
	}
	all.Wait()
	for _, k := range kept {
		equal(t, k, kept[0], "all who ask at once are given the same")
	}
	later, err := s.Secret(t.Context(), "tokens", []byte("later"))
	if err != nil {
		t.Fatalf("asking for a secret that is there: %v", err)
	}
	equal(t, later, kept[0], "and so is who asks later")
	other, err := s.Secret(t.Context(), "rooms", []byte("other"))
	if err != nil {
		t.Fatalf("asking for a secret of another name: %v", err)
	}
	equal(t, string(other), "other", "another name is another secret")
}
