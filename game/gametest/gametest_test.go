package gametest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tickroom/game"
)

// The games below are one small good game, a counter, and what authors may do
// wrong in it. Each must be caught, and told which rule it broke.

func TestGoodGameIsNotBlamed(t *testing.T) {
	Run(t, define(func(t *game.Turn) *counter { return &counter{} }), randomAdd)
	Run(t, defineSaved(newBad[savedCounter]), randomAdd)
}

func TestBadGameIsTold(t *testing.T) {
	for name, bad := range map[string]struct {
		game *game.Game
		rule rule
		says string
	}{
		"reads the clock":                   {define(newBad[readsClock]), pure, "states of two plays"},
		"depends on the order of a map":     {define(newBad[mapOrder]), pure, "states of two plays"},
		"counts in a global":                {define(newBad[globalCount]), pure, "states of two plays"},
		"remembers what it refused":         {define(newBad[remembersRefusals]), pure, "played again from the log"},
		"has a float in its state":          {define(newBad[floatState]), pure, "float64"},
		"has a map in its state":            {define(newBad[mapState]), pure, "map["},
		"answers by chance of its own":      {define(newBad[moody]), pure, "was answered with"},
		"changes a command":                 {define(newBad[changesCommand]), pure, "the log is not what was done"},
		"refuses after changing":            {define(newBad[changesAndRefuses]), refusing, "yet the state changed"},
		"shows its own memory":              {define(newBad[aliasingView]), copies, "shares memory"},
		"says its own memory":               {define(newBad[aliasingEvent]), copies, "shares memory"},
		"changes when looked at":            {define(newBad[changingView]), copies, "calling View changed"},
		"hides and does not say so":         {define(newBad[secretive]), copies, "Info.Hidden"},
		"trusts an index":                   {define(newBad[trusting]), strange, "index out of range"},
		"breaks when a player goes":         {define(newBad[clingy]), seats, "given_up"},
		"keeps a Turn":                      {define(newBad[keepsTurn]), strange, "Turn used outside"},
		"emits an event that is not listed": {define(newBad[unlisted]), strange, "not listed in Info.Events"},
		"never ends":                        {define(newBad[endless]), ends, "still runs"},
		"ends with a seat twice":            {define(newBad[twiceInResult]), ends, "twice"},
		"shows a map":                       {game.Define(counterInfo, newBad[mapView]), types, "cannot travel"},
		"says what is no text":              {game.Define(counterInfo, newBad[garbled]), types, "not UTF-8"},
		"forgets a field when saved":        {defineSaved(newBad[forgetful]), saving, "restores to"},
		"saves its own memory":              {defineSaved(newBad[aliasingSave]), copies, "state saved after tick"},
		"changes when saved":                {defineSaved(newBad[changingSave]), saving, "saving changed the state"},
		"plays on from a global":            {defineSaved(newBad[halfSaved]), saving, "saved and restored after tick"},
		"saves a map":                       {game.DefineSaved(counterInfo, newBad[mapSave]), types, "cannot travel"},
		"breaks when restored":              {defineSaved(newBad[brittle]), saving, "index out of range"},
	} {
		t.Run(name, func(t *testing.T) {
			err := firstBreach(bad.game)
			b, ok := errors.AsType[*breach](err)
			if !ok {
				t.Fatalf("a game that %s was judged %v; want a breach of %q", name, err, bad.rule)
			}
			if b.rule != bad.rule || !strings.Contains(b.text, bad.says) {
				t.Errorf("a game that %s was told:\n%v\nwant %q and words like %q", name, b, bad.rule, bad.says)
			}
		})
	}
}

func TestSameSeedPlaysTheSame(t *testing.T) {
	g := define(newBad[changesAndRefuses])
	if a, b := firstBreach(g), firstBreach(g); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("one seed found %v, then %v; a seed is of use only if it repeats what it found", a, b)
	}
}

// firstBreach is what Run would fail with.
func firstBreach(g *game.Game) error {
	s := subject{g, func(r *rand.Rand) any { return randomAdd(r) }}
	for _, c := range courses {
		if err := s.take(c, 1); err != nil {
			return err
		}
	}
	return nil
}

func randomAdd(r *rand.Rand) add {
	return add{To: r.IntN(cells), N: []int{r.IntN(4)}}
}

func define[R game.Rules[add, seen]](start func(*game.Turn) R) *game.Game {
	return game.Define(counterInfo, start)
}

func defineSaved[R interface {
	game.Rules[add, seen]
	game.Saver[put]
}](start func(*game.Turn) R) *game.Game {
	return game.DefineSaved(counterInfo, start)
}

func newBad[B any](*game.Turn) *B { return new(B) }

const cells = 4

var counterInfo = game.Info{Name: "counter", Seats: 3, MinSeats: 1, TickRate: 1, Events: []any{told{}}}

// counter is the good game: players add to cells, none more than three.
type counter struct {
	Cells [cells]int
}

type add struct {
	To int
	N  []int
}

type seen struct{ Cells []int }

type told struct{ Cells []int }

func (c *counter) Apply(_ *game.Turn, _ game.Seat, a add) error {
	if a.To < 0 || a.To >= cells || len(a.N) != 1 || a.N[0] < 0 || a.N[0] > 3 {
		return game.Refuse("bad-add", "A cell and one number from 0 to 3, please.")
	}
	c.Cells[a.To] += a.N[0]
	return nil
}

func (c *counter) Step(t *game.Turn) {
	if t.Tick()%8 == 0 {
		t.Emit(told{append([]int(nil), c.Cells[:]...)})
	}
	if t.Tick() == 200 {
		t.End(game.Result{Reason: "time", Standings: []game.Standing{{Seat: 0, Place: 1}, {Seat: 1, Place: 1}}})
	}
}

func (c *counter) View(game.Seat) seen { return seen{append([]int(nil), c.Cells[:]...)} }

type readsClock struct {
	counter
	At int64
}

func (c *readsClock) Step(t *game.Turn) {
	c.At = time.Now().UnixNano()
	c.counter.Step(t)
}

type mapOrder struct{ counter }

func (c *mapOrder) Step(t *game.Turn) {
	order := map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true}
	for first := range order {
		c.Cells[0] = first
		break
	}
	c.counter.Step(t)
}

var steps int

type globalCount struct{ counter }

func (c *globalCount) Step(t *game.Turn) {
	steps++
	c.Cells[0] = steps
	c.counter.Step(t)
}

var refusals int

type remembersRefusals struct{ counter }

func (c *remembersRefusals) Apply(t *game.Turn, s game.Seat, a add) error {
	err := c.counter.Apply(t, s, a)
	if err != nil && t.Tick() < 150 {
		refusals = int(t.Tick())
	}
	return err
}

func (c *remembersRefusals) Step(t *game.Turn) {
	c.Cells[0] = refusals
	c.counter.Step(t)
}

type floatState struct {
	counter
	Speed float64
}

type mapState struct {
	counter
	Names map[string]int
}

type moody struct{ counter }

func (c *moody) Apply(*game.Turn, game.Seat, add) error {
	return fmt.Errorf("not in the mood at %d", time.Now().UnixNano())
}

type changesCommand struct{ counter }

func (c *changesCommand) Apply(t *game.Turn, s game.Seat, a add) error {
	err := c.counter.Apply(t, s, a)
	if err == nil {
		a.N[0] = -1
	}
	return err
}

type changesAndRefuses struct{ counter }

func (c *changesAndRefuses) Apply(t *game.Turn, s game.Seat, a add) error {
	c.Cells[0]++
	return c.counter.Apply(t, s, a)
}

type aliasingView struct{ counter }

func (c *aliasingView) View(game.Seat) seen { return seen{c.Cells[:]} }

type aliasingEvent struct{ counter }

func (c *aliasingEvent) Step(t *game.Turn) {
	if t.Tick() == 3 {
		t.Emit(told{c.Cells[:]})
	}
	c.counter.Step(t)
}

type changingView struct {
	counter
	Looks int
}

func (c *changingView) View(s game.Seat) seen {
	c.Looks++
	return c.counter.View(s)
}

type secretive struct{ counter }

func (c *secretive) View(s game.Seat) seen { return seen{[]int{int(s)}} }

type trusting struct{ counter }

func (c *trusting) Apply(_ *game.Turn, _ game.Seat, a add) error {
	c.Cells[a.To]++
	return nil
}

type clingy struct{ counter }

func (c *clingy) Seat(_ *game.Turn, _ game.Seat, state game.SeatState) {
	if state == game.GivenUp {
		panic("come back!")
	}
}

var keptTurn *game.Turn

type keepsTurn struct{ counter }

func (c *keepsTurn) Step(t *game.Turn) {
	keptTurn = t
	c.counter.Step(t)
}

func (c *keepsTurn) View(s game.Seat) seen {
	if keptTurn != nil {
		keptTurn.Roll(6)
	}
	return c.counter.View(s)
}

type unlisted struct{ counter }

func (c *unlisted) Step(t *game.Turn) { t.Emit(seen{}) }

type endless struct{ counter }

func (c *endless) Step(*game.Turn) {}

type twiceInResult struct{ counter }

func (c *twiceInResult) Step(t *game.Turn) {
	t.End(game.Result{Reason: "time", Standings: []game.Standing{{Seat: 1, Place: 1}, {Seat: 1, Place: 2}}})
}

type mapView struct{ counter }

func (c *mapView) View(game.Seat) struct{ Names map[string]int } {
	return struct{ Names map[string]int }{}
}

type garbled struct{ counter }

func (c *garbled) View(game.Seat) struct{ Text string } { return struct{ Text string }{"\xff"} }

// put is a counter that was put away.
type put struct{ Cells []int }

type savedCounter struct{ counter }

func (c *savedCounter) Save() put     { return put{append([]int(nil), c.Cells[:]...)} }
func (c *savedCounter) Restore(p put) { copy(c.Cells[:], p.Cells) }

type forgetful struct {
	savedCounter
	Steps int
}

func (c *forgetful) Step(t *game.Turn) {
	c.Steps++
	c.counter.Step(t)
}

type aliasingSave struct{ savedCounter }

func (c *aliasingSave) Save() put { return put{c.Cells[:]} }

type changingSave struct{ savedCounter }

func (c *changingSave) Save() put {
	c.Cells[0]++
	return c.savedCounter.Save()
}

// restoredOnce is what halfSaved should have in its state.
var restoredOnce = map[*halfSaved]bool{}

type halfSaved struct{ savedCounter }

func (c *halfSaved) Restore(p put) {
	restoredOnce[c] = true
	c.savedCounter.Restore(p)
}

func (c *halfSaved) Step(t *game.Turn) {
	if restoredOnce[c] {
		c.Cells[1]++
	}
	c.counter.Step(t)
}

type mapSave struct{ counter }

func (c *mapSave) Save() struct{ Names map[string]int }   { return struct{ Names map[string]int }{} }
func (c *mapSave) Restore(struct{ Names map[string]int }) {}

type brittle struct{ savedCounter }

func (c *brittle) Restore(p put) { c.Cells[0] = p.Cells[cells] }
