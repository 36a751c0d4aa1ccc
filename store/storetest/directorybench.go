package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"tickroom/store"
)

// Sizes of the directory's benchmark: three servers after an hour of matches of
// five minutes.
const (
	benchCards = 60_000 // of all servers
	benchOpen  = 12     // of so many cards one is not closed
	benchBody  = 600    // bytes of an open room's card
)

// BenchDirectory measures a store's directory.
func BenchDirectory(b *testing.B, open func(testing.TB) store.Store) {
	s := open(b)
	var leases []store.Lease
	for i := range 3 {
		leases = append(leases, enlist(b, s, fmt.Sprint("server ", i)))
	}
	for first := 0; first < benchCards; first += store.MaxCards {
		some := []store.Card{}
		for n := first; n < first+store.MaxCards; n++ {
			some = append(some, benchCard(n))
		}
		show(b, s, leases[first/store.MaxCards%3], some...)
	}
	for _, bench := range []struct {
		name string
		q    store.CardQuery
		want int
	}{
		{"list 20 of a game", store.CardQuery{Listed: true, Game: "arena", Limit: 20}, 20},
		{"list 200 of others", store.CardQuery{Listed: true, NotServer: "server 1"}, 200},
		{"find a code", store.CardQuery{Code: "CODE1200"}, 1},
		{"find a player", store.CardQuery{Player: playerID(1212)}, 4},
		{"find one to join", store.CardQuery{Terms: "terms 12", Joinable: true, Limit: 20}, 20},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if got := len(cards(b, s, bench.q)); got != bench.want {
					b.Fatalf("%d cards were found, want %d", got, bench.want)
				}
			}
		})
	}
	b.Run("show 100 that were there", func(b *testing.B) {
		some := []store.Card{}
		for n := range 100 {
			some = append(some, benchCard(n*benchOpen))
		}
		for b.Loop() {
			show(b, s, leases[0], some...)
		}
	})
}

func benchCard(n int) store.Card {
	c := cardOf(n, n, n+1, n+2, n+3)
	c.Terms, c.Joinable = fmt.Sprint("terms ", n%48), n%2 == 0
	c.Body = bytes.Repeat([]byte("b"), benchBody)
	if n%benchOpen != 0 {
		c.Status, c.Listed, c.Joinable, c.Code, c.Body = store.CardClosed, false, false, "", nil
	}
	return c
}
