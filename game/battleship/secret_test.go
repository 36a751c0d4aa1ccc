package battleship_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tickroom/game"
	"tickroom/game/battleship"
	"tickroom/net/wire"
)

// TestNoByteOfTheFleetReachesTheOpponent plays two matches side by side that
// differ in nothing but where the fleet of seat 1 lies, with shots whose
// outcome is the same in both. Whatever leaves for seat 0 and for watchers must
// then be the same, byte for byte, to the end.
func TestNoByteOfTheFleetReachesTheOpponent(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.Uint64().Draw(r, "seed")
		pair := [2]*play{started(r, seed, nil), started(r, seed, nil)}
		var heard [2]ears
		for i, m := range pair {
			heard[i] = ears{}
			take(m, 0)
			take(m, 1)
		}
		rearrange(r, pair[1])
		both := func(s game.Seat, c battleship.Command) {
			for i, m := range pair {
				heard[i][s] = append(heard[i][s], fmt.Sprintf("answer: %v", m.Apply(s, c)))
			}
		}
		step := func() {
			for i, m := range pair {
				m.Step()
				heard[i].listen(r, m)
			}
		}
		both(1, ready)
		step()
		both(0, ready)
		for range rapid.IntRange(1, 120).Draw(r, "acts") {
			switch rapid.IntRange(0, 9).Draw(r, "act") {
			case 0:
				both(0, fire(rapid.IntRange(0, 9).Draw(r, "x"), 10)) // refused
			case 1, 2, 3:
				both(1, anyShot(r))
			default:
				if c, ok := sameShot(r, pair); ok {
					both(0, c)
				}
			}
			step()
		}
		for _, s := range []game.Seat{0, game.Watcher} {
			for i, a := range heard[0][s] {
				if b := heard[1][s][i]; a != b {
					r.Fatalf("seat %d can tell two fleets of its opponent apart:\n%q\n%q", s, a, b)
				}
			}
		}
		if slices.Equal(heard[0][1], heard[1][1]) {
			r.Fatalf("seat 1 got the same in both: the fleets do not differ, this test shows nothing")
		}
		wantRevealed(r, pair)
	})
}

// ears are all that left a match: frames and answers, by who got them.
type ears map[game.Seat][]string

// rearrange moves some ships of seat 1, at least one.
func rearrange(r *rapid.T, m *play) {
	before := m.view(1).Sides[1].Ships
	moves := rapid.IntRange(1, 5).Draw(r, "moves")
	for tries := 0; moves > 0 || slices.Equal(before, m.view(1).Sides[1].Ships); tries++ {
		if tries == 1000 {
			r.Fatalf("no ship of %+v can be moved", before)
		}
		ship, cell := tries%5, (tries*37+moves*11)%100
		if m.Apply(1, place(ship, cell%10, cell/10, tries%2 == 0)) == nil {
			moves--
		}
	}
}

// sameShot finds a shot of seat 0 that tells the same in both matches.
func sameShot(r *rapid.T, pair [2]*play) (battleship.Command, bool) {
	from := rapid.IntRange(0, 99).Draw(r, "from")
	for i := range 100 {
		c := battleship.Cell{X: (from + i) % 100 % 10, Y: (from + i) % 100 / 10}
		a, b := outcome(pair[0], c), outcome(pair[1], c)
		if a == b && a != fired {
			return fire(c.X, c.Y), true
		}
	}
	return battleship.Command{}, false
}

const fired = -2

// outcome is what a shot at seat 1 would tell: the length of a ship it would
// sink, 0 for another hit, -1 for water.
func outcome(m *play, at battleship.Cell) int {
	side := m.view(1).Sides[1]
	mark := func(c battleship.Cell) byte { return side.Shots[c.Y*10+c.X] }
	if mark(at) != battleship.Untried {
		return fired
	}
	for _, s := range side.Ships {
		of := cells(s)
		if !slices.Contains(of, at) {
			continue
		}
		if slices.ContainsFunc(of, func(c battleship.Cell) bool { return c != at && mark(c) != battleship.Hit }) {
			return 0
		}
		return s.Length
	}
	return -1
}

func anyShot(r *rapid.T) battleship.Command {
	return fire(rapid.IntRange(0, 9).Draw(r, "x"), rapid.IntRange(0, 9).Draw(r, "y"))
}

// listen hears all that a tick sends to the players and to watchers.
func (heard ears) listen(r *rapid.T, m *play) {
	hear := func(s game.Seat, message wire.Message) {
		frame, err := wire.Encode(message)
		if err != nil {
			r.Fatalf("encode: %v", err)
		}
		heard[s] = append(heard[s], string(frame))
	}
	events := m.Events()
	for _, s := range []game.Seat{0, 1, game.Watcher} {
		hear(s, wire.Snapshot{Tick: m.Tick(), View: m.View(s)})
		for _, e := range events {
			if e.To.Includes(s) {
				hear(s, wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data})
			}
		}
	}
}

// wantRevealed ends both matches: then everybody may see everything.
func wantRevealed(r *rapid.T, pair [2]*play) {
	for _, m := range pair {
		m.Seat(1, game.GivenUp)
		m.Step()
		own := m.view(1).Sides[1].Ships
		for _, s := range []game.Seat{0, game.Watcher} {
			if !slices.Equal(m.view(s).Sides[1].Ships, own) {
				r.Fatalf("after the end seat %d sees %+v, want all of %+v", s, m.view(s).Sides[1].Ships, own)
			}
		}
	}
}
