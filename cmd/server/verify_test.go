package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/net/wire"
	"tickroom/store"
)

// abacus is a game for what reads logs: two builds of one version may count by
// another rule.
type abacus struct{ sum, rule int }

type slide struct{ By int }

type Slid struct{ Sum int }

func (c *abacus) Apply(t *game.Turn, s game.Seat, n slide) error {
	if n.By < 0 {
		return game.Refuse("negative", "Only up.")
	}
	c.sum += n.By * c.rule
	t.EmitTo(s, Slid{c.sum})
	return nil
}
func (c *abacus) Step(t *game.Turn) {
	if t.Tick() == 300 {
		t.End(game.Result{Reason: "time", Standings: []game.Standing{{Seat: 0, Place: 1, Score: c.sum}, {Seat: 1, Place: 2}}})
	}
}
func (c *abacus) View(game.Seat) Slid { return Slid{c.sum} }

func abaci(rule, version int) game.Catalog {
	return game.NewCatalog(game.Define(game.Info{
		Name: "abacus", Title: "Abacus", Version: version, Seats: 2, TickRate: 10, Events: []any{Slid{}},
		Options: []game.Option{{Name: "walls", Title: "Walls", Default: 3, Max: 9}},
	}, func(*game.Turn) *abacus { return &abacus{rule: rule} }))
}

// shelf is a real file with matches in it.
type shelf struct {
	*testing.T
	database string
}

func newShelf(t *testing.T, matches ...store.Match) shelf {
	t.Helper()
	s := shelf{t, "sqlite:" + filepath.Join(t.TempDir(), "kept.db")}
	st, err := openStore(t.Context(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range matches {
		if err := st.SaveMatch(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// aSlide is a match of the first build, as a server keeps it; its log may be
// tampered with.
func aSlide(t *testing.T, tamper func(game.Log)) store.Match {
	t.Helper()
	g := abaci(1, 1)[0]
	setup, err := g.Setup(7, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := g.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	m.Seat(0, game.Taken)
	for over := false; !over; _, over = m.Over() {
		if m.Tick()%50 == 20 {
			m.Apply(0, slide{By: int(m.Tick())})
		}
		m.Step()
	}
	log := append(game.Log(nil), m.Log()...)
	if tamper != nil {
		tamper(log)
	}
	packed, err := wire.EncodeLog(log, m.Marks()...)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2030, 5, 17, 20, 0, 0, 0, time.UTC)
	return store.Match{
		ID: uuid.NewString(), Game: "abacus", Version: 1, Seats: 2, TickRate: 10, Seed: 7, Options: setup.Options,
		Ticks: uint32(m.Tick()), StateHash: m.Hash(), Ending: store.Finished, Reason: "time", Log: packed,
		StartedAt: at, EndedAt: at.Add(30 * time.Second),
		Players: []store.MatchPlayer{{PlayerID: uuid.NewString(), Name: "Ann", Seat: 0, Place: 1, Score: 870}, {Seat: 1, Place: 2}},
	}
}

// verifies runs `server verify` of a build.
func (s shelf) verifies(games game.Catalog, args ...string) (string, error) {
	var out bytes.Buffer
	err := verify(s.Context(), append(args, "-database", s.database), func(string) string { return "" }, &out, games)
	return out.String(), err
}

func TestVerifyPlaysMatchesAgain(t *testing.T) {
	good, other := aSlide(t, nil), aSlide(t, nil)
	s := newShelf(t, good, other)
	for _, args := range [][]string{{"-all"}, {"--all"}, {good.ID, strings.ToUpper(other.ID)}} {
		out, err := s.verifies(abaci(1, 1), args...)
		if err != nil || !strings.Contains(out, "2 alike, 0 differ, 0 of other rules") || !strings.Contains(out, good.ID) {
			t.Errorf("%v: %v\n%s\nwant both alike: nothing has changed", args, err, out)
		}
	}
}

func TestVerifyFailsOnATamperedLog(t *testing.T) {
	good := aSlide(t, nil)
	changed := aSlide(t, func(l game.Log) { l[4].Command = slide{By: 1} }) // of tick 171
	refused := aSlide(t, func(l game.Log) { l[4].Command = slide{By: -1} })
	broken := aSlide(t, nil)
	broken.Log = broken.Log[:40]
	s := newShelf(t, good, changed, refused, broken)
	out, err := s.verifies(abaci(1, 1), "-all")
	if !errors.Is(err, errDiffer) || strings.Contains(err.Error(), "\n") {
		t.Errorf("verified with %v, want one line that says that some differ: main exits with 1", err)
	}
	for _, want := range []string{
		"alike    match " + good.ID,
		"differs  match " + changed.ID + ": abacus version 1, differs between tick 100 and 200",
		"differs  match " + refused.ID + ": abacus version 1, differs between tick 100 and 170",
		"differs  match " + broken.ID + ": the log cannot be read",
		"1 alike, 3 differ, 0 of other rules",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it lacks %q:\n%s", want, out)
		}
	}
}

// TestVerifyTellsABuildThatPlaysOtherwise before it is deployed.
func TestVerifyTellsABuildThatPlaysOtherwise(t *testing.T) {
	m := aSlide(t, nil)
	s := newShelf(t, m)
	out, err := s.verifies(abaci(2, 1), "-all")
	if !errors.Is(err, errDiffer) || !strings.Contains(out, "between tick 0 and 100") {
		t.Errorf("%v\n%s\nwant a difference from the first command on: the rules changed and their version did not", err, out)
	}
	out, err = s.verifies(abaci(2, 2), "-all")
	if err != nil || !strings.Contains(out, "0 alike, 0 differ, 1 of other rules") {
		t.Errorf("%v\n%s\nwant it passed over: the version says that it plays otherwise", err, out)
	}
	out, err = s.verifies(catalog, "-all")
	if err != nil || !strings.Contains(out, "1 of other rules") {
		t.Errorf("%v\n%s\nwant it passed over: this build does not have the game", err, out)
	}
}

func TestVerifyReadsMoreThanAPage(t *testing.T) {
	var all []store.Match
	one := aSlide(t, nil)
	for i := range 2*verifyPage + 3 {
		one.ID, one.EndedAt = uuid.NewString(), one.StartedAt.Add(time.Duration(i/7)*time.Second)
		all = append(all, one)
	}
	out, err := newShelf(t, all...).verifies(abaci(1, 1), "-all")
	if err != nil || !strings.Contains(out, fmt.Sprintf("%d alike", len(all))) {
		t.Errorf("%v; want all %d, each once", err, len(all))
	}
}

func TestReadingWritesNothing(t *testing.T) {
	m := aSlide(t, nil)
	s := newShelf(t, m)
	file := strings.TrimPrefix(s.database, "sqlite:")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.verifies(abaci(1, 1), "-all"); err != nil {
		t.Fatal(err)
	}
	if err := printReplay(t.Context(), []string{m.ID, "-database", s.database}, os.Getenv, new(bytes.Buffer), abaci(1, 1)); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v): reading must not", err)
	}
	none := "sqlite:" + filepath.Join(t.TempDir(), "none.db")
	for _, args := range [][]string{{"verify", "-all"}, {"replay", m.ID}} {
		if _, err := command(t, map[string]string{"DATABASE_URL": none}, args...); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v of a file that is not there: %v; want that said, and no file made", args, err)
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(none, "sqlite:")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was made: %v", err)
	}
}

func TestReplayPrintsTheCourseOfAMatch(t *testing.T) {
	m := aSlide(t, nil)
	s := newShelf(t, m)
	var out bytes.Buffer
	if err := printReplay(t.Context(), []string{"-database", s.database, m.ID}, os.Getenv, &out, abaci(1, 1)); err != nil {
		t.Fatal(err)
	}
	want := `match ` + m.ID + `: abacus, rules version 1, 2 seats, 10 ticks a second, seed 7
options: walls=3
played: 2030-05-17T20:00:00Z to 2030-05-17T20:00:30Z

    tick       time  seat                 what
       1   0:00.100  0 Ann                seat taken
      21   0:02.100  0 Ann                command {"by":20}
      21   0:02.100  (to 0)               event slid {"sum":20}
      71   0:07.100  0 Ann                command {"by":70}
      71   0:07.100  (to 0)               event slid {"sum":90}
     121   0:12.100  0 Ann                command {"by":120}
     121   0:12.100  (to 0)               event slid {"sum":210}
     171   0:17.100  0 Ann                command {"by":170}
     171   0:17.100  (to 0)               event slid {"sum":380}
     221   0:22.100  0 Ann                command {"by":220}
     221   0:22.100  (to 0)               event slid {"sum":600}
     271   0:27.100  0 Ann                command {"by":270}
     271   0:27.100  (to 0)               event slid {"sum":870}

finished after 300 ticks: time
   1. Ann (seat 0), 870
   2. a bot (seat 1), 0
`
	if out.String() != want {
		t.Errorf("printed:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestWhatCannotBeReadSaysWhyInOneLine(t *testing.T) {
	broken := aSlide(t, nil)
	broken.Log = nil
	refused := aSlide(t, func(l game.Log) { l[4].Command = slide{By: -1} })
	s := newShelf(t, broken, refused)
	env := func(name string) string { return map[string]string{"DATABASE_URL": s.database}[name] }
	games := abaci(1, 1)
	for _, c := range []struct {
		do   func(context.Context, []string, func(string) string, *bytes.Buffer) error
		args []string
		want string
	}{
		{replays(games), nil, "one match"},
		{replays(games), []string{broken.ID, broken.ID}, "one match"},
		{replays(games), []string{"x"}, "uuid"},
		{replays(games), []string{uuid.NewString()}, "there is none"},
		{replays(games), []string{broken.ID}, "log cannot be read"},
		{replays(games), []string{refused.ID}, "does not play on"},
		{replays(abaci(1, 2)), []string{refused.ID}, "another version"},
		{replays(games), []string{"-database", "mysql://x", broken.ID}, "postgres://"},
		{replays(games), []string{"-colour", broken.ID}, "colour"},
		{verifies(games), nil, "-all"},
		{verifies(games), []string{"-all", broken.ID}, "-all"},
		{verifies(games), []string{uuid.NewString()}, "there is none"},
	} {
		err := c.do(t.Context(), c.args, env, new(bytes.Buffer))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v; want one line with %q", c.args, err, c.want)
		}
	}
}

func replays(games game.Catalog) func(context.Context, []string, func(string) string, *bytes.Buffer) error {
	return func(ctx context.Context, args []string, env func(string) string, out *bytes.Buffer) error {
		return printReplay(ctx, args, env, out, games)
	}
}

func verifies(games game.Catalog) func(context.Context, []string, func(string) string, *bytes.Buffer) error {
	return func(ctx context.Context, args []string, env func(string) string, out *bytes.Buffer) error {
		return verify(ctx, args, env, out, games)
	}
}
