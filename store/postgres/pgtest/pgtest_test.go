//go:build unix

package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { Main(m) }

func TestDatabasesAreMigratedAndApart(t *testing.T) {
	t.Parallel()
	a, b := connect(t, Database(t)), connect(t, Database(t))
	run(t, a, "insert into secrets (name, value) values ('a', 'a')")
	if n := count(t, b, "select count(*) from secrets"); n != 0 {
		t.Errorf("the second database has %d secrets, want 0: it is not the first", n)
	}
	if n := count(t, connect(t, Bare(t)), "select count(*) from pg_tables where schemaname = 'public'"); n != 0 {
		t.Errorf("a bare database has %d tables, want none", n)
	}
}

func TestAStoppedServerComesBackWithWhatItHad(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {TCP: true}} {
		s := NewServer(t, o)
		url := s.Database(t)
		run(t, connect(t, url), "insert into secrets (name, value) values ('a', 'a')")
		s.Stop(t)
		if _, err := pgx.Connect(t.Context(), url); err == nil {
			t.Errorf("a stopped server answers, with %+v", o)
		}
		s.Start(t)
		if n := count(t, connect(t, url), "select count(*) from secrets"); n != 1 {
			t.Errorf("after stop and start there are %d secrets, want the 1 of before, with %+v", n, o)
		}
	}
}

func TestAPausedServerIsSilentUntilItIsResumed(t *testing.T) {
	t.Parallel()
	s := NewServer(t, Options{})
	url := s.Database(t)
	before := connect(t, url)
	s.Pause(t)
	answer := make(chan error, 2)
	ask := func(conn *pgx.Conn, err error) {
		if err == nil {
			_, err = conn.Exec(t.Context(), "select 1")
		}
		answer <- err
	}
	go ask(before, nil)
	go func() { ask(pgx.Connect(t.Context(), url)) }()
	select {
	case err := <-answer:
		t.Errorf("a paused server answers: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	s.Resume(t)
	for range 2 {
		if err := <-answer; err != nil {
			t.Errorf("what was asked during the pause fails after it: %v", err)
		}
	}
}

func TestAServerEndsThoughItIsPaused(t *testing.T) {
	t.Parallel()
	var dir string
	t.Run("in a test that leaves it so", func(t *testing.T) {
		s := NewServer(t, Options{})
		dir = s.dir
		s.Pause(t)
	})
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server's folder is there after its test: %v", err)
	}
}

// killed is set for a copy of this test that is killed.
const killed = "TICKROOM_TEST_KILLED"

func TestNothingIsLeftOfAKilledTestBinary(t *testing.T) {
	if os.Getenv(killed) != "" {
		s := NewServer(t, Options{})
		s.Pause(t) // the worst state to be left in
		fmt.Println("\n"+killed, s.dir, s.running.pid)
		select {} // until killed
	}
	t.Parallel()
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), killed+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	var pid int
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), killed); ok {
			fmt.Sscan(rest, &dir, &pid)
		}
	}
	c.Process.Kill()
	c.Wait()
	if dir == "" {
		t.Skip("the copy of this test had no server to leave") // it said why
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := os.Stat(dir)
		if errors.Is(err, os.ErrNotExist) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s of the killed tests is still there", dir)
		}
		time.Sleep(50 * time.Millisecond) // another process does it: there is nothing to wait on
	}
	if left, err := children(pid); err != nil || len(left) > 0 {
		t.Errorf("the killed tests' server still has processes %v, %v", left, err)
	}
}

// quitter is a test that can be given up on.
type quitter struct {
	testing.TB
	said string
}

func (q *quitter) Helper()        {}
func (q *quitter) Skip(a ...any)  { q.said = "skip: " + fmt.Sprint(a...); runtime.Goexit() }
func (q *quitter) Fatal(a ...any) { q.said = "fatal: " + fmt.Sprint(a...); runtime.Goexit() }

func TestWithoutPostgresTestsAreSkippedUnlessItWasPromised(t *testing.T) {
	for _, test := range []struct {
		ci, require string
		err         error
		want        string
	}{
		{"", "", errNotInstalled, "skip: "},
		{"false", "0", errNotInstalled, "skip: "},
		{"true", "", errNotInstalled, "fatal: "},
		{"", "1", errNotInstalled, "fatal: "},
		{"", "", errors.New("Postgres is not installed, I guess"), "fatal: "},
	} {
		t.Setenv("CI", test.ci)
		t.Setenv("TICKROOM_REQUIRE_POSTGRES", test.require)
		q := &quitter{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			giveUp(q, test.err)
		}()
		<-done
		if !strings.HasPrefix(q.said, test.want) || !strings.Contains(q.said, "Postgres is not installed") {
			t.Errorf("with CI=%q and TICKROOM_REQUIRE_POSTGRES=%q, %v gives %q, want %s", test.ci, test.require, test.err, q.said, test.want)
		}
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("connecting to %s: %v", url, err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func count(t *testing.T, conn *pgx.Conn, sql string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
