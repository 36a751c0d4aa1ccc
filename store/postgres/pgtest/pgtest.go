//go:build unix

// Package pgtest gives tests a real Postgres. A package that uses it says
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// and asks for a [Database] of its own in each test, or for a whole [Server]
// to stop and freeze. Nothing has to be running: the installed binaries are
// found, a private server is started in a folder of its own when first asked
// for, and gone when the test binary is, however that ends. One server serves
// all tests of a binary; a database is a copy of a template that was migrated
// once, which takes 50 ms.
//
// TEST_DATABASE_URL names a running server to use instead; its user must be
// allowed to create databases. Servers made by [NewServer] are private anyway.
//
// Without Postgres tests are skipped, and fail where it is promised: with CI or
// TICKROOM_REQUIRE_POSTGRES set to true or 1.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// shared is the server of this test binary.
var shared struct {
	// Guarded by mu.
	mu      sync.Mutex
	cluster *cluster
	err     error
	main    bool // Main is running, and will stop it
}

// Main runs a package's tests and stops the server they may have started. Call
// it from TestMain.
func Main(m *testing.M) {
	shared.mu.Lock()
	shared.main = true
	shared.mu.Unlock()
	m.Run() // its code is the process's, once TestMain returns

	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.main = false
	if shared.cluster == nil {
		return
	}
	if err := shared.cluster.close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
	}
}

// Database makes a migrated and empty database for this test and gives its URL.
func Database(t testing.TB) string {
	t.Helper()
	return sharedCluster(t).database(t, true)
}

// Bare makes a database with nothing in it, not even the schema.
func Bare(t testing.TB) string {
	t.Helper()
	return sharedCluster(t).database(t, false)
}

func sharedCluster(t testing.TB) *cluster {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.main {
		t.Fatal("pgtest: the package needs func TestMain(m *testing.M) { pgtest.Main(m) }")
	}
	if shared.cluster == nil && shared.err == nil {
		shared.cluster, shared.err = startShared()
	}
	if shared.err != nil {
		giveUp(t, shared.err)
	}
	return shared.cluster
}

func startShared() (*cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if url := os.Getenv("TEST_DATABASE_URL"); url != "" {
		return newCluster(ctx, url, nil)
	}
	s, err := start(ctx, Options{})
	if err != nil {
		return nil, err
	}
	c, err := newCluster(ctx, s.url("postgres"), s)
	if err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return c, nil
}

// giveUp ends a test that cannot have its server: without Postgres it is
// skipped, unless Postgres was promised; any other trouble is a failure.
func giveUp(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errNotInstalled) && !Promised() {
		t.Skip("pgtest: ", err)
	}
	t.Fatal("pgtest: ", err)
}

// Promised says whether what tests need was promised to be installed here, by CI
// or TICKROOM_REQUIRE_POSTGRES: then its absence is a failure and no skip.
func Promised() bool {
	for _, name := range []string{"CI", "TICKROOM_REQUIRE_POSTGRES"} {
		if v := strings.ToLower(os.Getenv(name)); v == "true" || v == "1" {
			return true
		}
	}
	return false
}

const (
	// startTimeout bounds making and starting a server: two seconds on a quiet
	// machine, and tests of ten packages may start one at once.
	startTimeout = 2 * time.Minute

	// stopTimeout bounds stopping one: it writes what it has in memory.
	stopTimeout = 30 * time.Second
)
