package arena

import (
	"slices"

	"tickroom/game"
)

// Seat brings a ship when its player comes, parks it while they are away, and
// takes it out when they have left.
func (m *match) Seat(t *game.Turn, s game.Seat, state game.SeatState) {
	ship := &m.ships[s]
	played := ship.in && !ship.bot
	switch {
	case state == game.Taken && played:
		ship.away = false
		ship.safe = safeTicks
	case state == game.Taken:
		m.enter(t, s, false)
	case state == game.Held && played:
		ship.away = true
		ship.controls = Controls{Aim: ship.controls.Aim}
		ship.safe = awayTicks
	case state != game.Held && played:
		m.clearSeat(s)
	}
}

// fillUp keeps as many ships as were asked for: bots fly those of seats that
// nobody has, from the last seat down, since people get them from the first up.
func (m *match) fillUp(t *game.Turn) {
	people := m.count(func(s *ship) bool { return s.in && !s.bot })
	bots := m.count(func(s *ship) bool { return s.bot })
	for ; people+bots < m.fill; bots++ {
		s, ok := m.emptySeat(t)
		if !ok {
			break
		}
		m.enter(t, s, true)
	}
	for ; bots > 0 && people+bots > m.fill; bots-- {
		m.clearSeat(m.worstBot())
	}
}

func (m *match) emptySeat(t *game.Turn) (game.Seat, bool) {
	for s := len(m.ships) - 1; s >= 0; s-- {
		state := t.SeatState(game.Seat(s))
		if !m.ships[s].in && (state == game.Open || state == game.GivenUp) {
			return game.Seat(s), true
		}
	}
	return 0, false
}

// worstBot has the fewest points; a match with a bot has one.
func (m *match) worstBot() game.Seat {
	worst := game.Seat(-1)
	for s := range m.ships {
		ship := &m.ships[s]
		if ship.bot && (worst < 0 || ship.score < m.ships[worst].score) {
			worst = game.Seat(s)
		}
	}
	return worst
}

// enter gives a seat a new ship, with no points.
func (m *match) enter(t *game.Turn, s game.Seat, bot bool) {
	m.clearSeat(s)
	m.ships[s] = ship{in: true, bot: bot}
	if bot {
		m.ships[s].brain = newBrain(t)
	}
	m.spawn(t, s)
}

// clearSeat takes a ship out, and its shots, or who gets the seat next would
// score with them.
func (m *match) clearSeat(s game.Seat) {
	m.ships[s] = ship{}
	m.shots = slices.DeleteFunc(m.shots, func(shot shot) bool { return shot.seat == s })
}

// respawn brings back the ships that were destroyed long enough ago, unless
// their players are away.
func (m *match) respawn(t *game.Turn) {
	for s := range m.ships {
		ship := &m.ships[s]
		if !ship.in || ship.down == 0 || ship.down == 1 && ship.away {
			continue
		}
		if ship.down--; ship.down == 0 {
			m.spawn(t, game.Seat(s))
		}
	}
}

// spawn puts a ship on the safest of three starts drawn by lot: the one farthest
// from its nearest enemy.
func (m *match) spawn(t *game.Turn, s game.Seat) {
	starts := m.chart().starts
	at, widest := place{}, int64(-1)
	for range 3 {
		start := starts[t.Roll(len(starts))]
		if room := m.roomAt(start, s); room > widest {
			at, widest = start, room
		}
	}
	ship := &m.ships[s]
	ship.Body = Body{X: at.x, Y: at.y}
	ship.fromX, ship.fromY = at.x, at.y
	ship.health, ship.shield, ship.safe = maxHealth, 0, safeTicks
	ship.down, ship.streak = 0, 0
	t.Emit(Spawn{Seat: uint8(s)})
}

// roomAt is the square of the distance from a place to the nearest enemy.
func (m *match) roomAt(at place, s game.Seat) int64 {
	const far = int64(1) << 40 // wider than any map
	room := far
	for i := range m.ships {
		if e := &m.ships[i]; game.Seat(i) != s && e.flying() {
			room = min(room, square(at.x, at.y, e.X, e.Y))
		}
	}
	return room
}

// standings are the ships in play, most points first; equal points share a place.
func (m *match) standings() []game.Standing {
	var list []game.Standing
	for s := range m.ships {
		if ship := &m.ships[s]; ship.in {
			list = append(list, game.Standing{Seat: game.Seat(s), Score: int(ship.score)})
		}
	}
	slices.SortStableFunc(list, func(a, b game.Standing) int { return b.Score - a.Score })
	for i := range list {
		list[i].Place = i + 1
		if i > 0 && list[i].Score == list[i-1].Score {
			list[i].Place = list[i-1].Place
		}
	}
	return list
}
