//go:build unix

package postgres_test

import (
	"testing"

	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
	"tickroom/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestPostgresIsAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, pgtest.Database(t)) })
}

func BenchmarkJournal(b *testing.B) {
	storetest.Bench(b, func(b testing.TB) store.Store { return open(b, pgtest.Database(b)) })
}

func BenchmarkDirectory(b *testing.B) {
	storetest.BenchDirectory(b, func(b testing.TB) store.Store { return open(b, pgtest.Database(b)) })
}

func TestTwoServersShareOneDatabase(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	storetest.RunShared(t, open(t, url), open(t, url))
}

func open(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return s
}
