package arena

import (
	"testing"

	"tickroom/game"
)

// withBot puts a bot of some skill on seat 1 of a range, the person on seat 0.
func withBot(t *testing.T, skill uint8) *shootingRange {
	t.Helper()
	r := newRange(t, 1)
	r.ships[1] = ship{in: true, bot: true, brain: brain{skill: skill, target: -1}}
	r.ships[1].health = maxHealth
	r.fill = 2
	r.place(1, 20*tile, openRow)
	return r
}

func TestABotFindsItsWayAroundWalls(t *testing.T) {
	for _, from := range []place{{9 * tile, 7*tile + tile/2}, {22 * tile, 16 * tile}, {2 * tile, 16 * tile}} {
		r := withBot(t, 0)
		r.place(0, 12*tile, 4*tile+tile/2)
		r.place(1, from.x, from.y)
		nearest := int64(1) << 40
		for range 10 * tickRate {
			r.ships[0].health, r.ships[0].safe = maxHealth, 0
			r.steps(1)
			nearest = min(nearest, square(r.ships[0].X, r.ships[0].Y, r.ships[1].X, r.ships[1].Y))
		}
		if nearest > fightRange*fightRange {
			t.Errorf("in ten seconds a bot from %v came no nearer than %d units, want it within %d", from, root(nearest)/one, fightRange/one)
		}
	}
}

func TestABotIsSlowToNotice(t *testing.T) {
	for skill := range uint8(3) {
		r := withBot(t, skill)
		r.place(0, 16*tile, openRow)
		r.ships[1].controls.Aim = fullTurn / 2 // looks right at its target
		for n := range int(noticeTicks[skill]) {
			r.steps(1)
			if r.ships[1].controls.Fire {
				t.Fatalf("a bot of skill %d fired %d ticks after it could see its target, want %d at least", skill, n+1, noticeTicks[skill])
			}
		}
	}
}

func TestAWeakBotFetchesHealth(t *testing.T) {
	r := withBot(t, 1)
	r.place(0, 22*tile, 16*tile) // far away, and does nothing
	r.place(1, 2*tile, openRow)
	r.ships[1].health = 20
	r.spots[0].kind = health
	for range 8 * tickRate {
		r.steps(1)
		if r.ships[1].health > 20 {
			return
		}
	}
	t.Errorf("health %d after eight seconds near something that mends it, want more than 20", r.ships[1].health)
}

func TestABotLeavesPeopleAloneWhileTheyAreSafe(t *testing.T) {
	r := withBot(t, 2)
	r.place(0, 16*tile, openRow)
	for range 2 * tickRate {
		r.ships[0].safe = 10
		r.steps(1)
		if r.ships[1].controls.Fire {
			t.Fatal("a bot fires at a ship that nothing can harm")
		}
	}
}

// TestTheBestBotCanBeBeaten by somebody who reacts as slowly but aims better,
// and circles. It also must not be a mere target.
func TestTheBestBotCanBeBeaten(t *testing.T) {
	r := withBot(t, 2)
	for i := range r.spots {
		r.spots[i].wait = 60000
	}
	kills := map[uint8]int{}
	for range 180 * tickRate {
		r.fly(0, r.wellPlayed())
		for _, e := range r.steps(1) {
			if k, ok := e.Data.(Kill); ok {
				kills[k.By]++
			}
		}
	}
	t.Logf("%d to %d", kills[0], kills[1])
	if kills[0] <= kills[1] {
		t.Errorf("somebody who plays well lost by %d to %d in three minutes, want them to win", kills[0], kills[1])
	}
	if kills[1] < 3 {
		t.Errorf("the bot got %d kills in three minutes, want it to be some danger", kills[1])
	}
}

// wellPlayed is what a good player does: goes where the bot is, aims where it
// will be, circles and keeps firing.
func (r *shootingRange) wellPlayed() Controls {
	me, bot := &r.ships[0], &r.ships[1]
	var c Controls
	far := root(square(me.X, me.Y, bot.X, bot.Y))
	flight := far / shotSpeed
	c.Aim = uint16(angleOf(bot.X+bot.VX*flight-me.X, bot.Y+bot.VY*flight-me.Y))
	if far > fightRange || !r.chart().clear(me.X, me.Y, bot.X, bot.Y) {
		c.steerTo(me, r.wayTo(me, place{bot.X, bot.Y}))
		return c
	}
	side := int32(fullTurn / 4)
	if r.play.Tick()/40%2 == 0 {
		side = -side
	}
	c.Fire = true
	c.steer(angleOf(bot.X-me.X, bot.Y-me.Y) + side)
	return c
}

func TestBotsOnlyFillSeatsThatNobodyHas(t *testing.T) {
	m := start(t, map[string]int{"bots": 8})
	for s := range game.Seat(12) {
		m.Seat(s, game.Held) // people are on their way
	}
	m.Step()
	for _, s := range view(m).Ships {
		if s.Seat < 12 {
			t.Errorf("a bot flies for seat %d, which is promised to somebody", s.Seat)
		}
	}
	if n := bots(m); n != 4 {
		t.Errorf("%d bots with four seats left, want 4", n)
	}
}
