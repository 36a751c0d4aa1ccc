package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/lobby"
	"tickroom/store"
)

// verifyPage is how many matches are read of a list at once.
const verifyPage = store.MaxMatches

// errDiffer is why verifying fails: main exits with 1.
var errDiffer = errors.New("not played again as they were")

// verify is `server verify`: plays matches again from their logs, and those that are
// still played from their journals, and says where one is not what was kept. With a
// new build, before a deploy, it says whether that may be done: whether it plays old
// logs alike, and whether the matches that run now go on with it.
//
// An old match of other rules is passed over: this build does not claim to play it.
// A match that runs by other rules is not, since a deploy would end it.
func verify(ctx context.Context, args []string, env func(string) string, stdout io.Writer, games game.Catalog) (err error) {
	f, database := subcommand("verify", "server verify ID... plays matches again from their logs, and exits with 1 if one is not what was kept.\n"+
		"Run -all and -running with a new build before it is deployed. The database is only read.")
	all := f.Bool("all", false, "verify every match that has ended")
	running := f.Bool("running", false, "verify every match that is still played: that this build can go on with it")
	name := f.String("game", "", "of -all and -running only those of this `game`")
	ids, err := parseArgs(f, args, stdout)
	if err != nil {
		return err
	}
	switch lists := *all || *running; {
	case lists == (len(ids) > 0):
		return errors.New("verify: want the ids of matches, or -all, -running or both")
	case *name != "" && !lists:
		return errors.New("verify: -game goes with -all or -running")
	}
	a, err := openArchive(ctx, *database, env, games)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	v := verifier{archive: a, out: stdout, game: *name}
	if err := v.each(ctx, ids); err != nil {
		return err
	}
	if *all {
		if err := v.everything(ctx); err != nil {
			return err
		}
	}
	if *running {
		if err := v.running(ctx); err != nil {
			return err
		}
	}
	return v.sum()
}

// verifier counts what it found.
type verifier struct {
	*archive
	out                    io.Writer
	game                   string // "" is all
	alike, differ, skipped int
	first                  string // which differs
}

func (v *verifier) each(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if err := v.one(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// everything goes through the list of what has ended, page by page.
func (v *verifier) everything(ctx context.Context) error {
	var before *store.MatchCursor
	for {
		page, err := v.Matches(ctx, store.MatchQuery{All: true, Game: v.game, Limit: verifyPage, Before: before})
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
		v.differs("%v", err)
		return nil
	case err != nil:
		return err
	}
	err = r.Check(ctx)
	if d, ok := errors.AsType[*replay.Difference](err); ok {
		v.differs("match %s: %s version %d, %v", r.Match.ID, r.Match.Game, r.Match.Version, d)
		return nil
	}
	if err == nil {
		v.alike++
		fmt.Fprintf(v.out, "alike    match %s: %s version %d, %d ticks\n", r.Match.ID, r.Match.Game, r.Match.Version, r.Ticks())
	}
	return err
}

// running goes through the list of what is still played, of all servers.
func (v *verifier) running(ctx context.Context) error {
	after := ""
	for {
		page, err := v.Running(ctx, after, verifyPage)
		if err != nil {
			return fmt.Errorf("list running matches: %w", err)
		}
		for _, r := range page {
			if v.game != "" && v.game != r.Game {
				continue
			}
			if err := v.goesOn(ctx, r); err != nil {
				return err
			}
		}
		if len(page) < verifyPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// goesOn verifies a match that is still played, as one does.
func (v *verifier) goesOn(ctx context.Context, r store.RunningRoom) error {
	history, err := v.History(ctx, r.ID)
	switch {
	case errors.Is(err, store.ErrNotFound): // it has ended meanwhile
		return nil
	case errors.Is(err, store.ErrGap):
		v.differs("running match %s: %s, %v", r.ID, r.Game, err)
		return nil
	case err != nil:
		return fmt.Errorf("journal of match %s: %w", r.ID, err)
	}
	tick, err := lobby.PlayForward(v.games, r, history)
	if err != nil {
		v.differs("running match %s: %s, %v", r.ID, r.Game, err)
		return ctx.Err()
	}
	v.alike++
	fmt.Fprintf(v.out, "alike    running match %s: %s, %d ticks so far\n", r.ID, r.Game, tick)
	return ctx.Err()
}

// differs prints and counts one that is not what was kept.
func (v *verifier) differs(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if v.differ++; v.first == "" {
		v.first = text
	}
	fmt.Fprintf(v.out, "differs  %s\n", text)
}

func (v *verifier) sum() error {
	fmt.Fprintf(v.out, "%d alike, %d differ, %d of other rules skipped\n", v.alike, v.differ, v.skipped)
	if v.differ > 0 {
		return fmt.Errorf("%d of %d matches are %w; the first: %s", v.differ, v.alike+v.differ, errDiffer, v.first)
	}
	return nil
}
