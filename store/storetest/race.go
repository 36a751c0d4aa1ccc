package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tickroom/store"
)

// claimRace lets servers write as fast as they can until they are fenced, by
// the end of their lease or by a new process of their name, while others claim
// their rooms. Every write that was answered must be in what the claimer reads.
func claimRace(t *testing.T, s store.Store) { claimRaceOf(t, s, s) }

func claimRaceOf(t *testing.T, writer, claimer store.Store) {
	const servers, rooms, claimers = 6, 3, 3
	race := &race{writer: writer, claimer: claimer, want: servers * rooms, read: map[string]int{}}
	written := make([]int, servers) // how many chunks each server knows to be in each of its rooms
	var all sync.WaitGroup
	for i := range servers {
		l, half := enlist(t, writer, fmt.Sprint("writer ", i)), make(chan struct{})
		all.Go(func() { written[i] = race.write(t, l, i*rooms, rooms, half) })
		all.Go(func() {
			<-half
			var err error
			if i%2 == 0 {
				l.Length = 5 * time.Millisecond // and then nobody renews it
				err = claimer.Renew(t.Context(), l)
			} else {
				_, err = claimer.Enlist(t.Context(), l.Server, "", time.Hour)
			}
			if err != nil {
				t.Errorf("taking the lease of %s from it: %v", l.Server, err)
			}
		})
	}
	for i := range claimers {
		l := enlist(t, claimer, fmt.Sprint("claimer ", i))
		all.Go(func() { race.claim(t, l) })
	}
	all.Wait()
	for i, w := range written {
		for n := i * rooms; n < (i+1)*rooms; n++ {
			// One more may be there, of a batch whose writer heard nothing of it.
			if r := race.read[matchID(n)]; r < w || r > w+1 {
				t.Errorf("of room %d %d chunks were written, and its claimer read %d", n, w, r)
			}
		}
	}
}

type race struct {
	// Set once.
	writer, claimer store.Store // of one database
	want            int         // how many rooms there are to claim

	mu sync.Mutex
	// Guarded by mu.
	read map[string]int // by room: how many chunks its claimer found
}

// write opens rooms and writes a chunk of each at a time, until the lease is
// over. It tells when it is in the middle of that, and gives how often it was
// answered that all was written.
func (r *race) write(t *testing.T, l store.Lease, first, rooms int, half chan<- struct{}) (written int) {
	defer func() {
		if written < middle {
			close(half)
		}
	}()
	for {
		var b store.Batch
		for n := first; n < first+rooms; n++ {
			if written == 0 {
				b.Opened = append(b.Opened, runningRoom(n))
			}
			b.Chunks = append(b.Chunks, chunk(n, written+1))
		}
		switch err := r.writer.Write(t.Context(), l, b); {
		case errors.Is(err, store.ErrFenced):
			return written
		case err != nil:
			t.Errorf("writing: %v", err)
			return written
		}
		if written++; written == middle {
			close(half)
		}
	}
}

// middle is how many batches a server has written when its lease is taken.
const middle = 10

// claim claims until all rooms are read. A room that never comes fails it.
func (r *race) claim(t *testing.T, l store.Lease) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !r.done() && !t.Failed() {
		found, err := r.claimer.Claim(ctx, l, 2)
		if err != nil {
			t.Errorf("claiming: %v", err)
		}
		for _, room := range found {
			chunks, err := r.claimer.Chunks(t.Context(), room.ID)
			if err != nil {
				t.Errorf("reading a claimed room: %v", err)
			}
			r.mu.Lock()
			if _, twice := r.read[room.ID]; twice {
				t.Errorf("room %s was claimed twice", room.ID)
			}
			r.read[room.ID] = len(chunks)
			r.mu.Unlock()
		}
	}
}

func (r *race) done() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.read) == r.want
}

// lateChunk lets a room's match be finished, and the room be closed, while a batch
// with chunks of it is written, as one is whose answer was lost and that was
// written again.
func lateChunk(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	for n := range 50 {
		write(t, s, l, opened(n))
		var both sync.WaitGroup
		both.Go(func() {
			if err := s.Write(t.Context(), l, store.Batch{Opened: opened(n).Opened, Chunks: []store.Chunk{chunk(n, 1)}}); err != nil {
				t.Errorf("writing: %v", err)
			}
		})
		both.Go(func() {
			if err := s.Finish(t.Context(), l, match(n)); err != nil {
				t.Errorf("finishing: %v", err)
			}
			if err := s.Write(t.Context(), l, store.Batch{Closed: []string{matchID(n)}}); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
		both.Wait()
		gone(t, s, n, "a room whose match was finished, and that was closed")
	}
	equal(t, roomsOf(t, s, l), []string{}, "no room is left")
}
