//go:build linux

// Command bench measures servers that do the same work, in turn, in one call,
// several times over, and prints the medians as a table for README.md.
//
//	go run ./cmd/loadtest/peers/bench [-rooms 50] [-players 8] [-for 6s] [-times 3] [NAME...]
//
// The work is game/swarm's: rooms of 24 things of 7 numbers, half of them changed
// in each of 20 ticks a second, a state to every player and an input from each.
// Servers run on one core and loadtest, which speaks to each in its own way, on
// another, without ever sleeping. Only lines of one call may be compared: a
// machine has its moods.
//
// It needs Linux, two cores, taskset, node with what package.json names (npm ci),
// and for the bare loop a C compiler; what is not there is left out and said so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tickroom/cmd/loadtest/program"
)

// choices are what the command line says.
type choices struct {
	rooms, players, times int
	span, warm            time.Duration
	server, load          string // cores
	names                 []string
}

// due is how many states there are a second.
func (c choices) due() float64 { return float64(c.rooms * c.players * 20) }

func main() {
	var c choices
	flag.IntVar(&c.rooms, "rooms", 50, "how many `rooms`")
	flag.IntVar(&c.players, "players", 8, "in each, at most 8")
	flag.DurationVar(&c.span, "for", 6*time.Second, "how long to measure each")
	flag.DurationVar(&c.warm, "warm", 2*time.Second, "how long to play before that")
	flag.IntVar(&c.times, "times", 3, "how `often`: medians are printed")
	flag.StringVar(&c.server, "server-core", "0", "where servers run")
	flag.StringVar(&c.load, "load-core", "1", "where loadtest runs")
	flag.Parse()
	c.names = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c choices, out io.Writer) error {
	dir, err := os.MkdirTemp("", "tickroom-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{choices: c, dir: dir}
	peers := slices.DeleteFunc(b.peers(), func(p peer) bool { return len(c.names) > 0 && !slices.Contains(c.names, p.name) })
	if peers, err = b.build(ctx, peers); err != nil {
		return err
	}
	results := make([][]result, len(peers))
	for n := range c.times {
		for i, p := range peers {
			fmt.Fprintf(os.Stderr, "bench: %d of %d: %s\n", n+1, c.times, p.title)
			r, err := b.measure(ctx, p)
			switch {
			case errors.Is(err, errNotHere):
				fmt.Fprintf(os.Stderr, "bench: %s: %v\n", p.title, err)
			case err != nil:
				return fmt.Errorf("%s: %w", p.title, err)
			default:
				doubt(c, r)
				results[i] = append(results[i], r)
			}
		}
	}
	return printTable(out, c, peers, results)
}

// bench is one call.
type bench struct {
	choices
	dir string // of what was built
}

// What makes a measurement doubtful: loadtest had hardly a rest, or a server got
// less of its core than it wanted.
const (
	tooBusy = .9
	tooFew  = .98
)

// doubt says so.
func doubt(c choices, r result) {
	if r.Busy > tooBusy {
		fmt.Fprintf(os.Stderr, "bench: loadtest was busy %.0f %% of its time: these ages are its own\n", 100*r.Busy)
	}
	if due := c.due(); r.Rate < tooFew*due {
		fmt.Fprintf(os.Stderr, "bench: only %.0f of %.0f states a second came: the server had too much to do, or the machine had\n", r.Rate, due)
	}
}

// errNotHere is a peer that cannot run on this machine.
var errNotHere = errors.New("left out: it cannot run here")

// measure starts a server, has loadtest play there, and stops it.
func (b *bench) measure(ctx context.Context, p peer) (r result, err error) {
	ctx, stop := context.WithTimeout(ctx, b.span+2*time.Minute)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	port, err := program.FreePort()
	if err != nil {
		return r, err
	}
	server, err := program.Start(ctx, &running, nil, "taskset", append([]string{"-c", b.server}, p.command(port)...)...)
	if err != nil {
		return r, err
	}
	said, err := server.Until(ctx, p.ready, "no")
	if err != nil {
		return r, err
	}
	if said == "no" {
		return r, errNotHere
	}
	load, err := program.Start(ctx, &running, nil, b.dir+"/loadtest", "-json", "-spin", "-cpu", b.load, "-pid", strconv.Itoa(server.Pid),
		"-url", "http://127.0.0.1:"+port, "-speak", p.speak, "-rooms", strconv.Itoa(b.rooms), "-players", strconv.Itoa(b.players),
		"-for", b.span.String(), "-warm", b.warm.String())
	if err != nil {
		return r, err
	}
	if _, err := load.Until(ctx, "loadtest: measuring"); err != nil {
		return r, err
	}
	server.Say("begin")
	line, err := load.Until(ctx, "{")
	if err != nil {
		return r, err
	}
	if err := r.read(line); err != nil || p.speak == "tickroom" {
		return r, err
	}
	server.Say("end")
	if line, err = server.Until(ctx, "{"); err != nil {
		return r, err
	}
	return r, r.readLate(line)
}
