package replay

import (
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

func TestSavesStayFewAndSmall(t *testing.T) {
	for _, c := range []struct {
		size  int
		every game.Tick // at the end
	}{{100, 1600}, {maxSavedBytes / 4, 25600}, {2 * maxSavedBytes, 102400}} {
		v := saves{every: 100}
		for tick := game.Tick(1); tick <= 1e5; tick++ {
			if !v.due(tick) {
				continue
			}
			v.add(save{tick, make(wire.Frame, c.size)})
			if len(v.all) > maxSaves || v.bytes > maxSavedBytes || v.bytes != c.size*len(v.all) {
				t.Fatalf("%d saves of %d bytes, counted as %d; want %d and %d at most", len(v.all), c.size, v.bytes, maxSaves, maxSavedBytes)
			}
		}
		if v.every != c.every && c.size < maxSavedBytes {
			t.Errorf("%d bytes are saved every %d ticks, want %d: as near as there is room for", c.size, v.every, c.every)
		}
		for tick := game.Tick(0); tick <= 1e5; tick += 999 {
			want := tick / v.every * v.every
			if got, ok := v.before(tick); ok != (want > 0 && len(v.all) > 0) || ok && got.tick != want {
				t.Errorf("before %d there is %d (%t), want %d", tick, got.tick, ok, want)
			}
		}
	}
}

func TestAStateIsSavedOnce(t *testing.T) {
	v := saves{every: 10}
	v.add(save{tick: 20})
	for tick, want := range map[game.Tick]bool{10: false, 20: false, 25: false, 30: true} {
		if v.due(tick) != want {
			t.Errorf("at tick %d a save is due: %t; what was passed again after going back is there already", tick, !want)
		}
	}
}
