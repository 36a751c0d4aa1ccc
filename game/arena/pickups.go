package arena

import "tickroom/game"

// spot is a place where something useful lies from time to time.
type spot struct {
	kind uint8  // nothing, or what lies there
	wait uint16 // ticks until something does
}

// What lies on a spot.
const (
	nothing    = 0
	health     = 1
	shield     = 2
	rapidGun   = 3
	spreadGun  = 4
	spotTicks  = 10 * tickRate // from taken to there again
	spotRadius = 3 * one / 2

	healthGain  = 50
	shieldGain  = 60
	rapidTicks  = 6 * tickRate
	spreadTicks = 8 * tickRate
)

// rollKind draws what lies on a spot: health twice as often as the others.
func rollKind(t *game.Turn) uint8 {
	return [...]uint8{health, health, shield, rapidGun, spreadGun}[t.Roll(5)]
}

// pickUp gives what lies about to the ships that are there, and renews what was taken.
func (m *match) pickUp(t *game.Turn) {
	for i := range m.spots {
		spot := &m.spots[i]
		if spot.kind == nothing {
			if spot.wait--; spot.wait == 0 {
				spot.kind = rollKind(t)
			}
			continue
		}
		if s, ok := m.taker(m.chart().spots[i], spot.kind); ok {
			m.ships[s].take(spot.kind)
			t.Emit(Pickup{Seat: uint8(s), Kind: spot.kind, Spot: uint8(i)})
			*spot = spotTaken
		}
	}
}

var spotTaken = spot{kind: nothing, wait: spotTicks}

// taker is the nearest ship that touches a place and has use for what is there.
func (m *match) taker(at place, kind uint8) (taker game.Seat, ok bool) {
	const reach = shipRadius + spotRadius
	nearest := int64(reach * reach)
	for i := range m.ships {
		s := &m.ships[i]
		if !s.flying() || s.away || kind == health && s.health == maxHealth {
			continue
		}
		if d := square(s.X, s.Y, at.x, at.y); d < nearest {
			taker, nearest, ok = game.Seat(i), d, true
		}
	}
	return taker, ok
}

func (s *ship) take(kind uint8) {
	switch kind {
	case health:
		s.health = min(s.health+healthGain, maxHealth)
	case shield:
		s.shield = shieldGain
	case rapidGun:
		s.Gun, s.GunLeft = rapid, rapidTicks
	case spreadGun:
		s.Gun, s.GunLeft = spread, spreadTicks
	}
}
