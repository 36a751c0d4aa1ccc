package replay_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/net/wire"
	"tickroom/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tally is a game for these tests: seats add to a sum, and each is told a number
// of its own.
type tally struct {
	sum  int
	rule int // what one addition counts
}

type add struct {
	By         int
	End, Panic bool
}

type sum struct{ Sum, You int }

type (
	Added struct{ Seat, By int }
	Told  struct{ N int } // to one seat alone
)

func (r *tally) Apply(t *game.Turn, s game.Seat, c add) error {
	switch {
	case c.Panic:
		panic("as ordered")
	case c.By < 0:
		return game.Refuse("negative", "Only add.")
	}
	r.sum += c.By * r.rule
	t.Emit(Added{int(s), c.By})
	t.EmitTo(s, Told{r.sum})
	if c.End {
		t.End(game.Result{Reason: "asked", Standings: []game.Standing{{Seat: s, Place: 1, Score: r.sum}, {Seat: 1 - s, Place: 2}}})
	}
	return nil
}

// tallied is a tally put away.
type tallied struct{ Sum int }

func (r *tally) Save() tallied        { return tallied{r.sum} }
func (r *tally) Restore(s tallied)    { r.sum = s.Sum }
func (r *tally) Step(*game.Turn)      {}
func (r *tally) View(s game.Seat) sum { return sum{r.sum, int(s)} }

// counts makes the game with a rule: two of them are two builds of one version.
func counts(rule int) *game.Game {
	return game.DefineSaved(game.Info{
		Name: "tally", Title: "Tally", Version: 1, MinSeats: 2, Seats: 2, TickRate: 10, SnapshotRate: 5, Hidden: true,
		Options: []game.Option{{Name: "walls", Title: "Walls", Default: 3, Max: 9}},
		Events:  []any{Added{}, Told{}},
	}, func(*game.Turn) *tally { return &tally{rule: rule} })
}

// begins is when the second player of a match of these tests comes.
const begins = 5

// played plays a match of a game to the end of tick last, with what is done in
// each tick, and gives it as it was kept.
func played(t *testing.T, g *game.Game, last game.Tick, do func(m *game.Match, coming game.Tick)) *replay.Record {
	t.Helper()
	setup, err := g.Setup(7, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := g.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	for over := false; !over && m.Tick() < last; _, over = m.Over() {
		switch coming := m.Tick() + 1; coming {
		case 1:
			m.Seat(0, game.Held)
			m.Seat(0, game.Taken)
		case begins:
			m.Seat(1, game.Taken)
		}
		do(m, m.Tick()+1)
		m.Step()
	}
	kept := store.Match{
		ID: "0198c0de-0000-7000-8000-000000000001", Game: g.Name, Version: g.Version, Seats: setup.Seats, TickRate: setup.TickRate,
		Seed: setup.Seed, Options: setup.Options, Ticks: uint32(m.Tick()), StateHash: m.Hash(), Ending: store.Stopped, Reason: "server-stopped",
		Players: []store.MatchPlayer{{PlayerID: "a", Name: "Ann", Seat: 0}, {PlayerID: "b", Name: "Ben", Seat: 1}},
	}
	if result, over := m.Over(); over {
		kept.Ending, kept.Reason, kept.Players = store.Finished, result.Reason, nil
		for _, s := range result.Standings {
			kept.Players = append(kept.Players, store.MatchPlayer{
				PlayerID: "ab"[s.Seat : s.Seat+1], Name: []string{"Ann", "Ben"}[s.Seat], Seat: int(s.Seat), Place: s.Place, Score: s.Score,
			})
		}
	}
	log, err := wire.EncodeLog(m.Log(), m.Marks()...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := replay.Of(game.NewCatalog(g), kept, log)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// aMatch lasts 40 s: each seat adds now and then, and Ann ends it.
func aMatch(t *testing.T) *replay.Record { return played(t, counts(1), 400, adds) }

func adds(m *game.Match, coming game.Tick) {
	if coming > begins && coming%7 == 0 {
		m.Apply(game.Seat(coming%2), add{By: int(coming)})
	}
	if coming == 400 {
		m.Apply(0, add{By: 1, End: true})
	}
}

// theater is a bubble where records are shown.
type theater struct {
	*testing.T
	stop context.CancelFunc
	ctx  context.Context
	runs sync.WaitGroup
	lane replay.Lane
	all  []*viewer
}

// show runs a story in a bubble; every screening must end when it is over.
func show(t *testing.T, story func(*theater)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &theater{T: t}
		h.ctx, h.stop = context.WithCancel(t.Context())
		story(h)
		h.stop()
		h.runs.Wait()
		for _, v := range h.all {
			if code, _ := v.ended(); code == 0 {
				t.Errorf("a viewer was not told that the server stops")
			}
		}
	})
}

// opens opens a screening.
func (h *theater) opens(r *replay.Record) *replay.Screening {
	h.Helper()
	return h.opensLate(r, 0)
}

func (h *theater) opensLate(r *replay.Record, delay time.Duration) *replay.Screening {
	h.Helper()
	s, err := replay.New(replay.Config{
		ID: "0198c0de-0000-7000-8000-00000000000f", Record: r, Lane: h.lane, Delay: delay,
		Log: slog.New(slog.NewTextHandler(h.Output(), nil)),
	})
	if err != nil {
		h.Fatal(err)
	}
	h.runs.Go(func() { s.Run(h.ctx) })
	return s
}

// watches has somebody come to a screening.
func (h *theater) watches(s *replay.Screening) *viewer {
	h.Helper()
	v := &viewer{T: h.T, began: time.Now()}
	v.mu.Lock() // nothing is heard before it is known what of
	m, err := s.Join(v)
	v.Member = m
	v.mu.Unlock()
	if err != nil {
		h.Fatal(err)
	}
	h.all = append(h.all, v)
	synctest.Wait()
	return v
}

// viewer is a link that writes down what it is told.
type viewer struct {
	*testing.T
	*replay.Member
	began time.Time

	// Guarded by mu.
	mu     sync.Mutex
	frames []wire.Frame
	heard  []wire.Message
	times  []time.Duration // since it began
	code   wire.CloseCode
	text   string
}

func (v *viewer) Begin(f wire.Frame)    { v.hear(f) }
func (v *viewer) Send(f wire.Frame)     { v.hear(f) }
func (v *viewer) Snapshot(f wire.Frame) { v.hear(f) }
func (v *viewer) Note(f wire.Frame)     { v.hear(f) }
func (v *viewer) Close(code wire.CloseCode, text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.code != 0 {
		v.Errorf("closed with %d after %d: a link ends once", code, v.code)
	}
	v.code, v.text = code, text
}

func (v *viewer) hear(f wire.Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m, err := wire.DecodeServer(f, v.Game())
	if err != nil {
		v.Errorf("% x: %v; a client could not read it", f, err)
	}
	if v.code != 0 {
		v.Errorf("told %+v after the end", m)
	}
	v.frames, v.heard, v.times = append(v.frames, f), append(v.heard, m), append(v.times, time.Since(v.began))
}

// takes is what was heard since the last time.
func (v *viewer) takes() []wire.Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	heard := v.heard
	v.heard, v.frames, v.times = nil, nil, nil
	return heard
}

func (v *viewer) ended() (wire.CloseCode, string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.code, v.text
}

// wishes shows something, and waits for no time to pass.
func (v *viewer) wishes(tick game.Tick, speed uint, seat game.Seat) {
	v.Helper()
	if !v.Show(wire.Show{Tick: tick, Speed: speed, Seat: seat}) {
		v.Errorf("a wish was not taken: only the newest counts, so there is always room")
	}
	synctest.Wait()
}

// closed requires that the link was ended with a code.
func (v *viewer) closed(want wire.CloseCode, why string) {
	v.Helper()
	if code, text := v.ended(); code != want || text == "" {
		v.Errorf("closed with %d %q, want %d and a sentence: %s", code, text, want, why)
	}
}

// pass lets so much time pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// of are the messages of one type.
func of[M wire.Message](heard []wire.Message) []M {
	var found []M
	for _, m := range heard {
		if m, ok := m.(M); ok {
			found = append(found, m)
		}
	}
	return found
}

// ticksOf are the ticks of snapshots.
func ticksOf(heard []wire.Message) []game.Tick {
	var ticks []game.Tick
	for _, s := range of[wire.Snapshot](heard) {
		ticks = append(ticks, s.Tick)
	}
	return ticks
}

// truth is what a seat sees and hears of a match, by playing it again.
type truth struct {
	views  map[game.Tick]any
	events map[game.Tick][]wire.Event
}

func truthOf(t *testing.T, r *replay.Record, seat game.Seat) truth {
	t.Helper()
	p, err := game.PlayAgain(r.Game, r.Setup(), r.Log)
	if err != nil {
		t.Fatal(err)
	}
	told := truth{map[game.Tick]any{0: p.View(seat)}, map[game.Tick][]wire.Event{}}
	for p.Tick() < r.Ticks() {
		if err := p.Step(); err != nil {
			t.Fatal(err)
		}
		told.views[p.Tick()] = p.View(seat)
		for _, e := range p.Events() {
			if e.To.Includes(seat) {
				told.events[p.Tick()] = append(told.events[p.Tick()], wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data})
			}
		}
	}
	return told
}

// between are the events of the ticks after one up to another.
func (u truth) between(after, to game.Tick) []wire.Event {
	var all []wire.Event
	for t := after + 1; t <= to; t++ {
		all = append(all, u.events[t]...)
	}
	return all
}

func equal[T comparable](t testing.TB, got, want T, why string) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v: %s", got, want, why)
	}
}

func same[T comparable](t testing.TB, got, want []T, why string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: %s", got, want, why)
	}
}
