// Command bytes measures what the same event and the same state cost on the
// wire: over tickroom, raw WebSockets with JSON, Socket.IO and Colyseus. It
// prints a table for people.
//
// Every server is the real one and so is every client; between them stands a
// pipe that reads along (pipe.go), cuts what passes into WebSocket frames
// (frames.go) and asks of each what it is (kinds.go). Counted is everything
// that TCP carries for a frame, its header and mask included, and nothing
// below: acknowledgements and headers of TCP are the same for all.
//
// The event is a name and 32 bytes, said by one to a room of eight, ten times a
// second. The state is that of game/swarm: 24 things of 7 whole numbers, half
// of them changed since the last, 20 times a second to each of eight, who send
// their controls as often.
//
// It runs from the module's root, after npm ci in cmd/loadtest/peers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"time"
)

const (
	members   = 8
	eventRate = 10          // a second
	joinIn    = time.Minute // and start: a server that does not is a failure
)

func main() {
	seconds := flag.Int("seconds", 60, "how long to measure: a minute sees two heartbeats of the slowest")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *seconds); err != nil {
		fmt.Fprintln(os.Stderr, "bytes:", err)
		os.Exit(1)
	}
}

// run measures all at once: none of them is busy.
func run(ctx context.Context, seconds int) error {
	dir, err := os.MkdirTemp("", "bytes")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var programs sync.WaitGroup
	defer programs.Wait() // measure has stopped them
	peers, err := all(ctx, dir, &programs)
	if err != nil {
		return err
	}
	costs, errs := make([]cost, len(peers)), make([]error, len(peers))
	var busy sync.WaitGroup
	for i, p := range peers {
		busy.Go(func() { costs[i], errs[i] = measure(ctx, p, seconds) })
	}
	busy.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	printTable(os.Stdout, costs)
	return nil
}

// cost is what was counted of one peer.
type cost struct {
	name         string
	event, state tally
}

// measure starts a server and has both jobs done over pipes of their own.
func measure(ctx context.Context, p peer, seconds int) (cost, error) {
	c := cost{name: p.name}
	ctx, stop := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+joinIn)
	defer stop()
	addr, err := p.serve(ctx)
	if err != nil {
		return c, fmt.Errorf("%s: %w", p.name, err)
	}
	var busy sync.WaitGroup
	var eventErr, stateErr error
	busy.Go(func() { c.event, eventErr = through(ctx, p, addr, "event", seconds) })
	busy.Go(func() { c.state, stateErr = through(ctx, p, addr, "state", seconds) })
	busy.Wait()
	if err := errors.Join(eventErr, stateErr); err != nil {
		return c, fmt.Errorf("%s: %w", p.name, err)
	}
	return c, nil
}

// through has a job done through a pipe, and counts once all have joined.
func through(ctx context.Context, p peer, addr, job string, seconds int) (tally, error) {
	pipe, err := openPipe(addr, p.kind, job)
	if err != nil {
		return tally{}, err
	}
	defer pipe.close()
	if err := p.play(ctx, pipe.addr(), job, seconds, pipe.begin); err != nil {
		return tally{}, fmt.Errorf("%s: %w", job, err)
	}
	return pipe.counted(), nil
}
