package sqlstore

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/store"
)

// hung is a database that never answers.
type hung struct{}

func (hung) Query(ctx context.Context, _ string, _ ...any) (Rows, error) {
	<-ctx.Done()
	return nil, errors.New("what a driver says then")
}
func (h hung) Each(ctx context.Context, sql string, _ [][]any) error {
	_, err := h.Query(ctx, sql)
	return err
}
func (h hung) Append(ctx context.Context, _ []ChunkRow) error     { _, err := h.Query(ctx, ""); return err }
func (h hung) Write(ctx context.Context, do func(Tx) error) error { return do(h) }
func (h hung) Ping(ctx context.Context) error                     { _, err := h.Query(ctx, ""); return err }
func (hung) Close() error                                         { return nil }

func TestADatabaseThatHangsCostsACallItsPatienceAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := New(hung{}, Dialect{}), time.Now()
		err := s.SaveMatch(t.Context(), store.Match{ID: "m"})
		if took := time.Since(began); took != patience {
			t.Errorf("the call took %v, want exactly %v", took, patience)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the call gives %v, want one that is a DeadlineExceeded", err)
		}
	})
}

func TestTheErrorOfAContextIsSaidWithItsCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("the request was withdrawn")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		if _, err := New(hung{}, Dialect{}).Player(ctx, "p"); !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
			t.Errorf("the call gives %v, want one that is Canceled and has the cause", err)
		}
	})
}

func TestCloseWaitsForWhatIsRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := New(hung{}, Dialect{}), time.Now()
		go s.Ping(t.Context())
		synctest.Wait() // it is running
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		if took := time.Since(began); took != patience {
			t.Errorf("closing took %v, want %v: until the call had ended", took, patience)
		}
		if err := s.Ping(t.Context()); !errors.Is(err, errClosed) {
			t.Errorf("a call after Close gives %v, want %v", err, errClosed)
		}
	})
}
