package swarm_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"tickroom/game"
	"tickroom/game/gametest"
	"tickroom/game/swarm"
)

func TestContract(t *testing.T) {
	gametest.Run(t, swarm.Game, func(r *rand.Rand) swarm.Controls {
		return swarm.Controls{Buttons: r.IntN(18) - 1, Aim: r.IntN(swarm.Turn+20) - 10}
	})
}

// What is measured is this work: if it were less, or differed from tick to
// tick, comparisons with others would be wrong.
func TestEveryTickMovesHalfOfTheThings(t *testing.T) {
	m := play(t)
	before := things(m)
	if len(before) != 24 {
		t.Fatalf("%d things, want 24: 8 ships and 16 drones", len(before))
	}
	lost := 0
	for tick := range 1000 {
		m.Step()
		after, moved := things(m), 0
		for i, now := range after {
			was := before[i]
			if now.X != was.X || now.Y != was.Y || now.Angle != was.Angle {
				moved++
			}
			if now.X < 0 || now.X > swarm.Size || now.Y < 0 || now.Y > swarm.Size {
				t.Fatalf("tick %d: thing %d is at %d, %d, outside", tick, now.ID, now.X, now.Y)
			}
			if now.HP != was.HP {
				lost++
			}
		}
		if moved != 12 {
			t.Fatalf("tick %d: %d things changed, want half of 24", tick, moved)
		}
		before = after
	}
	if lost != 240 {
		t.Errorf("hit points changed %d times in 1000 ticks, want each thing's every 50 moves: 240", lost)
	}
}

func TestControlsTurnAndPushTheirOwnShip(t *testing.T) {
	m := play(t)
	before := things(m)
	for range 100 {
		if err := m.Apply(3, swarm.Controls{Buttons: swarm.Right | swarm.Up, Aim: 99}); err != nil {
			t.Fatal(err)
		}
	}
	for i, now := range things(m) {
		want := before[i]
		if i == 3 {
			want.Angle, want.VX, want.VY = 99, swarm.Fast, -swarm.Fast // no faster, however long it is held
		}
		if now != want {
			t.Errorf("thing %d is %+v, want %+v", i, now, want)
		}
	}
}

func TestControlsOutOfRangeAreRefused(t *testing.T) {
	for _, c := range []swarm.Controls{{Buttons: -1}, {Buttons: 16}, {Aim: -1}, {Aim: swarm.Turn}} {
		refused, ok := errors.AsType[*game.Refusal](play(t).Apply(0, c))
		if !ok || refused.Code != "bad-controls" {
			t.Errorf("%+v: %v, want refused as bad-controls", c, refused)
		}
	}
}

func play(t *testing.T) *game.Match {
	t.Helper()
	setup, err := swarm.Game.Setup(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := swarm.Game.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	for seat := range game.Seat(swarm.Ships) {
		m.Seat(seat, game.Taken)
	}
	return m
}

func things(m *game.Match) []swarm.Thing { return m.View(game.Watcher).(swarm.View).Things }
