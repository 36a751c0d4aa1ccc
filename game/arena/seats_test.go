package arena

import (
	"testing"

	"tickroom/game"
)

func TestBotsMakeRoomForPeople(t *testing.T) {
	m := start(t, map[string]int{"bots": 3})
	for people := range game.Seat(6) {
		m.Step()
		if got, want := bots(m), max(0, 3-int(people)); got != want {
			t.Fatalf("%d bots beside %d people, want %d: bots fill up to three ships", got, people, want)
		}
		m.Seat(people, game.Taken)
	}
	for s := range game.Seat(5) {
		m.Seat(s, game.GivenUp)
	}
	m.Step()
	if got := bots(m); got != 2 {
		t.Errorf("%d bots after all but one had left, want 2", got)
	}
}

func TestAPlayerGetsABotsSeatWithNoPoints(t *testing.T) {
	r := newRange(t, 1)
	r.ships[1] = ship{in: true, bot: true, score: 9}
	r.seat(1, game.Taken)
	if s := r.ships[1]; !s.in || s.bot || s.score != 0 {
		t.Errorf("bot %v, score %d; want the player's own ship, from nought", s.bot, s.score)
	}
}

func TestAPromisedSeatHasNoShip(t *testing.T) {
	m := start(t, map[string]int{"bots": 0})
	m.Seat(0, game.Held)
	m.Step()
	if n := len(view(m).Ships); n != 0 {
		t.Errorf("%d ships for a seat whose player is only expected, want none to shoot at", n)
	}
}

func TestADroppedPlayersShipStandsStillAndIsBrieflySafe(t *testing.T) {
	r := newRange(t, 2)
	r.fly(0, Controls{MoveX: 127})
	r.steps(10)
	r.seat(0, game.Held)
	r.steps(20) // it loses its way on
	x := r.ships[0].X
	r.steps(20)
	if r.ships[0].X != x {
		t.Error("the ship of a dropped player moves on, want it to stand still")
	}
	if s := r.ships[0]; s.safe == 0 || s.flags()&flagAway == 0 {
		t.Errorf("safe %d, flags %d; want it safe and marked as away after 40 ticks", s.safe, s.flags())
	}
	r.steps(awayTicks)
	if s := r.ships[0]; s.safe != 0 {
		t.Errorf("safe for %d more ticks after three seconds, want it a target", s.safe)
	}
}

func TestADroppedPlayersShipStaysDownUntilTheyAreBack(t *testing.T) {
	r := newRange(t, 2)
	r.seat(0, game.Held)
	r.ships[0].safe = 0
	r.kill(0, 1)
	r.steps(3 * respawnTicks)
	if r.ships[0].flying() {
		t.Error("it came back with nobody to fly it")
	}
	r.ships[0].score = 4
	r.seat(0, game.Taken)
	r.steps(1)
	if s := r.ships[0]; !s.flying() || s.score != 4 {
		t.Errorf("flying %v, score %d after its player is back; want it flying, with its 4 points", s.flying(), s.score)
	}
}

func TestWhoLeavesIsGoneAtOnce(t *testing.T) {
	for _, state := range []game.SeatState{game.GivenUp, game.Open} {
		r := newRange(t, 3)
		r.seat(0, state)
		r.steps(1)
		if n := len(r.View(0).Ships); n != 2 {
			t.Errorf("%d ships after one seat became %v, want 2", n, state)
		}
	}
}

func TestShipsComeBackAfterTwoSecondsAndAreSafe(t *testing.T) {
	r := newRange(t, 2)
	r.kill(0, 1)
	r.steps(respawnTicks - 1)
	if r.ships[0].flying() {
		t.Error("flying before two seconds were over")
	}
	r.steps(1)
	s := r.ships[0]
	if !s.flying() || s.health != maxHealth || s.safe == 0 {
		t.Errorf("flying %v, health %d, safe %d; want it new and safe after two seconds", s.flying(), s.health, s.safe)
	}
}

func TestFiringEndsTheSafetyOfANewShip(t *testing.T) {
	r := newRange(t, 2)
	r.ships[0].safe = safeTicks
	r.fly(0, Controls{Fire: true})
	r.steps(1)
	if r.ships[0].safe != 0 {
		t.Error("still safe after firing: shooting from safety is no fun for the others")
	}
}

func bots(m *game.Match) int {
	n := 0
	for _, s := range view(m).Ships {
		n += int(s.Flags & flagBot)
	}
	return n
}
