package arena

import (
	"testing"

	"tickroom/game"
)

// shootingRange is a match on the map Orbit whose state a test sets up as it
// likes: people on the first seats, no bots, nothing lying about, the ships far
// apart in the corners of the open row at the top.
type shootingRange struct {
	*match
	play *game.Match
	t    *testing.T
}

const openRow = tile + tile/2 // the middle of a row of 22 tiles without a wall

func newRange(t *testing.T, people int) *shootingRange {
	t.Helper()
	r := &shootingRange{t: t}
	g := game.Define(Game.Info, func(turn *game.Turn) *match {
		r.match = newMatch(turn)
		return r.match
	})
	setup, err := g.Setup(1, map[string]int{"bots": 0, "map": 3, "score": 0})
	if err != nil {
		t.Fatalf("setup: %v", err)
	}
	if r.play, err = g.Start(setup); err != nil {
		t.Fatalf("start: %v", err)
	}
	for s := range game.Seat(people) {
		r.seat(s, game.Taken)
	}
	r.steps(1)
	for s := range people {
		r.place(s, int32(3+6*s)*tile, openRow)
		r.ships[s].safe = 0
	}
	for i := range r.spots {
		r.spots[i] = spot{wait: 60000}
	}
	return r
}

func (r *shootingRange) place(seat int, x, y int32) {
	s := &r.ships[seat]
	s.X, s.Y, s.VX, s.VY, s.fromX, s.fromY = x, y, 0, 0, x, y
}

func (r *shootingRange) seat(s game.Seat, state game.SeatState) { r.play.Seat(s, state) }

func (r *shootingRange) fly(s game.Seat, c Controls) {
	r.t.Helper()
	if err := r.play.Apply(s, c); err != nil {
		r.t.Fatalf("controls of seat %d: %v", s, err)
	}
}

// steps plays ticks and gives what was said in them.
func (r *shootingRange) steps(n int) []game.Event {
	r.play.Events()
	for range n {
		r.play.Step()
	}
	return r.play.Events()
}

// kill has one ship destroy another at its next shot, in the open row.
func (r *shootingRange) kill(victim, by int) {
	r.t.Helper()
	r.place(by, 10*tile, openRow)
	r.place(victim, 11*tile, openRow)
	v := &r.ships[victim]
	v.health, v.shield, v.safe = 1, 0, 0
	r.ships[by].GunWait = 0
	r.fly(game.Seat(by), Controls{Fire: true})
	for range 5 {
		if events := r.steps(1); count[Kill](events) > 0 {
			r.fly(game.Seat(by), Controls{})
			r.shots = nil
			return
		}
	}
	r.t.Fatal("no kill within 5 ticks of a shot from a tile away")
}
