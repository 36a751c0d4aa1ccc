package replay_test

import (
	"bytes"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/battleship"
	"tickroom/game/replay"
	"tickroom/net/wire"
)

// aBattle is battleship to the end: each seat fires at one cell after the other.
func aBattle(t *testing.T) *replay.Record {
	next := [2]int{}
	return played(t, battleship.Game, 3000, func(m *game.Match, coming game.Tick) {
		if coming == begins+1 {
			m.Apply(0, battleship.Command{Ready: true})
			m.Apply(1, battleship.Command{Ready: true})
		}
		for s := range next {
			at := &battleship.Cell{X: next[s] % 10, Y: next[s] / 10 % 10}
			if coming > begins+5 && m.Apply(game.Seat(s), battleship.Command{Fire: at}) == nil {
				next[s]++
			}
		}
	})
}

// TestWhoFollowsASeatSeesWhatItSaw and no more, byte for byte, until the end
// shows everybody all.
func TestWhoFollowsASeatSeesWhatItSaw(t *testing.T) {
	r := aBattle(t)
	last := r.Ticks()
	for _, seat := range []game.Seat{game.Watcher, 0, 1} {
		told := truthOf(t, r, seat)
		show(t, func(h *theater) {
			v := h.watches(h.opens(r))
			v.wishes(0, 800, seat)
			v.takes()
			pass(time.Duration(last) * time.Second / 10 / 8)
			pass(time.Second)
			hidden := 0
			for i, m := range v.heard {
				s, ok := m.(wire.Snapshot)
				if !ok {
					continue
				}
				want, err := wire.Encode(wire.Snapshot{Tick: s.Tick, View: told.views[s.Tick]})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(v.frames[i], want) {
					t.Fatalf("tick %d as seat %d differs from what the seat saw:\n% x\n% x", s.Tick, seat, v.frames[i], want)
				}
				for side, shown := range s.View.(battleship.View).Sides {
					whole := len(shown.Ships) == 5
					if s.Tick < last && game.Seat(side) != seat && !whole {
						hidden++
					}
					if s.Tick == last && !whole {
						t.Errorf("as seat %d at the end: side %d has %d ships, want all: there is nothing left to hide", seat, side, len(shown.Ships))
					}
				}
			}
			if hidden == 0 {
				t.Errorf("as seat %d nothing was hidden: this test shows nothing", seat)
			}
			same(t, of[wire.Event](v.takes()), told.between(0, last), "and hears what it heard")
		})
	}
}

// TestOtherEyesAreOnlyThoseAskedFor changes whose eyes within a pause.
func TestOtherEyesAreOnlyThoseAskedFor(t *testing.T) {
	r := aBattle(t)
	show(t, func(h *theater) {
		v := h.watches(h.opens(r))
		v.wishes(begins+4, 0, game.Watcher)
		for _, seat := range []game.Seat{0, 1, game.Watcher, 0} {
			v.takes()
			v.wishes(wire.Here, 0, seat)
			sides := of[wire.Snapshot](v.takes())[0].View.(battleship.View).Sides
			for side, shown := range sides {
				if open := len(shown.Ships) > 0; open != (game.Seat(side) == seat) {
					t.Errorf("as seat %d: the fleet of side %d is shown: %t", seat, side, open)
				}
			}
		}
	})
}
