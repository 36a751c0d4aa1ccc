package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tickroom/store"
)

// cardsOfMany lets servers show the same rooms at once, in every order, while
// others come and go: nobody waits for ever, and each card is all of one server's.
func cardsOfMany(t *testing.T, s store.Store) {
	const servers, rooms, rounds = 4, 30, 10
	var all sync.WaitGroup
	for i := range servers {
		name := fmt.Sprint("server ", i)
		l, own := enlist(t, s, name), []store.Card{}
		for n := range rooms {
			c := cardOf(n, i)
			c.Code = name
			if (n+i)%3 == 0 {
				c.Status = store.CardClosed
			}
			own = append(own, c)
		}
		if i%2 == 0 {
			slices.Reverse(own)
		}
		all.Go(func() {
			for range rounds {
				if err := s.Show(t.Context(), l, own); err != nil {
					t.Errorf("%s showing at once with others: %v", name, err)
				}
				if _, err := s.Enlist(t.Context(), fmt.Sprint("passer-by ", i), "", 0); err != nil {
					t.Errorf("enlisting while others show: %v", err)
				}
			}
		})
	}
	all.Wait()
	found := cards(t, s, store.CardQuery{})
	equal(t, len(found), rooms, "each room has one card")
	for _, c := range found {
		var i int
		fmt.Sscanf(c.Server, "server %d", &i)
		if c.Code != c.Server || !slices.Equal(c.Players, []string{playerID(i)}) {
			t.Errorf("the card of room %s by %s has code %s and players %v: of two servers", c.Room, c.Server, c.Code, c.Players)
		}
	}
	for i := range servers {
		for _, c := range cards(t, s, store.CardQuery{Player: playerID(i)}) {
			if c.Server != fmt.Sprint("server ", i) {
				t.Errorf("a player of server %d is found in room %s, which %s shows now", i, c.Room, c.Server)
			}
		}
	}
}

// showRace lets a server show a room as fast as it can while another process
// takes it over and shows it once: that is what is seen at the end.
func showRace(t *testing.T, s store.Store) {
	for round := range 20 {
		before, after := cardOf(round, 1), cardOf(round, 2)
		after.Body = []byte("of who took over")
		l := enlist(t, s, "old")
		show(t, s, l, before)
		var both sync.WaitGroup
		both.Go(func() {
			for {
				err := s.Show(t.Context(), l, []store.Card{before})
				if errors.Is(err, store.ErrFenced) {
					return
				}
				if err != nil {
					t.Errorf("showing: %v", err)
					return
				}
			}
		})
		both.Go(func() {
			mine, err := s.Enlist(t.Context(), "next", "", l.Length)
			if err == nil {
				_, err = s.Enlist(t.Context(), l.Server, "", 0) // the room is free
			}
			if err == nil {
				err = s.Show(t.Context(), mine, []store.Card{after})
			}
			if err != nil {
				t.Errorf("taking over: %v", err)
			}
		})
		both.Wait()
		equal(t, cards(t, s, store.CardQuery{Room: before.Room}), []store.Card{by("next", after)}, "a room is seen where it is, whatever was on its way when it was taken over")
	}
}
