//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options are how a private server is made.
type Options struct {
	// TCP makes it listen on 127.0.0.1 too, and its URLs say so; for tests with
	// something in between. Without, it has a Unix socket only.
	TCP bool
}

// Server is a private Postgres for one test, to do to it what happens to
// databases. Its methods are for the test's goroutine.
type Server struct {
	// Set once.
	install install
	user    *syscall.Credential // whom it runs as; nil is us
	dir     string              // data, socket and log
	port    int                 // also names the socket
	tcp     bool

	// Of the test's goroutine; nil while it is stopped.
	running *process
	cluster *cluster
}

// NewServer starts a server that ends with the test.
func NewServer(t testing.TB, o Options) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	s, err := start(ctx, o)
	if err != nil {
		giveUp(t, err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("pgtest: the server's log ends with\n%s", s.logTail())
		}
		if err := s.remove(); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	if s.cluster, err = newCluster(ctx, s.url("postgres"), s); err != nil {
		t.Fatal("pgtest: ", err)
	}
	return s
}

// Database makes a migrated and empty database and gives its URL, which stays
// the same when the server is stopped and started.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.cluster.database(t, true)
}

// Stop shuts the server down: connections are ended, new ones refused.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.stop(); err != nil {
		t.Fatal("pgtest: ", err)
	}
}

// Start brings a stopped server back, with all it had.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	if err := s.run(ctx); err != nil {
		t.Fatal("pgtest: ", err)
	}
}

// Pause freezes the server: connections stay open and new ones are accepted,
// and nothing ever answers, as when its machine hangs.
func (s *Server) Pause(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Resume lets a paused server go on, with what it was sent meanwhile.
func (s *Server) Resume(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Server) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if s.running == nil {
		t.Fatal("pgtest: the server is stopped")
	}
	if err := s.running.signalAll(sig); err != nil {
		t.Fatal("pgtest: ", err)
	}
}

// start makes a server's folder and data, and runs it.
func start(ctx context.Context, o Options) (*Server, error) {
	in, err := findInstall()
	if err != nil {
		return nil, err
	}
	user, err := notRoot()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	// Not os.TempDir: a socket's path may have 100 bytes, and another user must
	// reach it.
	dir, err := os.MkdirTemp("/tmp", "tickroom-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{install: in, user: user, dir: dir, port: port, tcp: o.TCP}
	if err := s.initAndRun(ctx); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *Server) initAndRun(ctx context.Context) error {
	if s.user != nil {
		if err := os.Chown(s.dir, int(s.user.Uid), int(s.user.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.CommandContext(ctx, s.install.bin("initdb"), "-D", filepath.Join(s.dir, "data"),
		"--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.Dir = s.dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s.run(ctx)
}

// run starts the server and waits until it answers.
func (s *Server) run(ctx context.Context) error {
	if s.running != nil {
		return errors.New("the server is running")
	}
	listen := ""
	if s.tcp {
		listen = "127.0.0.1"
	}
	p, err := startProcess(s.dir, s.user, s.install.bin("postgres"),
		"-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port), "-k", s.dir, "-h", listen,
		// What is lost with the machine's power is lost: it is a test.
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "autovacuum=off", "-c", "shared_buffers=16MB", "-c", "dynamic_shared_memory_type=mmap")
	if err != nil {
		return err
	}
	s.running = p
	if err := s.waitReady(ctx); err != nil {
		return fmt.Errorf("%w\n%s", errors.Join(err, s.stop()), s.logTail())
	}
	return nil
}

func (s *Server) waitReady(ctx context.Context) error {
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-poll.C:
		case <-s.running.ended:
			return errors.New("the server ended as soon as it was started")
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

func (s *Server) stop() error {
	if s.running == nil {
		return nil
	}
	p := s.running
	s.running = nil
	return p.stop()
}

// remove stops the server and takes its folder away.
func (s *Server) remove() error {
	return errors.Join(s.stop(), os.RemoveAll(s.dir))
}

func (s *Server) url(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database}
	if s.tcp {
		u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	} else {
		u.RawQuery = url.Values{"host": {s.dir}, "port": {strconv.Itoa(s.port)}}.Encode()
	}
	return u.String()
}

func (s *Server) logTail() []byte {
	log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	const end = 2000
	return bytes.TrimSpace(log[max(0, len(log)-end):])
}
