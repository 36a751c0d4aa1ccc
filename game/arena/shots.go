package arena

import "tickroom/game"

// shot flies straight from where it was fired until it meets a ship or a wall,
// or is old.
type shot struct {
	seat game.Seat
	born game.Tick
	x, y int32 // where it was fired
	aim  int32
}

const (
	shotSpeed  = 13 * one / 4 // a tick
	shotTicks  = 28           // of life
	shotRadius = one / 2
	shotDamage = 20
	spreadTurn = 28 // between the three shots of a spread, of 1024
)

// at is where a shot is so many ticks after it was fired.
func (s *shot) at(age int32) (x, y int32) {
	return s.x + cosine(s.aim)*shotSpeed*age/sineOne, s.y + sine(s.aim)*shotSpeed*age/sineOne
}

// shoot fires a ship's gun. A shot starts in the ship's middle, so that one
// fired with the nose against a wall does not begin behind it.
func (m *match) shoot(t *game.Turn, s game.Seat, by *ship) {
	fan := int32(0)
	if by.Gun == spread {
		fan = 1
	}
	for i := -fan; i <= fan; i++ {
		aim := (int32(by.controls.Aim) + i*spreadTurn) & (fullTurn - 1)
		m.shots = append(m.shots, shot{seat: s, born: t.Tick(), x: by.X, y: by.Y, aim: aim})
	}
}

// flyShots moves every shot by a tick, and those that met nothing stay.
func (m *match) flyShots(t *game.Turn) {
	left := m.shots[:0]
	for _, s := range m.shots {
		if m.flyShot(t, &s) {
			left = append(left, s)
		}
	}
	m.shots = left
}

func (m *match) flyShot(t *game.Turn, s *shot) (flies bool) {
	age := int32(t.Tick() - s.born)
	if age == 0 {
		return true
	}
	x0, y0 := s.at(age - 1)
	x1, y1 := s.at(age)
	if victim, hit := m.firstHit(s.seat, x0, y0, x1, y1); hit {
		m.harm(t, victim, s.seat)
		return false
	}
	return age < shotTicks && m.chart().clear(x0, y0, x1, y1)
}

// firstHit finds the ship that a shot meets first on its way of one tick, of
// those a wall does not hide.
func (m *match) firstHit(by game.Seat, x0, y0, x1, y1 int32) (victim game.Seat, hit bool) {
	first := int64(sineOne + 1)
	for i := range m.ships {
		s := &m.ships[i]
		if game.Seat(i) == by || !s.flying() {
			continue
		}
		// Seen from the ship, which moves too, the shot goes from here to there.
		at, meets := meet(x0-s.fromX, y0-s.fromY, x1-s.X, y1-s.Y)
		if meets && at < first && m.chart().clear(x0, y0, s.X, s.Y) {
			victim, first, hit = game.Seat(i), at, true
		}
	}
	return victim, hit
}

// meet says whether a point going from one place to another comes near enough
// to the origin to hit a ship there, and how far on its way it is nearest
// (0 to 4096).
func meet(x0, y0, x1, y1 int32) (at int64, meets bool) {
	const reach = shipRadius + shotRadius
	dx, dy := int64(x1-x0), int64(y1-y0)
	long := dx*dx + dy*dy
	if long > 0 {
		at = min(max(-(int64(x0)*dx+int64(y0)*dy)*sineOne/long, 0), sineOne)
	}
	x, y := int64(x0)+dx*at/sineOne, int64(y0)+dy*at/sineOne
	return at, x*x+y*y < reach*reach
}

// harm takes a shot's damage from a ship, its shield first.
func (m *match) harm(t *game.Turn, victim, by game.Seat) {
	s := &m.ships[victim]
	if s.safe > 0 {
		return
	}
	t.Emit(Hit{Seat: uint8(victim), By: uint8(by)})
	onShield := min(s.shield, shotDamage)
	s.shield -= onShield
	s.health -= min(s.health, shotDamage-onShield)
	if s.health == 0 {
		m.destroy(t, victim, by)
	}
}

// destroy takes a ship out for a while and gives its hunter the points: one,
// and one more for a ship on a streak.
func (m *match) destroy(t *game.Turn, victim, by game.Seat) {
	s, hunter := &m.ships[victim], &m.ships[by]
	points := uint8(1)
	if s.streak >= bountyStreak {
		points = 2
	}
	s.down = respawnTicks
	s.streak = 0
	hunter.score += min(points, 255-hunter.score)
	hunter.streak += min(1, 255-hunter.streak)
	t.Emit(Kill{Seat: uint8(victim), By: uint8(by), Points: points, Streak: hunter.streak})
}
