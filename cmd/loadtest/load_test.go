package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tickroom/cmd/loadtest/program"
	"tickroom/net/cable"
)

// server is the real one, in a process of its own, for all tests of this package.
var server struct {
	once    sync.Once
	dir     string
	addr    string
	pid     int
	err     error
	stop    context.CancelFunc
	running sync.WaitGroup
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	server.running.Wait()
	os.RemoveAll(server.dir)
	os.Exit(code)
}

// serve builds and starts it, if nobody has.
func serve(t *testing.T) (addr string, pid int) {
	t.Helper()
	server.once.Do(func() { server.err = startServer() })
	if server.err != nil {
		t.Fatal(server.err)
	}
	return server.addr, server.pid
}

func startServer() error {
	var ctx context.Context
	ctx, server.stop = context.WithCancel(context.Background())
	dir, err := os.MkdirTemp("", "loadtest")
	if err != nil {
		return err
	}
	server.dir = dir
	if err := program.Run(ctx, "go", "build", "-o", dir+"/server", "tickroom/cmd/server"); err != nil {
		return err
	}
	port, err := program.FreePort()
	if err != nil {
		return err
	}
	server.addr = "127.0.0.1:" + port
	p, err := program.Start(ctx, &server.running, nil, dir+"/server",
		"-listen", server.addr, "-database", "sqlite:"+filepath.Join(dir, "tickroom.db"), "-log-level", "warn")
	if err != nil {
		return err
	}
	server.pid = p.Pid
	_, err = p.Until(ctx, "play at ")
	return err
}

// loaded runs the command as from a shell.
func loaded(t *testing.T, args ...string) (report, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var out bytes.Buffer
	err := run(ctx, append([]string{"-json"}, args...), &out, t.Output())
	var r report
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("printed %q: %v", out.String(), err)
		}
	}
	return r, err
}

func TestAServerFullOfPlayersIsMeasured(t *testing.T) {
	addr, pid := serve(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	r, err := loaded(t, "-url", "http://"+addr, "-rooms", "3", "-players", "4", "-for", "1s", "-warm", "200ms", "-pid", strconv.Itoa(pid))
	if err != nil {
		t.Fatal(err)
	}
	if r.Players != 12 || r.States < 12 {
		t.Errorf("%d players got %d states, want 12 with some each", r.Players, r.States)
	}
	if due := r.Rate * r.Seconds; due < float64(r.States)-1 || due > float64(r.States)+1 {
		t.Errorf("%v states a second for %v s are not %d", r.Rate, r.Seconds, r.States)
	}
	for name, figure := range map[string]float64{
		"bytes a state": r.BytesPerState, "CPU a state": r.CPUPerState, "age": r.Age.Max, "error of the age": r.AgeError, "round trip or lateness": r.RTT.Max + r.Late.Max,
	} {
		if figure <= 0 {
			t.Errorf("%s is %v: it was not measured", name, figure)
		}
	}
}

// Commands must be done once and in order, and what members say be heard so; the
// command itself says if not.
func TestGamesOfCommandsArePlayed(t *testing.T) {
	addr, _ := serve(t)
	for _, game := range []string{"relay", "battleship"} { // relay shows once a second
		r, err := loaded(t, "-url", "http://"+addr, "-game", game, "-rooms", "2", "-players", "2", "-acts", "20", "-for", "1100ms", "-warm", "0s")
		if err != nil {
			t.Fatalf("%s: %v", game, err)
		}
		if r.Answer.Max == 0 || r.Refused > 0 {
			t.Errorf("%s: an answer took %v ms at most, and %d were refused: want some answers, and only commands that are in order", game, r.Answer.Max, r.Refused)
		}
	}
}

func TestAGameThatNobodyHereKnowsIsPlayedByItsSchema(t *testing.T) {
	addr, _ := serve(t)
	known := minds
	minds = nil
	defer func() { minds = known }()
	r, err := loaded(t, "-url", "http://"+addr, "-game", "arena", "-rooms", "1", "-players", "3", "-acts", "10", "-for", "1s", "-warm", "0s")
	if err != nil {
		t.Fatal(err)
	}
	if r.States == 0 || r.Answer.Max == 0 {
		t.Errorf("%d states came, and answers took %v ms at most: want both", r.States, r.Answer.Max)
	}
}

func TestWhoIsCutComesBackAndMissesNothing(t *testing.T) {
	addr, _ := serve(t)
	line, err := cable.New(addr, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	progress := &cutter{line: line}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var out bytes.Buffer
	if err := run(ctx, []string{"-json", "-url", "http://" + line.Addr(), "-game", "relay", "-rooms", "1", "-players", "3", "-acts", "20",
		"-for", "2050ms", "-warm", "0s"}, &out, progress); err != nil {
		t.Fatalf("all were cut, and so: %v", err)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Reconnects < 3 || !progress.back {
		t.Errorf("%d connections were made again, and all 3 played a second later: %v", r.Reconnects, progress.back)
	}
}

// cutter hears of the progress, and cuts all when a second is over.
type cutter struct {
	line *cable.Cable
	back bool // all play when another is
}

func (c *cutter) Write(b []byte) (int, error) {
	if strings.Contains(string(b), " 1 s: ") {
		c.line.Cut()
	}
	if strings.Contains(string(b), " 2 s: 3 players") {
		c.back = true
	}
	return len(b), nil
}

// Where there is TLS, or no epoll, goroutines read.
func TestBothWaysOfReadingHearTheSame(t *testing.T) {
	addr, _ := serve(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	cfg, err := parseConfig(strings.Fields("-rooms 2 -players 4 -for 1s -warm 0s -url http://"+addr), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLoad(cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	l.poll.close()
	l.poll = newStreams()
	r, err := l.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.verdict(); err != nil {
		t.Error(err)
	}
}

func TestAServerThatIsNotThereIsSaid(t *testing.T) {
	port, err := program.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loaded(t, "-url", "http://127.0.0.1:"+port); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody listens there, and it says %v", err)
	}
}

func TestMorePlayersThanSeatsAreRefused(t *testing.T) {
	addr, _ := serve(t)
	if _, err := loaded(t, "-url", "http://"+addr, "-game", "battleship", "-rooms", "1", "-players", "3"); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("three in a game of two: %v, want the server's 409", err)
	}
}
