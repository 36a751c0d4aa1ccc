package storetest_test

import (
	"context"
	"errors"
	"testing"

	"tickroom/store"
	"tickroom/store/storetest"
)

func TestMemoryIsAStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return storetest.NewMemory() })
}

func TestFailingFailsAsItIsTold(t *testing.T) {
	away, lost := errors.New("away"), errors.New("lost")
	var failBefore, failAfter string
	on := func(which *string, err error) func(context.Context, string) error {
		return func(_ context.Context, method string) error {
			if method == *which {
				return err
			}
			return nil
		}
	}
	s := &storetest.Failing{Store: storetest.NewMemory(), Before: on(&failBefore, away), After: on(&failAfter, lost)}
	m := store.Match{ID: "m"}

	failBefore = "SaveMatch"
	if err := s.SaveMatch(t.Context(), m); err != away {
		t.Errorf("SaveMatch with Before gives %v, want its error", err)
	}
	if _, err := s.Match(t.Context(), m.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reading gives %v, want ErrNotFound: nothing was done, and reading was not told to fail", err)
	}

	failBefore, failAfter = "", "SaveMatch"
	if err := s.SaveMatch(t.Context(), m); err != lost {
		t.Errorf("SaveMatch with After gives %v, want its error", err)
	}
	if _, err := s.Match(t.Context(), m.ID); err != nil {
		t.Errorf("reading gives %v, want the match: it was kept though its saver does not know", err)
	}
}

func TestFailingWithoutHooksIsTheStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return &storetest.Failing{Store: storetest.NewMemory()} })
}
