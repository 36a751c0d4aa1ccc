package storetest

import (
	"sync"
	"testing"

	"tickroom/store"
)

// RunShared tests two stores on one empty database, as two servers have it.
func RunShared(t *testing.T, a, b store.Store) {
	claimRaceOf(t, a, b)
	shareDirectory(t, a, b)

	save(t, a, match(1, 1, 2))
	equal(t, listIDs(t, b, store.MatchQuery{}), []string{matchID(1)}, "what one server kept, the other reads")

	kept := make([][]byte, 2)
	var both sync.WaitGroup
	for i, s := range []store.Store{a, b} {
		both.Go(func() {
			var err error
			if kept[i], err = s.Secret(t.Context(), "tokens", []byte{byte(i)}); err != nil {
				t.Errorf("server %d asking for the secret: %v", i, err)
			}
			for n := range 20 {
				m := match(n, i)
				if err := s.SaveMatch(t.Context(), m); err != nil {
					t.Errorf("server %d saving what the other saves too: %v", i, err)
				}
			}
		})
	}
	both.Wait()
	equal(t, kept[0], kept[1], "both servers are given one secret")
	for _, m := range list(t, a, store.MatchQuery{Limit: 100}) {
		if want := 1; m.ID != matchID(1) && len(m.Players) != want {
			t.Errorf("match %s has %d players, want %d: of one saving, not of both", m.ID, len(m.Players), want)
		}
	}
}
