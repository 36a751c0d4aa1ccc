package arena

import (
	"testing"

	"tickroom/game"
)

func TestPickupsDoWhatTheySay(t *testing.T) {
	for _, c := range []struct {
		name string
		kind uint8
		want func(*ship) bool
	}{
		{"health gives 50", health, func(s *ship) bool { return s.health == 60 }},
		{"a shield of 60", shield, func(s *ship) bool { return s.shield == 60 && s.health == 10 }},
		{"a rapid gun", rapidGun, func(s *ship) bool { return s.Gun == rapid && s.GunLeft > 100 }},
		{"a spread gun", spreadGun, func(s *ship) bool { return s.Gun == spread && s.GunLeft > 100 }},
	} {
		r := newRange(t, 1)
		r.ships[0].health = 10
		if n := count[Pickup](r.lay(0, c.kind)); n != 1 || !c.want(&r.ships[0]) {
			t.Errorf("%s: picked up %d times, ship is now %+v", c.name, n, r.ships[0])
		}
		if r.spots[0].kind != nothing {
			t.Errorf("%s: still lies there after it was taken", c.name)
		}
	}
}

func TestAHealthyShipLeavesHealthForOthers(t *testing.T) {
	r := newRange(t, 1)
	if n := count[Pickup](r.lay(0, health)); n != 0 {
		t.Error("a ship with full health took health")
	}
}

func TestHealthStopsAtFull(t *testing.T) {
	r := newRange(t, 1)
	r.ships[0].health = 80
	r.lay(0, health)
	if got := r.ships[0].health; got != maxHealth {
		t.Errorf("health %d after 50 on 80, want %d", got, maxHealth)
	}
}

func TestWhatWasTakenComesBack(t *testing.T) {
	r := newRange(t, 1)
	r.lay(0, shield)
	r.place(0, 12*tile, openRow)
	r.steps(spotTicks - 1)
	if r.spots[0].kind != nothing {
		t.Error("something lies there before ten seconds were over")
	}
	r.steps(1)
	if r.spots[0].kind == nothing {
		t.Error("nothing lies there ten seconds after it was taken")
	}
}

func TestAGunLastsSomeSeconds(t *testing.T) {
	r := newRange(t, 1)
	r.lay(0, rapidGun)
	r.steps(rapidTicks - 1)
	if r.ships[0].Gun != rapid {
		t.Error("the rapid gun is gone before its six seconds were over")
	}
	r.steps(1)
	if r.ships[0].Gun != plain {
		t.Error("the rapid gun is still there after six seconds")
	}
}

// lay puts something under a ship, on the first spot, and plays a tick.
func (r *shootingRange) lay(seat int, kind uint8) []game.Event {
	at := r.chart().spots[0]
	r.place(seat, at.x, at.y)
	r.spots[0] = spot{kind: kind}
	return r.steps(1)
}
