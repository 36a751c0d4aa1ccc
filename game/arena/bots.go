package arena

import "tickroom/game"

// brain is what a bot has in mind. A bot sees what a player sees and works the
// same controls; it is slower to notice, turns at a limited speed and misses.
type brain struct {
	skill  uint8 // 0 to 2
	target int8  // seat of the ship it hunts; -1 is none
	seen   uint8 // ticks for which it has had the target in sight
	strafe int32 // -1, 0 or 1: to the left, straight, to the right
	miss   int32 // how far its aim is off, of 1024
	health uint8 // when it last thought
	dodge  bool  // dash at the next chance
	way    place // where it flies to next
}

const (
	thinkTicks = 6 // between decisions

	fightRange  = 45 * one // no farther than this it shoots
	keepAway    = 22 * one // nearer than this it backs off
	fetchRange  = 30 * one // so far it goes out of its way for a pickup
	weakHealth  = 45       // below this, health comes before hunting
	aimedEnough = 20       // of 1024: so near to the aim it fires
)

// What skill changes, from worst to best.
var (
	noticeTicks = [...]uint8{16, 12, 8}  // from seeing to shooting
	turnSpeed   = [...]int32{14, 20, 28} // of 1024, a tick
	missBy      = [...]int{44, 32, 20}   // of 1024, at most
)

func newBrain(t *game.Turn) brain { return brain{skill: uint8(t.Roll(3)), target: -1} }

// think works a bot's controls for one tick.
func (m *match) think(t *game.Turn, s game.Seat) Controls {
	bot := &m.ships[s]
	if (int(t.Tick())+int(s))%thinkTicks == 0 {
		m.decide(t, s)
	}
	c := Controls{Aim: bot.controls.Aim, Dash: bot.brain.dodge}
	bot.brain.dodge = false
	target, sees := m.sight(bot)
	if !sees {
		bot.brain.seen = 0
		c.steerTo(bot, bot.brain.way)
		c.turnTo(angleOf(bot.VX, bot.VY), bot.brain.skill)
		return c
	}
	bot.brain.seen += min(1, 255-bot.brain.seen)
	m.fight(bot, target, &c)
	return c
}

// sight is the bot's target, if it is in range and no wall hides it.
func (m *match) sight(bot *ship) (target *ship, sees bool) {
	if bot.brain.target < 0 {
		return nil, false
	}
	e := &m.ships[bot.brain.target]
	sees = e.flying() && square(bot.X, bot.Y, e.X, e.Y) < fightRange*fightRange && m.chart().clear(bot.X, bot.Y, e.X, e.Y)
	return e, sees
}

// fight aims ahead of the target, fires when that is about right, and circles
// it at a distance, or fetches what it is on the way to.
func (m *match) fight(bot, target *ship, c *Controls) {
	far := root(square(bot.X, bot.Y, target.X, target.Y))
	flight := far / shotSpeed
	wanted := angleOf(target.X+target.VX*flight-bot.X, target.Y+target.VY*flight-bot.Y) + bot.brain.miss
	c.turnTo(wanted, bot.brain.skill)
	off := turnBetween(int32(c.Aim), wanted)
	c.Fire = bot.brain.seen >= noticeTicks[bot.brain.skill] && -aimedEnough < off && off < aimedEnough

	if bot.health < weakHealth {
		c.steerTo(bot, bot.brain.way)
		return
	}
	towards := angleOf(target.X-bot.X, target.Y-bot.Y)
	side := towards + bot.brain.strafe*fullTurn/4
	if far < keepAway {
		side += bot.brain.strafe * fullTurn / 8
		if bot.brain.strafe == 0 {
			side += fullTurn / 2
		}
	}
	c.steer(side)
}

// steer goes full speed in a direction.
func (c *Controls) steer(a int32) {
	c.MoveX, c.MoveY = int8(cosine(a)*127/sineOne), int8(sine(a)*127/sineOne)
}

// steerTo goes to a place; there it stops.
func (c *Controls) steerTo(s *ship, to place) {
	if square(s.X, s.Y, to.x, to.y) > one*one {
		c.steer(angleOf(to.x-s.X, to.y-s.Y))
	}
}

// turnTo turns the aim towards a direction, as fast as the skill allows.
func (c *Controls) turnTo(a int32, skill uint8) {
	most := turnSpeed[skill]
	by := min(max(turnBetween(int32(c.Aim), a), -most), most)
	c.Aim = uint16((int32(c.Aim) + by) & (fullTurn - 1))
}

// decide looks around: whom to hunt, where to go, which side to strafe to.
func (m *match) decide(t *game.Turn, s game.Seat) {
	bot := &m.ships[s]
	b := &bot.brain
	if target := m.nearestEnemy(s); target != b.target {
		b.target, b.seen = target, 0
	}
	off := missBy[b.skill]
	b.miss = int32(t.Roll(2*off+1) - off)
	if t.Roll(4) == 0 {
		b.strafe = int32(t.Roll(3) - 1)
	}
	b.dodge = bot.health < b.health && t.Roll(3) == 0
	b.health = bot.health
	b.way = m.wayTo(bot, m.goal(bot))
}

// nearestEnemy is whom to hunt. One behind a wall counts as twice as far.
func (m *match) nearestEnemy(s game.Seat) int8 {
	bot, best, nearest := &m.ships[s], int8(-1), int64(0)
	for i := range m.ships {
		e := &m.ships[i]
		if game.Seat(i) == s || !e.flying() || e.safe > 0 {
			continue
		}
		d := square(bot.X, bot.Y, e.X, e.Y)
		if !m.chart().clear(bot.X, bot.Y, e.X, e.Y) {
			d *= 4
		}
		if best < 0 || d < nearest {
			best, nearest = int8(i), d
		}
	}
	return best
}

// goal is where a bot wants to be: at a pickup worth the way, else at its
// target, else in the middle.
func (m *match) goal(bot *ship) place {
	reach := int64(fetchRange * fetchRange)
	weak := bot.health < weakHealth
	if weak {
		reach *= 100 // from anywhere
	}
	goal := place{m.chart().w << tileBits / 2, m.chart().h << tileBits / 2}
	if bot.brain.target >= 0 {
		e := &m.ships[bot.brain.target]
		goal = place{e.X, e.Y}
	}
	for i, at := range m.chart().spots {
		kind := m.spots[i].kind
		useful := kind != nothing && (kind == health) == weak && (kind != shield || bot.shield == 0)
		if d := square(bot.X, bot.Y, at.x, at.y); useful && d < reach {
			goal, reach = at, d
		}
	}
	return goal
}
