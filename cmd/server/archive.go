package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/store"
	"tickroom/store/postgres"
	"tickroom/store/sqlite"
)

// archive is where subcommands read what was played. They write nothing, and take a
// database as it is: a build that is only tried must not change what another uses.
type archive struct {
	store.Store
	games game.Catalog
}

// openArchive opens the database that -database or the environment names.
func openArchive(ctx context.Context, database string, env func(string) string, games game.Catalog) (*archive, error) {
	st, err := openToRead(ctx, cmp.Or(database, env(envName["database"]), defaultDatabase))
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return &archive{st, games}, nil
}

// openToRead opens what -database names, as it is.
func openToRead(ctx context.Context, database string) (store.Store, error) {
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		return sqlite.OpenToRead(ctx, path)
	}
	if isPostgres(database) {
		return postgres.OpenToRead(ctx, database)
	}
	return nil, errDatabase
}

// record reads a match with its log.
func (a *archive) record(ctx context.Context, id string) (*replay.Record, error) {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return nil, fmt.Errorf("match %q: an id is a uuid", id)
	}
	m, err := a.Match(ctx, parsed.String())
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("match %s: there is none; is it still being played?", parsed)
	}
	if err != nil {
		return nil, fmt.Errorf("match %s: %w", parsed, err)
	}
	log, err := a.MatchLog(ctx, m.ID)
	if err != nil {
		return nil, fmt.Errorf("log of match %s: %w", m.ID, err)
	}
	r, err := replay.Of(a.games, m, log)
	if err != nil {
		return nil, fmt.Errorf("match %s: %w", m.ID, err)
	}
	return r, nil
}

// subcommand makes the flags that those which read matches share.
func subcommand(name, about string) (f *flag.FlagSet, database *string) {
	f = flag.NewFlagSet("server "+name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // a mistake is one line, which main prints
	database = f.String("database", "", "as the server's: postgres://user:password@host/name, or sqlite:`PATH` ($DATABASE_URL)")
	f.Usage = func() { fmt.Fprintln(f.Output(), about); f.PrintDefaults() }
	return f, database
}

// parseArgs reads flags before, between and after the arguments.
func parseArgs(f *flag.FlagSet, args []string, help io.Writer) (rest []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				f.SetOutput(help)
				f.Usage()
			}
			return nil, err
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
}
