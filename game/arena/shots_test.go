package arena

import (
	"testing"

	"tickroom/game"
)

func TestAShotHitsWhatIsInFrontOfIt(t *testing.T) {
	r := newRange(t, 3)
	r.fly(0, Controls{Aim: 0, Fire: true})
	r.steps(1)
	r.fly(0, Controls{})
	events := r.steps(shotTicks)
	if n := count[Hit](events); n != 1 {
		t.Fatalf("%d hits of one shot, want 1: it ends at the first ship", n)
	}
	if got := r.ships[1].health; got != maxHealth-shotDamage {
		t.Errorf("health of the nearer ship is %d, want %d", got, maxHealth-shotDamage)
	}
	if got := r.ships[2].health; got != maxHealth {
		t.Errorf("health of the ship behind it is %d, want it unhurt", got)
	}
}

func TestAFastShotDoesNotPassThroughAShip(t *testing.T) {
	// A shot flies more than half a ship in a tick: from every distance, along
	// the edge of a ship, it must meet it between two ticks as well.
	for gap := int32(0); gap < 2*shotSpeed; gap += one / 8 {
		r := newRange(t, 2)
		r.place(0, 3*tile, openRow)
		r.place(1, 6*tile+gap, openRow+shipRadius+shotRadius-one/8)
		r.fly(0, Controls{Fire: true})
		r.steps(1)
		r.fly(0, Controls{})
		if n := count[Hit](r.steps(shotTicks)); n != 1 {
			t.Fatalf("a shot along the edge of a ship %d/256 units away hit %d times, want 1", 3*tile+gap, n)
		}
	}
}

func TestAShipCannotDashThroughAShot(t *testing.T) {
	// Head on they close in by 7.5 units a tick, 3 ship's radii.
	r := newRange(t, 2)
	for gap := int32(0); gap < 8*one; gap += one / 4 {
		r.place(0, 3*tile, openRow)
		r.place(1, 7*tile+gap, openRow)
		r.ships[0].GunWait, r.ships[1].DashWait, r.ships[1].health = 0, 0, maxHealth
		r.fly(0, Controls{Fire: true})
		r.fly(1, Controls{MoveX: -127, Dash: true})
		r.steps(1)
		r.fly(0, Controls{})
		if n := count[Hit](r.steps(15)); n != 1 {
			t.Fatalf("from %d/256 units: a ship dashing at a shot was hit %d times, want 1", 4*tile+gap, n)
		}
	}
}

func TestWallsStopShots(t *testing.T) {
	r := newRange(t, 2)
	r.place(0, 3*tile+tile/2, 3*tile+tile/2) // left of the wall that is 4 to 6 tiles from the left
	r.place(1, 8*tile, 3*tile+tile/2)        // right of it
	r.fly(0, Controls{Fire: true})
	if n := count[Hit](r.steps(2 * shotTicks)); n != 0 {
		t.Errorf("%d hits through a wall, want none", n)
	}
	r.fly(0, Controls{})
	r.steps(1)
	if n := len(r.shots); n != 0 {
		t.Errorf("%d shots are left behind the wall, want none", n)
	}
}

func TestAShotFiredWithTheNoseAtAWallDoesNotPassIt(t *testing.T) {
	r := newRange(t, 2)
	r.place(0, 4*tile-shipRadius, 4*tile+tile/2) // touches the wall of one tile
	r.place(1, 5*tile+shipRadius, 4*tile+tile/2) // touches its other side
	r.fly(0, Controls{Fire: true})
	if n := count[Hit](r.steps(shotTicks)); n != 0 {
		t.Errorf("%d hits through a wall of one tile, want none", n)
	}
}

func TestShotsGrowOld(t *testing.T) {
	r := newRange(t, 1)
	r.fly(0, Controls{Fire: true})
	r.steps(1)
	r.fly(0, Controls{})
	r.steps(shotTicks - 1)
	if n := len(r.shots); n != 1 {
		t.Errorf("%d shots in the last tick of one's life, want 1", n)
	}
	r.steps(1)
	if n := len(r.shots); n != 0 {
		t.Errorf("%d shots after it, want none: it flew less than the row is long", n)
	}
}

func TestGunsFireAtTheirRate(t *testing.T) {
	for _, c := range []struct {
		gun          uint8
		shots, ticks int
	}{{plain, 5, 30}, {rapid, 10, 30}, {spread, 12, 32}} {
		r := newRange(t, 1)
		r.ships[0].Gun, r.ships[0].GunLeft = c.gun, 200
		r.fly(0, Controls{Fire: true})
		born := 0
		for range c.ticks {
			r.steps(1)
			for _, s := range r.shots {
				if s.born == r.play.Tick() {
					born++
				}
			}
		}
		if born != c.shots {
			t.Errorf("gun %d fired %d shots in %d ticks, want %d", c.gun, born, c.ticks, c.shots)
		}
	}
}

func TestAShieldTakesTheDamageFirst(t *testing.T) {
	r := newRange(t, 2)
	r.ships[1].shield, r.ships[1].health = 30, 50
	for _, want := range []struct{ shield, health uint8 }{{10, 50}, {0, 40}, {0, 20}} {
		r.hitBy(1, 0)
		if s := r.ships[1]; s.shield != want.shield || s.health != want.health {
			t.Fatalf("shield %d, health %d after a hit of 20; want %d and %d", s.shield, s.health, want.shield, want.health)
		}
	}
}

func TestASafeShipIsNotHarmed(t *testing.T) {
	r := newRange(t, 2)
	r.ships[1].safe = 200
	r.fly(0, Controls{Fire: true})
	if n := count[Hit](r.steps(30)); n != 0 || r.ships[1].health != maxHealth {
		t.Errorf("%d hits, health %d; want a safe ship unhurt", n, r.ships[1].health)
	}
}

func TestAKillIsAPointAndAStreaksEndAnother(t *testing.T) {
	r := newRange(t, 3)
	for range bountyStreak {
		r.kill(1, 0)
		r.ships[1].down = 1
		r.steps(1)
	}
	if s := r.ships[0]; s.score != 3 || s.streak != 3 {
		t.Fatalf("score %d, streak %d after three kills, want 3 and 3", s.score, s.streak)
	}
	r.kill(0, 2)
	if s := r.ships[2]; s.score != 2 || s.streak != 1 {
		t.Errorf("score %d, streak %d for ending a streak of three, want 2 points and a streak of 1", s.score, s.streak)
	}
	if s := r.ships[0]; s.streak != 0 || s.score != 3 {
		t.Errorf("the destroyed ship has streak %d and score %d, want no streak and its 3 points", s.streak, s.score)
	}
}

func TestShotsGoWithTheShipThatLeaves(t *testing.T) {
	r := newRange(t, 2)
	r.fly(0, Controls{Fire: true})
	r.steps(1)
	r.seat(0, game.GivenUp)
	r.seat(0, game.Taken) // by somebody else
	if n := count[Hit](r.steps(shotTicks)); n != 0 {
		t.Errorf("%d hits by shots of who left, want none: the next on that seat would score with them", n)
	}
}

func TestADestroyedShipsShotsFlyOn(t *testing.T) {
	r := newRange(t, 2)
	r.fly(0, Controls{Fire: true})
	r.steps(1)
	r.ships[0].down = respawnTicks
	if n := count[Hit](r.steps(shotTicks)); n != 1 {
		t.Errorf("%d hits by the last shot of a destroyed ship, want 1", n)
	}
}

// hitBy has one ship hit another once.
func (r *shootingRange) hitBy(victim, by int) {
	r.t.Helper()
	r.place(by, 10*tile, openRow)
	r.place(victim, 11*tile, openRow)
	r.ships[by].GunWait = 0
	r.fly(game.Seat(by), Controls{Fire: true})
	r.steps(1)
	r.fly(game.Seat(by), Controls{})
	if n := count[Hit](r.steps(5)); n != 1 {
		r.t.Fatalf("%d hits of a shot from a tile away, want 1", n)
	}
}
