package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/store"
)

// verifyPage is how many matches are read of the list at once.
const verifyPage = store.MaxMatches

// errDiffer is why verifying fails: main exits with 1.
var errDiffer = errors.New("not played again as they were")

// verify is `server verify ID...` and `server verify -all`: plays matches again
// from their logs, and says where one is not what was kept. What another version
// of the rules played is passed over: this build does not claim to play it.
func verify(ctx context.Context, args []string, env func(string) string, stdout io.Writer, games game.Catalog) (err error) {
	f, database := subcommand("verify", "server verify ID... plays matches again from their logs, and exits with 1 if one is not what was kept.")
	all := f.Bool("all", false, "verify every public match: before a deploy, that this build plays them as the last one did")
	ids, err := parseArgs(f, args, stdout)
	if err != nil {
		return err
	}
	if *all == (len(ids) > 0) {
		return errors.New("verify: want the ids of matches, or -all")
	}
	a, err := openArchive(ctx, *database, env, games)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	v := verifier{archive: a, out: stdout}
	if *all {
		err = v.everything(ctx)
	} else {
		err = v.each(ctx, ids)
	}
	if err != nil {
		return err
	}
	return v.sum()
}

// verifier counts what it found.
type verifier struct {
	*archive
	out                    io.Writer
	alike, differ, skipped int
}

func (v *verifier) each(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if err := v.one(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// everything goes through the list, page by page.
func (v *verifier) everything(ctx context.Context) error {
	var before *store.MatchCursor
	for {
		page, err := v.Matches(ctx, store.MatchQuery{Limit: verifyPage, Before: before})
		if err != nil {
			return fmt.Errorf("list matches: %w", err)
		}
		for _, m := range page {
			if err := v.one(ctx, m.ID); err != nil {
				return err
			}
		}
		if len(page) < verifyPage {
			return nil
		}
		last := page[len(page)-1]
		before = &store.MatchCursor{EndedAt: last.EndedAt, ID: last.ID}
	}
}

// one verifies a match. Its error is that of the store or the context: what is
// wrong with the match is printed and counted.
func (v *verifier) one(ctx context.Context, id string) error {
	r, err := v.record(ctx, id)
	switch {
	case errors.Is(err, replay.ErrGame) || errors.Is(err, replay.ErrRules):
		v.skipped++
		fmt.Fprintf(v.out, "skipped  %v\n", err)
		return nil
	case errors.Is(err, replay.ErrLog):
		v.differ++
		fmt.Fprintf(v.out, "differs  %v\n", err)
		return nil
	case err != nil:
		return err
	}
	err = r.Check(ctx)
	if d, ok := errors.AsType[*replay.Difference](err); ok {
		v.differ++
		fmt.Fprintf(v.out, "differs  match %s: %s version %d, %v\n", r.Match.ID, r.Match.Game, r.Match.Version, d)
		return nil
	}
	if err == nil {
		v.alike++
		fmt.Fprintf(v.out, "alike    match %s: %s version %d, %d ticks\n", r.Match.ID, r.Match.Game, r.Match.Version, r.Ticks())
	}
	return err
}

func (v *verifier) sum() error {
	fmt.Fprintf(v.out, "%d alike, %d differ, %d of other rules skipped\n", v.alike, v.differ, v.skipped)
	if v.differ > 0 {
		return fmt.Errorf("%d of %d matches are %w", v.differ, v.alike+v.differ, errDiffer)
	}
	return nil
}
