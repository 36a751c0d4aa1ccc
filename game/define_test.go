package game_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"tickroom/game"
)

func TestDefineKnowsTheTypes(t *testing.T) {
	if got, want := tally.CommandType(), reflect.TypeFor[order](); got != want {
		t.Errorf("commands are %v, want %v", got, want)
	}
	if got, want := tally.ViewType(), reflect.TypeFor[sum](); got != want {
		t.Errorf("views are %v, want %v", got, want)
	}
	if got := fmt.Sprint(tally.EventTypes()); got != "[{rolled game_test.Rolled} {came game_test.Came}]" {
		t.Errorf("events are %v, want them in the order of Info.Events", got)
	}
	if tally.MinSeats != 1 || tally.SnapshotRate != tally.TickRate {
		t.Errorf("min seats %d, snapshot rate %d; zero means 1 and the tick rate", tally.MinSeats, tally.SnapshotRate)
	}
}

func TestDefinePanicsOnContradictions(t *testing.T) {
	type Rolled struct{ Other int } // of the same name as tally's
	good := game.Info{Name: "good", Seats: 2, TickRate: 30}
	for text, spoil := range map[string]func(*game.Info){
		"name must match": func(i *game.Info) { i.Name = "Not Good" },
		"seats must be 1": func(i *game.Info) { i.Seats = 0 },
		"min seats":       func(i *game.Info) { i.MinSeats = 3 },
		"tick rate must":  func(i *game.Info) { i.TickRate = 129 },
		"snapshot rate":   func(i *game.Info) { i.SnapshotRate = 31 },
		"watch delay":     func(i *game.Info) { i.WatchDelay = 3601 },
		"out of range":    func(i *game.Info) { i.Options = []game.Option{{Name: "a", Default: 3, Min: 0, Max: 2}} },
		"option a twice":  func(i *game.Info) { i.Options = []game.Option{{Name: "a"}, {Name: "a"}} },
		"option no. 0":    func(i *game.Info) { i.Options = []game.Option{{}} },
		"event no. 1":     func(i *game.Info) { i.Events = []any{Came{}, &Came{}} },
		"event no. 0":     func(i *game.Info) { i.Events = []any{nil} },
		"rolled twice":    func(i *game.Info) { i.Events = []any{sameName(), Rolled{}} },
	} {
		info := good
		spoil(&info)
		wantPanic(t, text, text, func() { game.Define(info, newTally) })
	}
	game.Define(good, newTally)
}

func sameName() any { return Rolled{} }

func TestSetupFillsInWhatIsNotChosen(t *testing.T) {
	chosen := map[string]int{}
	setup, err := tally.Setup(7, chosen)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"until": 1000}; !maps.Equal(setup.Options, want) || setup.Seed != 7 || setup.Version != 3 {
		t.Errorf("setup %+v, want the defaults %v, seed 7 and version 3", setup, want)
	}
	if len(chosen) != 0 {
		t.Errorf("what was chosen became %v: it is the caller's", chosen)
	}
	for name, chosen := range map[string]map[string]int{
		"speed": {"speed": 1},
		"until": {"until": 1001},
	} {
		_, err := tally.Setup(7, chosen)
		if o, ok := errors.AsType[*game.OptionError](err); !ok || o.Option != name {
			t.Errorf("%v: %v, want an OptionError of %q", chosen, err, name)
		}
	}
}

func TestNamesOnTheWire(t *testing.T) {
	for in, want := range map[string]string{
		"AimX": "aimX", "HP": "hp", "IDOf": "idOf", "X": "x", "HP2": "hp2", "Up": "up", "already": "already", "": "",
	} {
		if got := game.LowerFirst(in); got != want {
			t.Errorf("%s is %s to the browser, want %s", in, got, want)
		}
	}
}

func TestCatalog(t *testing.T) {
	c := game.NewCatalog(tally)
	if g, ok := c.Get("tally"); !ok || g != tally {
		t.Error("a game in the catalog was not found by its name")
	}
	if _, ok := c.Get("chess"); ok {
		t.Error("found a game that is not in the catalog")
	}
	wantPanic(t, "two of one name", `named "tally"`, func() { game.NewCatalog(tally, tally) })
}

func wantPanic(t *testing.T, name, says string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := fmt.Sprint(recover()); !strings.Contains(got, says) {
			t.Errorf("%s: recovered %s, want a panic with %q", name, got, says)
		}
	}()
	f()
}
