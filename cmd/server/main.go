// Command server is tickroom: rooms, their lobby, the channel and the page, in
// one binary. Run it with -h for its flags; each has an environment variable.
//
// main owns flags, environment, signals and the only os.Exit. How the parts are
// put together and stopped is in server.go; what is measured, in metrics.go.
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
	context.AfterFunc(ctx, stop) // a second Ctrl-C stops at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

// run is main with everything it needs as parameters. It returns when the
// server has stopped in order, or could not start.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "types":
			return printTypes(stdout, args[1:])
		case "replay":
			return printReplay(ctx, args[1:], env, stdout, catalog)
		case "verify":
			return verify(ctx, args[1:], env, stdout, catalog)
		}
	}
	cfg, err := parseConfig(args, env, stderr)
	switch {
	case err != nil:
		return err
	case cfg.version:
		fmt.Fprintln(stdout, versionLine())
		return nil
	case cfg.healthcheck:
		return checkHealth(ctx, cfg.listen)
	}
	return serve(ctx, cfg, stdout, stderr)
}
