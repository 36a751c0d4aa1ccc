package arena

import (
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

func TestASnapshotOfEightShipsIsAFewHundredBytes(t *testing.T) {
	m := start(t, map[string]int{"bots": 8, "seconds": 120, "map": 3, "score": 0})
	sum, most, n := 0, 0, 0
	for m.Tick() < 60*tickRate {
		m.Step()
		frame, err := wire.Encode(wire.Snapshot{Tick: m.Tick(), View: m.View(game.Watcher)})
		if err != nil {
			t.Fatalf("tick %d: %v", m.Tick(), err)
		}
		sum, most, n = sum+len(frame), max(most, len(frame)), n+1
	}
	t.Logf("%d bytes on average, %d at most", sum/n, most)
	if sum/n > 400 || most > 800 {
		t.Errorf("a snapshot has %d bytes on average and %d at most, want no more than 400 and 800", sum/n, most)
	}
}

func TestAViewShowsWhereADestroyedShipIsNot(t *testing.T) {
	r := newRange(t, 2)
	r.kill(0, 1)
	v := r.View(game.Watcher).Ships[0]
	if v.Down == 0 || v.Body != (Body{}) || v.Health != 0 {
		t.Errorf("view of a destroyed ship %+v, want only how long it is down: the rest is bytes for nothing", v)
	}
}

func TestShipsAreMarkedForWhatTheyAre(t *testing.T) {
	for _, c := range []struct {
		ship ship
		want uint8
	}{
		{ship{in: true}, 0},
		{ship{in: true, bot: true}, flagBot},
		{ship{in: true, away: true, safe: 3}, flagAway | flagSafe},
	} {
		if got := c.ship.flags(); got != c.want {
			t.Errorf("flags of %+v are %d, want %d", c.ship, got, c.want)
		}
	}
}
