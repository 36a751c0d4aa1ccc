package storetest

import (
	"testing"
	"testing/synctest"
	"time"

	"tickroom/store"
)

func TestClosedCardsOfMemoryGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ClosedGo(t, NewMemory(), func(d time.Duration) { time.Sleep(d) })
	})
}

func TestLeasesOfMemoryLastAsTheBubblesTimePasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewMemory()
		l, err := s.Enlist(t.Context(), "a", "", 5*time.Second)
		if err != nil {
			t.Fatalf("enlisting: %v", err)
		}
		write(t, s, l, store.Batch{Opened: opened(1).Opened, Chunks: []store.Chunk{chunk(1, 1)}})
		for range 3 {
			time.Sleep(4 * time.Second)
			if err := s.Renew(t.Context(), l); err != nil {
				t.Fatalf("renewing a lease in time: %v", err)
			}
		}
		time.Sleep(5*time.Second - 1)
		write(t, s, l, store.Batch{}) // to the last moment
		other := enlist(t, s, "b")
		equal(t, len(claim(t, s, other, 10)), 0, "its rooms are its own to the last moment")
		time.Sleep(1)
		shut(t, s, l, 1, "a lease whose length has passed")
		equal(t, roomIDs(claim(t, s, other, 10)), []string{matchID(1)}, "and its rooms are to be claimed at once")
	})
}
