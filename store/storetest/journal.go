package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of what is written of rooms, by one server that has a lease.

// runningRoom makes the n-th room, opened n seconds into the day.
func runningRoom(n int) store.RunningRoom {
	return store.RunningRoom{ID: matchID(n), Game: "arena", OpenedAt: day.Add(time.Duration(n) * time.Second), Head: fmt.Appendf(nil, "head %d", n)}
}

// chunk makes the k-th chunk of the n-th room.
func chunk(n, k int) store.Chunk {
	return store.Chunk{Room: matchID(n), N: uint32(k), Data: fmt.Appendf([]byte{0}, "chunk %d", k)}
}

// savedChunk makes one that begins with a saved state.
func savedChunk(n, k int) store.Chunk {
	c := chunk(n, k)
	c.Saved = true
	return c
}

// opened makes a batch that opens the rooms of the given numbers, with nothing
// more.
func opened(rooms ...int) store.Batch {
	var b store.Batch
	for _, n := range rooms {
		b.Opened = append(b.Opened, runningRoom(n))
	}
	return b
}

// tester is a test, or a run of rapid's.
type tester interface {
	Helper()
	Context() context.Context
	Fatalf(format string, args ...any)
}

func enlist(t tester, s store.Journal, name string) store.Lease {
	t.Helper()
	l, err := s.Enlist(t.Context(), name, name+":8080", time.Hour)
	if err != nil {
		t.Fatalf("enlisting %s: %v", name, err)
	}
	return l
}

func write(t tester, s store.Journal, l store.Lease, b store.Batch) {
	t.Helper()
	if err := s.Write(t.Context(), l, b); err != nil {
		t.Fatalf("writing under a good lease: %v", err)
	}
}

func chunks(t testing.TB, s store.Journal, n int) []store.Chunk {
	t.Helper()
	found, err := s.Chunks(t.Context(), matchID(n))
	if err != nil {
		t.Fatalf("reading the chunks of room %d: %v", n, err)
	}
	return found
}

func history(t testing.TB, s store.Journal, n int) []store.Chunk {
	t.Helper()
	found, err := s.History(t.Context(), matchID(n))
	if err != nil {
		t.Fatalf("reading the history of room %d: %v", n, err)
	}
	return found
}

func running(t testing.TB, s store.Journal, after string, limit int) []store.RunningRoom {
	t.Helper()
	rooms, err := s.Running(t.Context(), after, limit)
	if err != nil {
		t.Fatalf("listing %d running rooms after %q: %v", limit, after, err)
	}
	return rooms
}

func roomsOf(t testing.TB, s store.Journal, l store.Lease) []string {
	t.Helper()
	rooms, err := s.Rooms(t.Context(), l)
	if err != nil {
		t.Fatalf("reading the rooms of %s: %v", l.Server, err)
	}
	return roomIDs(rooms)
}

func roomIDs(rooms []store.RunningRoom) []string {
	ids := []string{}
	for _, r := range rooms {
		ids = append(ids, r.ID)
	}
	return ids
}

// gone fails the test unless there is no trace of a room in the journal.
func gone(t *testing.T, s store.Journal, n int, why string) {
	t.Helper()
	if found, err := s.Chunks(t.Context(), matchID(n)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: reading its chunks gives %d of them, %v, want ErrNotFound", why, len(found), err)
	}
}

func refused(t *testing.T, got, want error, why string) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: the answer is %v, want %q", why, got, want)
	}
}

func journalIsRead(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	first := runningRoom(1)
	first.OpenedAt = first.OpenedAt.Add(time.Millisecond + time.Microsecond)
	second := store.RunningRoom{ID: "id\x00", Game: "bad \xff"}
	write(t, s, l, store.Batch{
		Opened: []store.RunningRoom{second, first},
		Chunks: []store.Chunk{chunk(1, 1), {Room: second.ID, N: 1}},
	})
	write(t, s, l, store.Batch{Chunks: []store.Chunk{chunk(1, 3), chunk(1, 2)}})

	first.OpenedAt = runningRoom(1).OpenedAt.Add(time.Millisecond)
	found, err := s.Rooms(t.Context(), l)
	if err != nil {
		t.Fatalf("reading the rooms: %v", err)
	}
	equal(t, found, []store.RunningRoom{
		{ID: "id\uFFFD", Game: "bad \uFFFD", OpenedAt: time.UnixMilli(second.OpenedAt.UnixMilli()).UTC(), Head: []byte{}}, first,
	}, "rooms come back, with milliseconds, text that can be kept, and a head of no bytes for none")
	equal(t, chunks(t, s, 1), []store.Chunk{chunk(1, 1), chunk(1, 2), chunk(1, 3)}, "chunks come back in order, of all batches")
	empty, err := s.Chunks(t.Context(), "id\x00")
	if err != nil {
		t.Fatalf("reading an empty chunk: %v", err)
	}
	equal(t, empty, []store.Chunk{{Room: "id\uFFFD", N: 1, Data: []byte{}}}, "a chunk of no data is one, of a room looked up as it was kept")

	write(t, s, l, opened(2))
	equal(t, chunks(t, s, 2), []store.Chunk{}, "a room that was only opened has no chunks, and that is no error")
	gone(t, s, 9, "a room that never was")
}

func batchAgain(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	batch := store.Batch{Opened: opened(1, 2).Opened, Chunks: []store.Chunk{chunk(1, 1), chunk(2, 1)}, Closed: []string{matchID(2)}}
	write(t, s, l, batch)
	write(t, s, l, batch)
	equal(t, chunks(t, s, 1), []store.Chunk{chunk(1, 1)}, "a batch written again changes nothing")
	gone(t, s, 2, "a room opened and closed by one batch, written twice")

	other := store.Batch{Opened: opened(1).Opened, Chunks: []store.Chunk{chunk(1, 1), chunk(1, 2)}}
	other.Opened[0].Game, other.Chunks[0].Data = "battleship", []byte("other")
	write(t, s, l, other)
	equal(t, chunks(t, s, 1), []store.Chunk{chunk(1, 1), chunk(1, 2)}, "a chunk that is there stays, and the others of its batch are written")
	rooms, err := s.Rooms(t.Context(), l)
	if err != nil {
		t.Fatalf("reading the rooms: %v", err)
	}
	equal(t, rooms, []store.RunningRoom{runningRoom(1)}, "a room that is there stays as it was")

	if err := s.Finish(t.Context(), l, match(1, 1)); err != nil {
		t.Fatalf("finishing: %v", err)
	}
	write(t, s, l, store.Batch{Closed: []string{matchID(1)}})
	write(t, s, l, batch)
	gone(t, s, 1, "a batch that comes late, when its match is kept, opens no room again")
}

func savedChunks(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	early := store.Batch{Opened: opened(1, 2).Opened, Chunks: []store.Chunk{chunk(1, 1), chunk(2, 1), chunk(1, 2)}}
	write(t, s, l, early)
	equal(t, history(t, s, 1), []store.Chunk{chunk(1, 1), chunk(1, 2)}, "before a state is saved all is read either way")
	write(t, s, l, store.Batch{Chunks: []store.Chunk{savedChunk(1, 3), chunk(1, 4), chunk(2, 2)}})
	equal(t, chunks(t, s, 1), []store.Chunk{savedChunk(1, 3), chunk(1, 4)}, "reading begins with the saved state")
	equal(t, history(t, s, 1), []store.Chunk{chunk(1, 1), chunk(1, 2), savedChunk(1, 3), chunk(1, 4)}, "those before it stay for the match's log")
	equal(t, chunks(t, s, 2), []store.Chunk{chunk(2, 1), chunk(2, 2)}, "another room is read from its first")

	write(t, s, l, early)
	equal(t, chunks(t, s, 1), []store.Chunk{savedChunk(1, 3), chunk(1, 4)}, "an older batch written again does not come before it")
	write(t, s, l, store.Batch{Chunks: []store.Chunk{savedChunk(1, 5), chunk(1, 6), savedChunk(1, 7), chunk(1, 8)}})
	equal(t, chunks(t, s, 1), []store.Chunk{savedChunk(1, 7), chunk(1, 8)}, "of several in one batch the last counts")
	equal(t, len(history(t, s, 1)), 8, "and all stay")
	write(t, s, l, store.Batch{Chunks: []store.Chunk{savedChunk(2, 3)}})
	equal(t, chunks(t, s, 2), []store.Chunk{savedChunk(2, 3)}, "the saved state may be the last that was written")

	if err := s.Finish(t.Context(), l, match(2)); err != nil {
		t.Fatalf("finishing: %v", err)
	}
	write(t, s, l, store.Batch{Closed: []string{matchID(1), matchID(2)}})
	for n, why := range map[int]string{1: "a closed room", 2: "a finished one", 9: "one that never was"} {
		gone(t, s, n, why)
		_, err := s.History(t.Context(), matchID(n))
		refused(t, err, store.ErrNotFound, why+" has no history")
	}
	write(t, s, l, opened(3))
	equal(t, history(t, s, 3), []store.Chunk{}, "a room that was only opened has one of nothing")
}

func gaps(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	for n, list := range [][]store.Chunk{
		{chunk(0, 2)},
		{chunk(1, 1), chunk(1, 3)},
		{savedChunk(2, 2), chunk(2, 4)},
		{chunk(3, 0), chunk(3, 1)},
	} {
		write(t, s, l, store.Batch{Opened: opened(n).Opened, Chunks: list})
		_, err := s.Chunks(t.Context(), matchID(n))
		refused(t, err, store.ErrGap, fmt.Sprintf("a journal of %v is not whole", list))
		_, err = s.History(t.Context(), matchID(n))
		refused(t, err, store.ErrGap, fmt.Sprintf("nor is a history of %v", list))
	}
	list := []store.Chunk{chunk(5, 1), chunk(5, 3), savedChunk(5, 5), chunk(5, 6)}
	write(t, s, l, store.Batch{Opened: opened(5).Opened, Chunks: list})
	equal(t, chunks(t, s, 5), list[2:], "what is missing before a saved state does not matter to who goes on from it")
	_, err := s.History(t.Context(), matchID(5))
	refused(t, err, store.ErrGap, "but the history is not whole")
}

// runningRooms walks the rooms of several servers, and of none.
func runningRooms(t *testing.T, s store.Store) {
	const many = store.MaxClaim + 50
	a, b, gone := enlist(t, s, "a"), enlist(t, s, "b"), enlist(t, s, "gone")
	var all [3]store.Batch
	for n := range many {
		all[n%3].Opened = append(all[n%3].Opened, runningRoom(n))
	}
	write(t, s, a, all[0])
	write(t, s, b, all[1])
	write(t, s, gone, all[2])
	end(t, s, b, 0)
	release(t, s, gone)
	for limit, want := range map[int]int{0: store.MaxClaim, -1: store.MaxClaim, 1: 1, store.MaxClaim: store.MaxClaim, many: store.MaxClaim} {
		equal(t, len(running(t, s, "", limit)), want, fmt.Sprintf("how many rooms are listed with limit %d", limit))
	}
	next, after := 0, ""
	for page := running(t, s, after, 400); len(page) > 0; page = running(t, s, after, 400) {
		for _, r := range page {
			equal(t, r, runningRoom(next), "rooms come by id, as they were opened, whoever has them")
			next++
		}
		after = page[len(page)-1].ID
	}
	equal(t, next, many, "all come, each once")
	if err := s.Finish(t.Context(), a, match(0)); err != nil {
		t.Fatalf("finishing: %v", err)
	}
	write(t, s, a, store.Batch{Closed: []string{matchID(0)}})
	equal(t, roomIDs(running(t, s, "", 1)), []string{matchID(1)}, "what is closed does not run")
}

func batchLimits(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	large := chunk(1, 1)
	large.Data = bytes.Repeat([]byte{0xff, 0, 1}, store.MaxChunk)[:store.MaxChunk]
	headed := runningRoom(1)
	headed.Head = bytes.Repeat([]byte{7}, store.MaxHead)
	write(t, s, l, store.Batch{Opened: []store.RunningRoom{headed}, Chunks: []store.Chunk{large}})
	if got := chunks(t, s, 1); len(got) != 1 || !bytes.Equal(got[0].Data, large.Data) {
		t.Errorf("a chunk at its limit came back as %d, want it as it was", len(got))
	}

	tooLarge, tooHeaded := large, headed
	tooLarge.Data, tooHeaded.Head = append(large.Data, 1), append(headed.Head, 1)
	many := store.Batch{}
	for k := range store.MaxBatch / store.MaxChunk {
		c := large
		c.N = uint32(k + 2)
		many.Chunks = append(many.Chunks, c)
	}
	for why, b := range map[string]store.Batch{
		"a chunk is too large":  {Chunks: []store.Chunk{chunk(1, 2), tooLarge}},
		"a head is too large":   {Opened: []store.RunningRoom{tooHeaded}, Chunks: []store.Chunk{chunk(1, 2)}},
		"the batch is too much": many,
		"so is much of nothing": {Closed: make([]string, store.MaxBatch/50)},
	} {
		err := s.Write(t.Context(), l, b)
		refused(t, err, store.ErrTooLarge, why)
		if err != nil && !strings.Contains(err.Error(), " of at most ") {
			t.Errorf("%s: the answer is %q, want the limit in it", why, err)
		}
		equal(t, len(chunks(t, s, 1)), 1, why+": nothing of the batch is written")
	}
}

// manyRooms are more than fit one statement.
func manyRooms(t *testing.T, s store.Store) {
	const many = 1050
	l := enlist(t, s, "a")
	var b store.Batch
	for n := range many {
		b.Opened = append(b.Opened, runningRoom(n))
		b.Chunks = append(b.Chunks, chunk(n, 1), savedChunk(n, 2), chunk(n, 3))
	}
	write(t, s, l, b)
	equal(t, len(roomsOf(t, s, l)), many, "all rooms are there")
	for _, n := range []int{0, 99, 100, 500, many - 1} {
		equal(t, chunks(t, s, n), []store.Chunk{savedChunk(n, 2), chunk(n, 3)}, "each with its chunks")
	}
	release(t, s, l)
	other := enlist(t, s, "b")
	equal(t, len(claim(t, s, other, many)), store.MaxClaim, "a claim has a limit, whatever is asked")
	equal(t, len(claim(t, s, other, many)), many-store.MaxClaim, "the next has the rest")

	var closing store.Batch
	for n := range many - 1 {
		closing.Closed = append(closing.Closed, matchID(n))
	}
	write(t, s, other, closing)
	equal(t, roomsOf(t, s, other), []string{matchID(many - 1)}, "all that was closed is gone, and nothing else")
	gone(t, s, 500, "a closed room")
}

func finished(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	write(t, s, l, store.Batch{Opened: opened(1, 2, 3).Opened, Chunks: []store.Chunk{chunk(1, 1), chunk(2, 1), chunk(3, 1)}})
	want := match(1, 1, 2)
	for range 2 {
		if err := s.Finish(t.Context(), l, want); err != nil {
			t.Fatalf("finishing, and finishing again after a lost answer: %v", err)
		}
		equal(t, readLog(t, s, want.ID), want.Log, "the match is kept with its log")
		equal(t, chunks(t, s, 1), []store.Chunk{chunk(1, 1)}, "its room stays: not all may have heard the end")
	}
	write(t, s, l, store.Batch{Chunks: []store.Chunk{chunk(1, 2)}, Closed: []string{matchID(1)}})
	gone(t, s, 1, "a room that was closed")
	kept := match(2, 1)
	save(t, s, kept)
	other := match(2, 3)
	other.Log = []byte("other")
	if err := s.Finish(t.Context(), l, other); err != nil {
		t.Fatalf("finishing a match that is there: %v", err)
	}
	equal(t, readLog(t, s, kept.ID), kept.Log, "a match that is there stays as it was")
	write(t, s, l, store.Batch{Closed: []string{matchID(2)}})
	gone(t, s, 2, "the room of a match that was there")
	if err := s.Finish(t.Context(), l, match(4, 1)); err != nil {
		t.Errorf("finishing what was never in the journal must be no error: %v", err)
	}
	equal(t, roomsOf(t, s, l), []string{matchID(3)}, "other rooms go on")
	equal(t, listIDs(t, s, store.MatchQuery{}), []string{matchID(4), matchID(2), matchID(1)}, "each match is kept once")
}
