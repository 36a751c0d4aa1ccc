package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tickroom/store/postgres/pgtest"
)

// TestMain runs the tests, or is a server that one of them started (child).
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		beServer()
	}
	pgtest.Main(m)
}

// command runs the server as from a shell until it ends by itself.
func command(t *testing.T, env map[string]string, args ...string) (stdout string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err = run(ctx, args, func(name string) string { return env[name] }, &out, &errs)
	if ctx.Err() != nil {
		t.Fatalf("%v did not end by itself", args)
	}
	return out.String(), err
}

func TestVersionIsPrinted(t *testing.T) {
	out, err := command(t, nil, "-version")
	if err != nil || !strings.HasPrefix(out, "tickroom ") || strings.Count(out, "\n") != 1 {
		t.Errorf("printed %q, %v; want one line of name and version", out, err)
	}
}

func TestWhatCannotStartSaysWhyInOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free := "127.0.0.1:0"
	file := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"port in use":             {args: []string{"-listen", taken.Addr().String(), "-database", file}, want: "address already in use"},
		"database of no kind":     {args: []string{"-listen", free, "-database", "mysql://x"}, want: "postgres://"},
		"database unreachable":    {args: []string{"-listen", free, "-database", "postgres://u:secret@127.0.0.1:1/x"}, want: "127.0.0.1"},
		"database in environment": {args: []string{"-listen", free}, env: map[string]string{"DATABASE_URL": "nonsense"}, want: "postgres://"},
		"file that is a folder":   {args: []string{"-listen", free, "-database", "sqlite:" + t.TempDir()}, want: "sqlite"},
		"origin without scheme":   {args: []string{"-origins", "example.com"}, want: "origin"},
		"address without scheme":  {args: []string{"-address", "10.0.0.1:8080"}, want: "address"},
		"public with a path":      {args: []string{"-public", "https://a.example.com/play"}, want: "public"},
		"grace too long":          {args: []string{"-grace", "48h"}, want: "grace"},
		"variable that is wrong":  {env: map[string]string{"TICKROOM_GRACE": "soon"}, want: "TICKROOM_GRACE"},
		"stray argument":          {args: []string{"start"}, want: "start"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := command(t, c.env, c.args...)
			if err == nil {
				t.Fatal("it started")
			}
			if text := err.Error(); !strings.Contains(text, c.want) || strings.Contains(text, "\n") || strings.Contains(text, "secret") {
				t.Errorf("said %q; want one line with %q and no password", text, c.want)
			}
		})
	}
}

func TestServerStartsServesAndStopsLeavingNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := start(t, "sqlite:"+filepath.Join(t.TempDir(), "data", "tickroom.db"))
	if err := checkHealth(t.Context(), s.addr); err != nil {
		t.Errorf("health check: %v", err)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	if err := checkHealth(t.Context(), s.addr); err == nil {
		t.Error("the health check of a stopped server says it is well")
	}
}

// running is a server started as from a shell, on real sockets.
type running struct {
	addr  string
	end   context.CancelFunc
	ended chan error
}

func start(t *testing.T, database string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &running{end: cancel, ended: make(chan error, 1)}
	lines := make(lineWriter, 10)
	go func() {
		s.ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-database", database}, func(string) string { return "" }, lines, t.Output())
	}()
	for {
		select {
		case line := <-lines:
			if _, addr, ok := strings.Cut(line, "play at http://"); ok {
				s.addr = strings.TrimSpace(addr)
				return s
			}
		case err := <-s.ended:
			t.Fatalf("did not start: %v", err)
		}
	}
}

func (s *running) stop() error {
	s.end()
	return <-s.ended
}

// lineWriter hands over what is printed.
type lineWriter chan string

func (w lineWriter) Write(b []byte) (int, error) {
	w <- string(b)
	return len(b), nil
}

// Browsers open connections ahead of need.
func TestAConnectionThatNobodyUsesKeepsNoServerFromStopping(t *testing.T) {
	s := start(t, "sqlite:"+filepath.Join(t.TempDir(), "tickroom.db"))
	unused, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer unused.Close()
	if err := checkHealth(t.Context(), s.addr); err != nil { // so that the server has both
		t.Fatal(err)
	}
	asked := time.Now()
	if err := s.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	if took := time.Since(asked); took > 2*time.Second {
		t.Errorf("stopped after %v: players wait for the next process meanwhile", took)
	}
}
