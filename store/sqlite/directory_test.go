package sqlite_test

import (
	"database/sql"
	"testing"
	"time"

	"tickroom/store/storetest"
)

func TestClosedCardsGo(t *testing.T) {
	path := file(t)
	s := open(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	storetest.ClosedGo(t, s, func(d time.Duration) {
		if _, err := db.ExecContext(t.Context(), `update cards set closed_at = closed_at - $1 where closed_at > 0`, d.Milliseconds()); err != nil {
			t.Fatalf("making cards older: %v", err)
		}
	})
}
