package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// config is all that can be chosen. The flag's text is its documentation.
type config struct {
	url       string
	speak     string
	game      string
	rooms     int
	players   int
	acts      int
	warm      time.Duration
	span      time.Duration
	pid       int
	cpu       int
	spin      bool
	forwarded bool
	json      bool
}

func parseConfig(args []string, stderr io.Writer) (config, error) {
	var c config
	f := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	f.SetOutput(io.Discard) // a mistake is one line, which main prints
	f.StringVar(&c.url, "url", "http://127.0.0.1:8080", "the server's `address`, http or https")
	f.StringVar(&c.game, "game", "swarm", "what is played")
	f.IntVar(&c.rooms, "rooms", 10, "how many `rooms` to open")
	f.IntVar(&c.players, "players", 0, "`players` in each room; 0 is as many as it has seats")
	f.IntVar(&c.acts, "acts", 0, "inputs or commands a `second` of each player; 0 is what suits the game")
	f.DurationVar(&c.span, "for", 10*time.Second, "how long to measure")
	f.DurationVar(&c.warm, "warm", 3*time.Second, "how long to play before that, when all are in")
	f.IntVar(&c.pid, "pid", 0, "the server's `process` on this machine, for its CPU and memory")
	f.IntVar(&c.cpu, "cpu", -1, "run on this `core` alone")
	f.BoolVar(&c.spin, "spin", false, "never sleep: it takes a whole core, and costs the server no wakeups")
	f.BoolVar(&c.forwarded, "forwarded", false, "say that each player has an address of their own; a server started with -trust-proxy believes it")
	f.BoolVar(&c.json, "json", false, "print one JSON object in place of the table")
	f.StringVar(&c.speak, "speak", tickroom, "the `protocol`: of "+tickroom+", or of a server to compare with: "+strings.Join(tongueNames(), ", "))
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(stderr)
			fmt.Fprintln(stderr, "loadtest fills a server with players and says what they got.")
			f.PrintDefaults()
		}
		return c, err
	}
	if f.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q; -h lists the flags", f.Arg(0))
	}
	return c, c.check()
}

func (c *config) check() error {
	u, err := url.Parse(c.url)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("url %q: want http://host or https://host", c.url)
	case c.rooms < 1 || c.rooms > maxRooms:
		return fmt.Errorf("rooms %d: want 1 to %d", c.rooms, maxRooms)
	case c.players < 0 || c.players > maxPlayers:
		return fmt.Errorf("players %d: want 0 to %d", c.players, maxPlayers)
	case c.acts < 0 || c.acts > maxActs:
		return fmt.Errorf("acts %d: want 0 to %d", c.acts, maxActs)
	case c.span < minSpan:
		return fmt.Errorf("for %v: want at least %v", c.span, minSpan)
	case c.warm < 0:
		return fmt.Errorf("warm %v: want 0 or more", c.warm)
	case c.speak != tickroom && tongues[c.speak] == nil:
		return fmt.Errorf("speak %q: want %s, or one of %v", c.speak, tickroom, tongueNames())
	case c.speak != tickroom && c.players == 0:
		c.players = 8
	}
	c.url = strings.TrimRight(c.url, "/")
	return nil
}
