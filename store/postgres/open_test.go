//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
)

func TestSixOpenersAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.Bare(t)
	kept := make([]string, 6)
	var all sync.WaitGroup
	for i := range kept {
		all.Go(func() {
			s, err := postgres.Open(t.Context(), url)
			if err != nil {
				t.Errorf("opening at once with others: %v", err)
				return
			}
			defer s.Close()
			secret, err := s.Secret(t.Context(), "tokens", []byte{byte('a' + i)})
			if err != nil {
				t.Errorf("asking for the secret right after opening: %v", err)
			}
			kept[i] = string(secret)
		})
	}
	all.Wait()
	for _, k := range kept {
		if k != kept[0] {
			t.Errorf("the servers were given the secrets %q, want one", kept)
		}
	}
}

// A wrong URL is answered with one line, without the password, wherever it is.
func TestAWrongURLIsOneClearLineWithoutThePassword(t *testing.T) {
	t.Parallel()
	const password = "s3cr3t"
	for url, want := range map[string]string{
		"":                                   "must be like postgres://",
		"mysql://u:s3cr3t@h/db":              "must be like postgres://",
		"host=h password=s3cr3t":             "must be like postgres://",
		"postgres://u:s3cr3t%zz@h/db":        "must be like postgres://",
		"postgres://u:s3cr3t/x@h/db":         "must be like postgres://",
		"postgres://u:s3cr3t@h:port/db":      "must be like postgres://",
		"postgres://u:s3cr3t@h/db?sslmode=x": "sslmode",
		"postgres://u@h/db?password=s3cr3t&pool_max_conns=x": "pool_max_conns",
		"postgres://u:s3cr3t@h/db?connect_timeout=s3cr3t":    "not valid",
		"postgres://u:s3cr3t@127.0.0.1:1/db":                 "connection refused",
		"postgres://u:s3cr3t@127.0.0.1:1,127.0.0.1:2/db":     "connection refused",
		"postgres://u:s3cr3t@name.invalid/db":                "name.invalid",
		"postgres://u:s3cr3t@/db?host=/nowhere":              "/nowhere",
	} {
		began := time.Now()
		s, err := postgres.Open(t.Context(), url)
		if err == nil {
			s.Close()
			t.Errorf("%s was opened", url)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %q, want it to say %q", url, err, want)
		}
		if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s gives %q, want one line without the password", url, err)
		}
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("%s took %v, want an answer while one looks on", url, took)
		}
	}
}

func TestAnUnknownDatabaseIsSaidToBe(t *testing.T) {
	t.Parallel()
	url := strings.Replace(pgtest.Bare(t), "tickroom_test_", "never_made_", 1)
	if s, err := postgres.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("opening a database that is not there gives %v, %v, want an error that says so", s, err)
	}
}

// mute listens, accepts and never answers, as a firewall or a frozen host does.
func mute(t *testing.T) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) // the kernel accepts into its backlog
	return l.Addr().String()
}

func TestAServerThatNeverAnswersIsGivenUpOnInTime(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]time.Duration{
		"":                     5 * time.Second, // ours
		"?connect_timeout=1":   1 * time.Second, // shorter holds
		"?connect_timeout=600": 5 * time.Second, // longer does not
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			s, err := postgres.Open(t.Context(), "postgres://u@"+mute(t)+"/db"+query)
			took := time.Since(began)
			if err == nil {
				s.Close()
				t.Fatal("what never answers was opened")
			}
			if took < want/2 || took > want+3*time.Second {
				t.Errorf("giving up took %v, want %v: %v", took, want, err)
			}
		})
	}
}

func TestAnOutageIsOverWhenTheDatabaseIsBack(t *testing.T) {
	t.Parallel()
	server := pgtest.NewServer(t, pgtest.Options{TCP: true})
	s := open(t, server.Database(t))
	m := store.Match{ID: "m", Players: []store.MatchPlayer{{PlayerID: "p"}}}
	if err := s.Ping(t.Context()); err != nil {
		t.Fatalf("before the outage: %v", err)
	}

	server.Stop(t)
	if err := s.SaveMatch(t.Context(), m); err == nil {
		t.Error("saving while the database is away must fail")
	}
	server.Start(t)
	saved(t, s, m, "the database was started again")

	server.Pause(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	second := store.Match{ID: "second"}
	if err := s.SaveMatch(ctx, second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("saving while the database hangs gives %v, want the end of the caller's patience", err)
	}
	server.Resume(t)
	saved(t, s, second, "the database went on")
	if got, err := s.Match(t.Context(), "m"); err != nil || len(got.Players) != 1 {
		t.Errorf("the match saved between the outages is %+v, %v, want it with its one player", got, err)
	}
}

// saved saves until it succeeds, as a room does; the pool may have to find out
// first that its connections are dead, once for each.
func saved(t *testing.T, s store.Store, m store.Match, since string) {
	t.Helper()
	var err error
	for range 10 {
		if err = s.SaveMatch(t.Context(), m); err == nil {
			return
		}
	}
	t.Fatalf("saving still fails after %s: %v", since, err)
}
