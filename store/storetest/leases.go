package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of several servers: who may write, and who gets whose rooms.

func release(t testing.TB, s store.Journal, l store.Lease) {
	t.Helper()
	if err := s.Release(t.Context(), l); err != nil {
		t.Fatalf("releasing the rooms of %s: %v", l.Server, err)
	}
}

// end lets a lease end, as long ago as is told: it is renewed to then.
func end(t testing.TB, s store.Journal, l store.Lease, ago time.Duration) {
	t.Helper()
	l.Length = -ago
	if err := s.Renew(t.Context(), l); err != nil {
		t.Fatalf("renewing the lease of %s: %v", l.Server, err)
	}
}

// isAt wants a room to be a server's, at the address that enlist gives; "" is nobody's.
func isAt(t *testing.T, s store.Store, n int, want, why string) {
	t.Helper()
	address := ""
	if want != "" {
		address = want + ":8080"
	}
	server, at, err := s.Where(t.Context(), matchID(n))
	if err != nil || server != want || at != address {
		t.Errorf("room %d is at %q, %q, %v; want %q: %s", n, server, at, err, want, why)
	}
}

func claim(t tester, s store.Journal, l store.Lease, limit int) []store.RunningRoom {
	t.Helper()
	rooms, err := s.Claim(t.Context(), l, limit)
	if err != nil {
		t.Fatalf("claiming rooms for %s: %v", l.Server, err)
	}
	return rooms
}

// fenced fails the test unless everything done under a lease is refused, and
// nothing is done.
func fenced(t *testing.T, s store.Store, l store.Lease, n int, why string) {
	t.Helper()
	refused(t, s.Renew(t.Context(), l), store.ErrFenced, why+": renewing")
	shut(t, s, l, n, why)
}

// shut is fenced for a lease that may be renewed.
func shut(t *testing.T, s store.Store, l store.Lease, n int, why string) {
	t.Helper()
	refused(t, s.Release(t.Context(), l), store.ErrFenced, why+": releasing")
	_, err := s.Claim(t.Context(), l, 10)
	refused(t, err, store.ErrFenced, why+": claiming")
	_, err = s.Rooms(t.Context(), l)
	refused(t, err, store.ErrFenced, why+": reading its rooms")
	refused(t, s.Write(t.Context(), l, store.Batch{}), store.ErrFenced, why+": writing nothing")
	refused(t, s.Write(t.Context(), l, store.Batch{Opened: opened(n + 1).Opened, Chunks: []store.Chunk{chunk(n, 2)}, Closed: []string{matchID(n)}}),
		store.ErrFenced, why+": writing")
	refused(t, s.Finish(t.Context(), l, match(n)), store.ErrFenced, why+": finishing")
	refused(t, s.Report(t.Context(), l, store.Server{}), store.ErrFenced, why+": reporting")
	refused(t, s.Show(t.Context(), l, []store.Card{cardOf(n)}), store.ErrFenced, why+": showing a card")
	refused(t, s.Show(t.Context(), l, nil), store.ErrFenced, why+": showing nothing")

	equal(t, chunks(t, s, n), []store.Chunk{chunk(n, 1)}, why+": the room is as it was before")
	gone(t, s, n+1, why+": no room is opened")
	if _, err := s.Match(t.Context(), matchID(n)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: reading the match gives %v, want ErrNotFound", why, err)
	}
	equal(t, shown(t, s, store.CardQuery{Room: matchID(n)}), []string{}, why+": no card is there")
}

func leasesFence(t *testing.T, s store.Store) {
	good := enlist(t, s, "a")
	write(t, s, good, store.Batch{Opened: opened(1).Opened, Chunks: []store.Chunk{chunk(1, 1)}})
	stranger, older, newer := good, good, good
	stranger.Server = "nobody"
	older.Epoch--
	newer.Epoch++
	fenced(t, s, store.Lease{}, 1, "who never enlisted")
	fenced(t, s, stranger, 1, "a server nobody enlisted")
	fenced(t, s, older, 1, "an epoch that is over")
	fenced(t, s, newer, 1, "an epoch that never was")

	end(t, s, good, 0)
	shut(t, s, good, 1, "a lease that has ended, though nobody took its rooms")
	if err := s.Renew(t.Context(), good); err != nil {
		t.Errorf("renewing it: %v, want it good again: the database was away, and so for everybody", err)
	}
	write(t, s, good, store.Batch{})
	end(t, s, good, 0)
	again := enlist(t, s, "a")
	if again.Epoch <= good.Epoch {
		t.Errorf("the epoch after %d is %d, want it to grow", good.Epoch, again.Epoch)
	}
	fenced(t, s, good, 1, "a lease that has ended, when another process has the name")
	write(t, s, again, opened(5))
	release(t, s, again)
	fenced(t, s, again, 1, "a lease that was given back")
}

// leasesEnd is the one test that waits for a database's clock.
func leasesEnd(t *testing.T, s store.Store) {
	const length = 50 * time.Millisecond
	began := time.Now()
	l, err := s.Enlist(t.Context(), "a", "", length)
	for err == nil {
		err = s.Write(t.Context(), l, store.Batch{})
	}
	refused(t, err, store.ErrFenced, "a lease that nobody renews ends by itself")
	if took := time.Since(began); took < length-2*time.Millisecond { // the clock has whole milliseconds
		t.Errorf("the lease ended after %v, want %v", took, length)
	}
}

func newProcess(t *testing.T, s store.Store) {
	old := enlist(t, s, "a")
	write(t, s, old, store.Batch{Opened: opened(1).Opened, Chunks: []store.Chunk{chunk(1, 1)}})
	fresh := enlist(t, s, "a")
	fenced(t, s, old, 1, "a process whose name another has, within its lease")
	equal(t, roomsOf(t, s, fresh), []string{}, "the older one's rooms are not the new one's yet")
	refused(t, s.Write(t.Context(), fresh, store.Batch{Chunks: []store.Chunk{chunk(1, 2)}}), store.ErrFenced, "writing a room before it is claimed")
	refused(t, s.Finish(t.Context(), fresh, match(1)), store.ErrFenced, "finishing a room before it is claimed")

	equal(t, claim(t, s, fresh, 10), []store.RunningRoom{runningRoom(1)}, "they are to be claimed at once, as they were opened")
	write(t, s, fresh, store.Batch{Chunks: []store.Chunk{chunk(1, 2)}})
	equal(t, chunks(t, s, 1), []store.Chunk{chunk(1, 1), chunk(1, 2)}, "the room goes on where it was")
}

func claimedFromTheDead(t *testing.T, s store.Store) {
	a, b, c := enlist(t, s, "a"), enlist(t, s, "b"), enlist(t, s, "c")
	write(t, s, a, opened(1))
	write(t, s, b, opened(2))
	isAt(t, s, 1, "a", "a room is its server's")
	equal(t, roomIDs(claim(t, s, c, 10)), []string{}, "rooms of the living are not claimed")
	end(t, s, a, 0)
	equal(t, roomIDs(claim(t, s, c, 10)), []string{matchID(1)}, "those of the dead are")
	isAt(t, s, 1, "c", "and are their new server's")
	equal(t, roomIDs(claim(t, s, c, 10)), []string{}, "once")
	equal(t, roomIDs(claim(t, s, b, 10)), []string{}, "for all")
	release(t, s, b)
	isAt(t, s, 2, "", "what was released is nobody's")
	if _, _, err := s.Where(t.Context(), matchID(9)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a room that never was is found: %v", err)
	}
	equal(t, roomIDs(claim(t, s, c, 10)), []string{matchID(2)}, "so are those that were released")
	equal(t, roomsOf(t, s, c), []string{matchID(1), matchID(2)}, "who claimed has them, which tells also who missed the answer")

	again := enlist(t, s, "a")
	mixed := store.Batch{Opened: opened(3).Opened, Chunks: []store.Chunk{chunk(3, 1), chunk(1, 1)}}
	refused(t, s.Write(t.Context(), again, mixed), store.ErrFenced, "a batch with a chunk of another's room")
	gone(t, s, 3, "what else was in such a batch")
	for why, b := range map[string]store.Batch{
		"opening another's room": opened(1),
		"closing another's room": {Closed: []string{matchID(1)}},
	} {
		refused(t, s.Write(t.Context(), again, b), store.ErrFenced, why)
	}
	refused(t, s.Finish(t.Context(), again, match(1)), store.ErrFenced, "finishing another's room")
	equal(t, listIDs(t, s, store.MatchQuery{}), []string{}, "a refused finish keeps no match")
	equal(t, roomsOf(t, s, c), []string{matchID(1), matchID(2)}, "and who has the rooms has them")
}

func longestWaitingFirst(t *testing.T, s store.Store) {
	late, early, given := enlist(t, s, "late"), enlist(t, s, "early"), enlist(t, s, "given")
	write(t, s, late, opened(4, 1))
	write(t, s, early, opened(5, 2))
	write(t, s, given, opened(0))
	end(t, s, late, time.Minute)
	end(t, s, early, 48*time.Hour) // long gone, and not forgotten while it has rooms
	release(t, s, given)
	l := enlist(t, s, "claimer")
	equal(t, roomIDs(claim(t, s, l, 0)), []string{}, "a claim of none takes none")
	equal(t, roomIDs(claim(t, s, l, -1)), []string{}, "nor does one of fewer")
	equal(t, roomIDs(claim(t, s, l, 3)), []string{matchID(2), matchID(5), matchID(1)}, "first whose lease ended first, and of one server what was opened first")
	equal(t, roomIDs(claim(t, s, l, 3)), []string{matchID(4), matchID(0)}, "what was released just now comes last")
}

func claimedByMany(t *testing.T, s store.Store) {
	const rooms, claimers = 100, 10
	dead := enlist(t, s, "dead")
	var b store.Batch
	for n := range rooms {
		b.Opened = append(b.Opened, runningRoom(n))
	}
	write(t, s, dead, b)
	end(t, s, dead, 0)

	got := make([][]string, claimers)
	var all sync.WaitGroup
	for i := range claimers {
		l := enlist(t, s, fmt.Sprint("claimer ", i))
		all.Go(func() {
			for {
				found, err := s.Claim(t.Context(), l, 7)
				if err != nil {
					t.Errorf("claiming at once with others: %v", err)
				}
				if len(found) == 0 {
					return // what is left, another is just taking
				}
				got[i] = append(got[i], roomIDs(found)...)
			}
		})
	}
	all.Wait()
	claimed := slices.Concat(got...)
	slices.Sort(claimed)
	want := roomIDs(b.Opened)
	equal(t, claimed, want, "each room is claimed, by one")
}
