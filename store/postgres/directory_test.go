//go:build unix

package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
	"tickroom/store/storetest"
)

func TestClosedCardsGo(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	other := dial(t, url)
	storetest.ClosedGo(t, open(t, url), func(d time.Duration) {
		other.do(t, `update cards set closed_at = closed_at - $1 where closed_at > 0`, d.Milliseconds())
	})
}

// A batch of the journal may take long, and holds the server's row meanwhile.
func TestRoomsAreShownWhileTheyAreWritten(t *testing.T) {
	t.Parallel()
	s, l, writing := withCard(t)
	writing.do(t, `begin`)
	writing.do(t, `select 1 from servers where name = 'a' for update`)
	soon, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := s.Show(soon, l, []store.Card{{Room: "r", Code: "new"}}); err != nil {
		t.Errorf("showing while a batch is written: %v", err)
	}
	if found, err := s.Cards(soon, store.CardQuery{Code: "new"}); err != nil || len(found) != 1 {
		t.Errorf("listing while a batch is written gives %v, %v, want the one that was shown", found, err)
	}
	writing.do(t, `rollback`)
}

func TestWhoFreezesWhileItShowsHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	s, _, frozen := withCard(t)
	frozen.do(t, `begin`)
	frozen.do(t, `update cards set code = 'never to be seen', closed_at = 1`)
	soon, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	again, err := s.Enlist(soon, "a", "", time.Hour)
	if err != nil {
		t.Fatalf("the next process cannot even enlist: %v", err)
	}
	if err := s.Show(soon, again, []store.Card{{Room: "another"}}); err != nil {
		t.Errorf("showing another room: %v", err)
	}
	frozen.do(t, `commit`)
	if found, err := s.Cards(soon, store.CardQuery{}); err != nil || len(found) != 1 || found[0].Room != "another" {
		t.Errorf("the cards are %v, %v; want that of the new process alone", found, err)
	}
}

// The lease was good when this Show began; before it got to the card, another
// server took the room over and showed it.
func TestAShowThatComesLateDoesNotHideWhoTookTheRoomOver(t *testing.T) {
	t.Parallel()
	s, old, next := withCard(t)
	next.do(t, `begin`)
	next.do(t, `update cards set server = 'next', epoch = 1, code = 'next'`)
	late := make(chan error, 1)
	go func() { late <- s.Show(t.Context(), old, []store.Card{{Room: "r", Code: "late"}}) }()
	next.until(t, `select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`, "the late Show waits for the card")
	if _, err := s.Enlist(t.Context(), "a", "", time.Hour); err != nil {
		t.Fatalf("enlisting: %v", err)
	}
	next.do(t, `commit`)
	if err := <-late; err == nil {
		t.Error("the late Show was done, want it fenced")
	}
	next.until(t, `select code = 'next' from cards`, "the card is that of who took the room over")
}

// withCard gives a store in which a server named a has shown a room named r, and
// a connection to its database.
func withCard(t *testing.T) (*postgres.Store, store.Lease, connection) {
	t.Helper()
	url := pgtest.Database(t)
	s := open(t, url)
	l, err := s.Enlist(t.Context(), "a", "", time.Hour)
	if err != nil {
		t.Fatalf("enlisting: %v", err)
	}
	if err := s.Show(t.Context(), l, []store.Card{{Room: "r"}}); err != nil {
		t.Fatalf("showing: %v", err)
	}
	return s, l, dial(t, url)
}

// connection plays a process that stops in the middle of what it does.
type connection struct{ *pgx.Conn }

func dial(t *testing.T, url string) connection {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.WithoutCancel(t.Context())) })
	return connection{c}
}

func (c connection) do(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := c.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// until asks until the answer is true.
func (c connection) until(t *testing.T, sql, what string) {
	t.Helper()
	for began, yes := time.Now(), false; !yes; {
		if err := c.QueryRow(t.Context(), sql).Scan(&yes); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("it never comes that %s", what)
		}
	}
}
