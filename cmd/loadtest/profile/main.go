// Command profile leaves profiles of the server under load, to look at as flame
// graphs:
//
//	go run ./cmd/loadtest/profile [-o profiles] [-for 20s] [loadtest's flags ...]
//	go tool pprof -http=: profiles/cpu.pb.gz
//
// It builds the server as it is, with one file more that serves net/http/pprof
// (endpoint.go.txt; the server itself has no such door), fills it with loadtest,
// and keeps what is found there meanwhile: where the time goes (cpu), what is
// allocated (allocs) and held (heap), where goroutines wait for locks (mutex), all
// goroutines, and a second of what the runtime did (trace, for go tool trace).
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tickroom/cmd/loadtest/program"
)

// endpoint is the file that the server is built with.
//
//go:embed endpoint.go.txt
var endpoint []byte

func main() {
	out := flag.String("o", "profiles", "`folder` for the profiles")
	span := flag.Duration("for", 20*time.Second, "how long to look at the server")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *out, *span, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, span time.Duration, load []string) error {
	dir, err := os.MkdirTemp("", "tickroom-profile")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := errors.Join(os.MkdirAll(out, 0o755), build(ctx, dir)); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()

	play, err := program.FreePort()
	if err != nil {
		return err
	}
	look, err := program.FreePort()
	if err != nil {
		return err
	}
	server, err := program.Start(ctx, &running, []string{"TICKROOM_PPROF=127.0.0.1:" + look}, dir+"/server",
		"-listen", "127.0.0.1:"+play, "-database", "sqlite:"+dir+"/tickroom.db", "-log-level", "warn", "-trust-proxy")
	if err != nil {
		return err
	}
	if _, err := server.Until(ctx, "play at "); err != nil {
		return err
	}
	args := append([]string{"-url", "http://127.0.0.1:" + play, "-pid", strconv.Itoa(server.Pid), "-forwarded", "-rooms", "50",
		"-for", (span + 2*time.Second).String()}, load...)
	players, err := program.Start(ctx, &running, nil, dir+"/loadtest", args...)
	if err != nil {
		return err
	}
	if _, err := players.Until(ctx, "loadtest: measuring"); err != nil {
		return err
	}
	if err := keep(ctx, "http://127.0.0.1:"+look+"/debug/pprof/", out, span); err != nil {
		return err
	}
	fmt.Printf("go tool pprof -http=: %s\n", filepath.Join(out, "cpu.pb.gz"))
	return nil
}

// build makes the server with the endpoint, as if it lay among its files.
func build(ctx context.Context, dir string) error {
	file := filepath.Join(dir, "endpoint.go")
	here, err := filepath.Abs("cmd/server/endpoint_of_profile.go")
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {here: file}})
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(file, endpoint, 0o644),
		os.WriteFile(dir+"/overlay.json", overlay, 0o644),
		program.Run(ctx, "go", "build", "-overlay", dir+"/overlay.json", "-o", dir+"/server", "./cmd/server"),
		program.Run(ctx, "go", "build", "-o", dir+"/loadtest", "./cmd/loadtest"),
	)
}

// keep fetches the profiles while the load goes on: the longest first.
func keep(ctx context.Context, url, out string, span time.Duration) error {
	for _, p := range []struct{ name, query string }{
		{"cpu.pb.gz", fmt.Sprintf("profile?seconds=%d", max(1, int(span.Seconds())))},
		{"trace.out", "trace?seconds=1"},
		{"allocs.pb.gz", "allocs"}, {"heap.pb.gz", "heap"}, {"mutex.pb.gz", "mutex"}, {"goroutines.pb.gz", "goroutine"},
	} {
		if err := fetch(ctx, url+p.query, filepath.Join(out, p.name)); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintln(os.Stderr, "profile:", filepath.Join(out, p.name))
	}
	return nil
}

func fetch(ctx context.Context, url, to string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, resp.Body)
	return errors.Join(err, f.Close())
}
