package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/net/wire"
)

// printReplay is `server replay ID`: the course of a match, a line for each
// thing that was done or said.
func printReplay(ctx context.Context, args []string, env func(string) string, stdout io.Writer, games game.Catalog) (err error) {
	f, database := subcommand("replay", "server replay ID prints the course of a match: what was done, and what was said.")
	ids, err := parseArgs(f, args, stdout)
	if err != nil {
		return err
	}
	if len(ids) != 1 {
		return errors.New("replay: want the id of one match")
	}
	a, err := openArchive(ctx, *database, env, games)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	r, err := a.record(ctx, ids[0])
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	defer func() { err = errors.Join(err, out.Flush()) }()
	return (&transcript{Record: r, out: out}).print(ctx)
}

// transcript prints a match.
type transcript struct {
	*replay.Record
	out io.Writer
}

func (c *transcript) print(ctx context.Context) error {
	c.head()
	p, err := game.PlayAgain(c.Game, c.Setup(), c.Log)
	if err != nil {
		return err
	}
	log := c.Log
	for over := false; !over && p.Tick() < c.Ticks() && ctx.Err() == nil; _, over = p.Over() {
		for len(log) > 0 && log[0].Tick <= p.Tick()+1 {
			if err := c.entry(log[0]); err != nil {
				return err
			}
			log = log[1:]
		}
		if err := p.Step(); err != nil {
			return fmt.Errorf("match %s does not play on: %w", c.Match.ID, err)
		}
		for _, e := range p.Events() {
			if err := c.event(e); err != nil {
				return err
			}
		}
	}
	c.end()
	return ctx.Err()
}

func (c *transcript) head() {
	m := c.Match
	fmt.Fprintf(c.out, "match %s: %s, rules version %d, %d seats, %d ticks a second, seed %d\n", m.ID, m.Game, m.Version, m.Seats, m.TickRate, m.Seed)
	var options []string
	for _, name := range slices.Sorted(maps.Keys(m.Options)) {
		options = append(options, fmt.Sprintf("%s=%d", name, m.Options[name]))
	}
	if len(options) > 0 {
		fmt.Fprintf(c.out, "options: %s\n", strings.Join(options, " "))
	}
	fmt.Fprintf(c.out, "played: %s to %s\n\n", m.StartedAt.UTC().Format(time.RFC3339), m.EndedAt.UTC().Format(time.RFC3339))
	fmt.Fprintf(c.out, "%8s %10s  %-20s %s\n", "tick", "time", "seat", "what")
}

func (c *transcript) entry(e game.Entry) error {
	if e.Command == nil {
		c.line(e.Tick, c.seat(e.Seat), "seat "+e.State.String())
		return nil
	}
	return c.data(e.Tick, c.seat(e.Seat), "command", e.Command)
}

func (c *transcript) event(e game.Event) error {
	to := "(all)"
	if !e.To.All() {
		var seats []string
		for s := range game.Seat(c.Match.Seats) {
			if e.To.Includes(s) {
				seats = append(seats, fmt.Sprint(int(s)))
			}
		}
		to = "(to " + strings.Join(seats, ", ") + ")"
	}
	return c.data(e.Tick, to, "event "+e.Name, e.Data)
}

// data writes a value of the game as JSON, with its names.
func (c *transcript) data(t game.Tick, who, what string, value any) error {
	b, err := json.Marshal(wire.Plain(value))
	if err != nil {
		return fmt.Errorf("%s of tick %d: %w", what, t, err)
	}
	c.line(t, who, what+" "+string(b))
	return nil
}

func (c *transcript) line(t game.Tick, who, what string) {
	at := time.Duration(t) * time.Second / time.Duration(c.Match.TickRate)
	fmt.Fprintf(c.out, "%8d %3d:%06.3f  %-20s %s\n", t, int(at.Minutes()), (at % time.Minute).Seconds(), who, what)
}

func (c *transcript) seat(s game.Seat) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", s, c.Name(s)))
}

func (c *transcript) end() {
	over := c.Over()
	fmt.Fprintf(c.out, "\n%s after %d ticks: %s\n", over.Ending, over.Tick, over.Reason)
	for _, s := range over.Standings {
		name := s.Name
		if name == "" {
			name = "a bot"
		}
		fmt.Fprintf(c.out, "%4d. %s (seat %d), %d\n", s.Place, name, s.Seat, s.Score)
	}
}
