// Command loadtest fills a server with players and says what they got: how many
// states, how fresh, how many bytes each, and, of a server on this machine, what
// each cost it.
//
//	loadtest -url http://127.0.0.1:8080 -game arena -rooms 50 -for 30s
//	loadtest -url http://127.0.0.1:8080 -pid $(pgrep -x server) -cpu 1 -spin -json
//
// It opens the rooms, takes the seats over the API as any player does, and then
// speaks the channel's own protocol: links with their counts, acknowledgements,
// pings, coming back after a lost connection, the next room when a match is
// over. Bots of the games that it knows play them (minds.go); in any other they
// say random commands by the schema that the server tells.
//
// A table goes to stdout, or with -json one object (report.go has its fields);
// progress goes to stderr. It ends with 1 if anything that must arrive was lost,
// doubled or out of order, or if two members were shown different states.
//
// # How it measures
//
//   - The age of a state is the time from when its tick was due, by the room's
//     clock, to when its bytes were read here. So it holds all that a player waits
//     for: a late tick, the work, the queues, the way. The room's clock is known by
//     pings, to within age_error_ms (clock.go).
//   - Bytes are those of WebSocket frames with their headers, read from the socket.
//   - CPU is that of all threads of -pid, by the kernel's scheduler, within the
//     measured time and divided by the states that arrived here in it.
//   - Memory is what -pid grew by from before the first player to the end.
//   - late_ms is how late ticks began, by the server's own /metrics.
//   - busy is how much of its time this program worked. Near 1 the bots are the
//     bottleneck, and ages are theirs: use fewer, or more of these programs.
//
// One goroutine owns all bots and all that is measured. Others only connect.
//
// # Decisions that look like mistakes and are not
//
//   - Bots are no net/client: that is three goroutines and a woken thread for each
//     message, dearer than the server it would measure. Here one thread reads all
//     connections as they are (poll_linux.go), and of a state only the kind and the tick.
//   - With -spin it never sleeps. A sleeping reader is woken by the thread that
//     sends, and the server would be charged for that.
//   - A few players sit in many rooms: a server lets an address bring only so many
//     guests a minute. -forwarded is for when that is not enough.
//   - States that were due and did not come are skipped, not lost: of states only
//     the newest counts, and a server may leave some out.
//
// Begin with bot.go, then player.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}

// run is the command, to its end.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	cfg, err := parseConfig(args, stderr)
	if err != nil {
		return err
	}
	if cfg.cpu >= 0 {
		if err := pin(cfg.cpu); err != nil {
			return err
		}
	}
	l, err := newLoad(cfg, stderr)
	if err != nil {
		return err
	}
	found, err := l.run(ctx)
	if err != nil {
		return err
	}
	if cfg.json {
		err = found.writeJSON(stdout)
	} else {
		err = found.writeTable(stdout)
	}
	return errors.Join(err, found.verdict())
}
