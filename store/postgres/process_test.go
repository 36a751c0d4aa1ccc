//go:build unix

package postgres_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
	"tickroom/store/storetest"
)

// child is set for a copy of this test that plays a server.
const child = "TICKROOM_TEST_JOURNAL"

func TestAKilledServerLosesNothingItKnew(t *testing.T)  { withChild(t, false) }
func TestAFrozenServerIsFencedWhenItWakes(t *testing.T) { withChild(t, true) }

func withChild(t *testing.T, freeze bool) {
	if url := os.Getenv(child); url != "" {
		storetest.Child(t.Context(), open(t, url), os.Stdout)
		return
	}
	t.Parallel()
	url := pgtest.Database(t)
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), child+"="+url)
	if freeze {
		storetest.FreezeChild(t, open(t, url), c)
	} else {
		storetest.KillChild(t, open(t, url), c)
	}
}

// FreezeChild seldom meets a transaction in its middle; this one is.
func TestATransactionThatGoesNoFurtherLetsOthersClaim(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	s := open(t, url)
	dead, err := s.Enlist(t.Context(), "dead", "", time.Hour)
	if err != nil {
		t.Fatalf("enlisting: %v", err)
	}
	room := store.RunningRoom{ID: "r", OpenedAt: time.UnixMilli(0).UTC(), Head: []byte{}}
	if err := s.Write(t.Context(), dead, store.Batch{Opened: []store.RunningRoom{room}}); err != nil {
		t.Fatalf("writing: %v", err)
	}
	dead.Length = 0
	if err := s.Renew(t.Context(), dead); err != nil {
		t.Fatalf("letting the lease end: %v", err)
	}
	frozen, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer frozen.Close(t.Context())
	for _, sql := range []string{postgres.Begin, `select 1 from servers where name = 'dead' for update`} {
		if _, err := frozen.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}

	l, err := s.Enlist(t.Context(), "claimer", "", time.Hour)
	if err != nil {
		t.Fatalf("another server cannot even enlist: %v", err)
	}
	began := time.Now()
	for {
		asked := time.Now()
		rooms, err := s.Claim(t.Context(), l, 10)
		if err != nil {
			t.Fatalf("claiming meanwhile: %v", err)
		}
		if took := time.Since(asked); took > 3*time.Second {
			t.Errorf("a claim took %v: it must not wait for who is frozen", took)
		}
		if len(rooms) > 0 {
			return
		}
		if time.Since(began) > 15*time.Second {
			t.Fatal("the room cannot be claimed: the transaction holds its lock for ever")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
