package journal_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/store"
	"tickroom/store/journal"
	"tickroom/store/storetest"

	"github.com/google/uuid"
)

func TestWhatGatheredWhileTheDatabaseWasAwayIsWrittenThoughNoBatchHoldsItAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		memory := &storetest.Failing{Store: storetest.NewMemory(), Before: func(_ context.Context, method string) error {
			if down.Load() && method == "Write" {
				return errors.New("the database is away")
			}
			return nil
		}}
		j, err := journal.Open(t.Context(), journal.Config{Store: memory, Server: "one", Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		down.Store(true)
		var rooms []string
		answers := make(chan error, 100)
		for range 3 * store.MaxBatch / store.MaxChunk {
			id := uuid.NewString()
			rooms = append(rooms, id)
			j.Opened(store.RunningRoom{ID: id, Game: "counting"})
			j.Room(id).Write(1, make([]byte, store.MaxChunk), false, func(err error) { answers <- err })
		}
		time.Sleep(time.Minute)
		down.Store(false)
		time.Sleep(10 * time.Second)
		if len(answers) != len(rooms) {
			t.Fatalf("%d chunks of %d are answered: the rest waits for ever", len(answers), len(rooms))
		}
		for _, id := range rooms {
			chunks, err := memory.Chunks(t.Context(), id)
			if err := errors.Join(err, <-answers); err != nil || len(chunks) != 1 {
				t.Errorf("room %s: %v, and %s", id, err, fmt.Sprint(len(chunks), " chunks are kept, want 1"))
			}
		}
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseThatOnlyEndedIsRenewedByWhoFinishesAMatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		memory := &storetest.Failing{Store: storetest.NewMemory(), Before: func(_ context.Context, method string) error {
			if down.Load() && method == "Renew" {
				return errors.New("the database is away")
			}
			return nil
		}}
		j, err := journal.Open(t.Context(), journal.Config{Store: memory, Server: "one", Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		down.Store(true)
		time.Sleep(30 * time.Second)
		down.Store(false)
		m := store.Match{ID: uuid.NewString(), Game: "counting", Ending: store.Finished, StartedAt: time.Now(), EndedAt: time.Now()}
		err = j.Finish(t.Context(), m)
		if err != nil && !errors.Is(err, store.ErrFenced) {
			err = j.Finish(t.Context(), m) // which is what an error asks for
		}
		if err != nil {
			t.Errorf("finished with %v: nobody has taken over", err)
		}
		select {
		case <-j.Fenced():
			t.Error("the server takes itself for replaced, and nobody has")
		default:
		}
		if err := j.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
