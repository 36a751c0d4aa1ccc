package replay_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/net/wire"
	"tickroom/store"
)

// by is a record in the hands of another build, of the same version.
func by(r *replay.Record, g *game.Game) *replay.Record {
	other := *r
	other.Game = g
	return &other
}

// edited is a record whose log somebody has changed.
func edited(r *replay.Record, edit func(game.Log) game.Log) *replay.Record {
	other := *r
	other.Log = edit(append(game.Log(nil), r.Log...))
	return &other
}

func TestAMatchPlayedAgainIsWhatWasKept(t *testing.T) {
	unmarked := *aMatch(t)
	unmarked.Marks = nil
	stopped := played(t, counts(1), 250, adds)
	failed := played(t, counts(1), 250, adds)
	failed.Match.Ending, failed.Match.StateHash = store.Failed, 0
	for why, r := range map[string]*replay.Record{
		"it ended by its rules": aMatch(t), "it was stopped": stopped, "its rules failed, and left no state": failed,
		"it was kept before there were marks": &unmarked,
	} {
		if err := r.Check(t.Context()); err != nil {
			t.Errorf("%s: %v; it is what was played", why, err)
		}
	}
}

// TestADifferenceIsFoundWhereItIs names for each the ticks between which it
// begins.
func TestADifferenceIsFoundWhereItIs(t *testing.T) {
	r := aMatch(t)
	at := func(tick game.Tick) int { // the first command from a tick on
		for i, e := range r.Log {
			if e.Tick >= tick && e.Command != nil {
				return i
			}
		}
		t.Fatal("no command there")
		return 0
	}
	unmarked := *r
	unmarked.Marks = nil
	short, long, wrong, other := *r, *r, *r, *r
	short.Match.Ticks, short.Match.Ending = 399, store.Stopped
	long.Match.Ticks = 401
	wrong.Match.StateHash++
	other.Match.Ending = store.Stopped
	for name, c := range map[string]struct {
		record    *replay.Record
		after, at game.Tick
		says      string
	}{
		"rules that count twice":      {by(r, counts(2)), 0, 100, "state"},
		"the same, before marks were": {by(&unmarked, counts(2)), 0, 400, "last state"},
		"a command that was changed": {edited(r, func(l game.Log) game.Log {
			l[at(250)].Command = add{By: 1000}
			return l
		}), 200, 300, "state"},
		"a command that was taken out": {edited(r, func(l game.Log) game.Log {
			return append(l[:at(310)], l[at(310)+1:]...)
		}), 300, 400, "state"},
		"a command that is refused": {edited(r, func(l game.Log) game.Log {
			l[at(250)].Command = add{By: -1}
			return l
		}), 200, 251, "entry"},
		"a command that panics": {edited(r, func(l game.Log) game.Log {
			l[at(250)].Command = add{Panic: true}
			return l
		}), 200, 251, "as ordered"},
		"an end that comes sooner": {edited(r, func(l game.Log) game.Log {
			l[at(250)].Command = add{End: true}
			return l
		}), 200, 252, "ended here"},
		"a tick too few":           {&short, 300, 399, "last state"},
		"a tick too many":          {&long, 400, 400, "ended here"},
		"another state at the end": {&wrong, 400, 400, "last state"},
		"another ending":           {&other, 400, 400, "stopped"},
	} {
		err := c.record.Check(t.Context())
		d, ok := errors.AsType[*replay.Difference](err)
		if !ok || d.After != c.after || d.At != c.at || !strings.Contains(d.Error(), c.says) {
			t.Errorf("%s: %v; want a difference after tick %d, by tick %d, that says %q", name, err, c.after, c.at, c.says)
		}
	}
}

func TestCheckingCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := aMatch(t).Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; who asks no more wants no answer", err)
	}
}

func TestWhatCannotBePlayedHereSaysWhy(t *testing.T) {
	r := aMatch(t)
	log, err := wire.EncodeLog(r.Log)
	if err != nil {
		t.Fatal(err)
	}
	older, unknown := r.Match, r.Match
	older.Version = 0
	unknown.Game = "chess"
	for _, c := range []struct {
		match store.Match
		log   []byte
		want  error
	}{{r.Match, log, nil}, {older, log, replay.ErrRules}, {unknown, log, replay.ErrGame}, {r.Match, log[:9], replay.ErrLog}, {r.Match, nil, replay.ErrLog}} {
		if _, err := replay.Of(game.NewCatalog(r.Game), c.match, c.log); !errors.Is(err, c.want) {
			t.Errorf("%s version %d with %d bytes of log: %v, want %v", c.match.Game, c.match.Version, len(c.log), err, c.want)
		}
	}
}

func TestABuildThatPlaysOtherwiseSaysSo(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		v := h.watches(h.opens(by(r, counts(2))))
		v.takes()
		v.wishes(400, 0, game.Watcher)
		heard := v.takes()
		notices, over := of[wire.Notice](heard), of[wire.Over](heard)
		if len(notices) != 1 || notices[0].Code != "differs" || len(over) != 1 || over[0].Standings[0].Score != r.Match.Players[0].Score {
			t.Errorf("heard %+v, want a word that it differs, and the result that was kept", heard)
		}
	})
}

func TestWhatCannotBePlayedToItsEndEndsThere(t *testing.T) {
	r := aMatch(t)
	for name, command := range map[string]add{"the rules panic": {Panic: true}, "the rules refuse": {By: -1}} {
		show(t, func(h *theater) {
			v := h.watches(h.opens(edited(r, func(l game.Log) game.Log {
				l[len(l)-1].Command = command
				return l
			})))
			v.wishes(390, 100, game.Watcher)
			v.takes()
			pass(2 * time.Second)
			v.closed(wire.CloseFailed, name)
			late := h.watches(h.opens(edited(r, func(l game.Log) game.Log {
				l[len(l)-1].Command = command
				return l
			})))
			late.wishes(400, 0, game.Watcher)
			late.closed(wire.CloseFailed, name+", while seeking")
		})
	}
}

// TestAnEarlierEndIsAnEnd of rules that end the match sooner than it was kept.
func TestAnEarlierEndIsAnEnd(t *testing.T) {
	show(t, func(h *theater) {
		v := h.watches(h.opens(edited(aMatch(t), func(l game.Log) game.Log {
			l[len(l)-5].Command = add{End: true}
			return l
		})))
		v.wishes(400, 100, game.Watcher)
		heard := v.takes()
		if len(of[wire.Notice](heard)) != 1 || len(of[wire.Over](heard)) != 1 || ticksOf(heard)[0] >= 400 {
			t.Errorf("heard %+v, want the end where it came, and a word", heard)
		}
		pass(time.Minute)
		synctest.Wait()
		equal(t, len(v.takes()), 0, "there is nothing after it")
	})
}

func TestABeginningIsWherePlayersAreEnough(t *testing.T) {
	taken := func(tick game.Tick, s game.Seat) game.Entry {
		return game.Entry{Tick: tick, Seat: s, State: game.Taken}
	}
	held := game.Entry{Tick: 4, Seat: 0, State: game.Held}
	r := aMatch(t)
	for _, c := range []struct {
		why  string
		log  game.Log
		want game.Tick
	}{
		{"nobody came", nil, 0},
		{"one is not enough", game.Log{taken(1, 0), taken(2, 0)}, 0},
		{"two are", game.Log{taken(1, 0), taken(9, 1)}, 9},
		{"one is away when the other comes", game.Log{taken(1, 0), held, taken(9, 1), taken(12, 0)}, 12},
		{"what came after the last tick was not played", game.Log{taken(1, 0), taken(401, 1)}, 400},
	} {
		r := *r
		r.Log = c.log
		equal(t, r.Begins(), c.want, c.why)
	}
}

func TestASeatBearsTheNameOfWhoHadItLast(t *testing.T) {
	r := aMatch(t)
	r.Match.Players = []store.MatchPlayer{
		{PlayerID: "a", Name: "Ann", Seat: 0, Place: 1}, {Seat: 1, Place: 2}, {Seat: 2, Place: 3},
		{PlayerID: "c", Name: "Cid", Seat: 0, Left: true}, {PlayerID: "b", Name: "Ben", Seat: 1, Left: true},
	}
	equal(t, r.Name(0), "Ann", "she played to the end, Cid had left")
	equal(t, r.Name(1), "Ben", "a bot took over when he had left: it has no name")
	equal(t, r.Name(2), "", "it was a bot's all the time")
	equal(t, r.Name(3), "", "and this nobody's")
}
