package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestAServerThatSaysWhenToAskAgainIsAskedThen(t *testing.T) {
	var mu sync.Mutex
	var at []time.Time
	var from []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		at, from = append(at, time.Now()), append(from, r.Header.Get("X-Forwarded-For"))
		if len(at) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, `{"token":"secret"}`)
	}))
	defer api.Close()
	l := newLobby(config{url: api.URL, forwarded: true}, t.Logf)
	defer l.close()
	guests := make([]guest, 1)
	if err := l.invite(t.Context(), guests, 258); err != nil {
		t.Fatal(err)
	}
	if guests[0].token != "secret" || len(at) != 2 || at[1].Sub(at[0]) < 900*time.Millisecond {
		t.Errorf("token %q after %d calls at %v; want the second, a second later, to have it", guests[0].token, len(at), at)
	}
	if want := []string{"10.0.1.2", "10.0.1.2"}; !slices.Equal(from, want) {
		t.Errorf("it said to be at %v, want %v: an address of its own", from, want)
	}
}

func TestTheFirstThatFailsEndsAll(t *testing.T) {
	bad := errors.New("the third")
	err := inParallel(1000, func(i int) error {
		if i == 2 {
			return bad
		}
		return nil
	})
	if !errors.Is(err, bad) {
		t.Errorf("it ended with %v, want %v", err, bad)
	}
	if err := inParallel(3, func(int) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("all failed, and it ended with %v", err)
	}
}
