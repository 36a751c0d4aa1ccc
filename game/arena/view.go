package arena

import "tickroom/game"

// View is what everybody sees: all of it, since nothing here is hidden.
type View struct {
	Phase uint8 // 0 warm-up, 1 playing, 2 ended
	Ends  game.Tick
	Limit uint8 // points that win at once; 0 is none
	Map   uint8 // index of the map: both sides know its walls
	Ships []ShipView
	Shots []ShotView
	Spots []byte // what lies on each of the map's spots; 0 is nothing
}

// ShipView is one seat's ship.
type ShipView struct {
	Seat   uint8
	Flags  uint8 // sum of what follows
	Score  uint8
	Streak uint8
	Down   uint8 // ticks until it flies again; 0 while it does, and Body means nothing otherwise
	Health uint8
	Shield uint8
	Aim    uint16
	Body   Body
}

// Flags of a ship.
const (
	flagBot  = 1
	flagAway = 2 // its player dropped
	flagSafe = 4 // nothing harms it
)

// ShotView is a shot in flight: where it was fired, whereto and when. Where it
// is follows.
type ShotView struct {
	Seat uint8
	Born game.Tick
	X, Y uint16
	Aim  uint16
}

// What is said once.
type (
	// Start says that the match began: all points are nought again.
	Start struct{}
	// Spawn says that a ship came, or came back.
	Spawn struct{ Seat uint8 }
	// Hit says that a ship was hit by another's shot.
	Hit struct{ Seat, By uint8 }
	// Kill says that a ship was destroyed, what its hunter got for it, and how
	// many the hunter has destroyed since it came.
	Kill struct{ Seat, By, Points, Streak uint8 }
	// Pickup says that a ship took what lay on a spot.
	Pickup struct{ Seat, Kind, Spot uint8 }
)

// View copies what is seen.
func (m *match) View(game.Seat) View {
	v := View{
		Phase: m.phase, Ends: m.ends, Limit: uint8(m.limit), Map: uint8(m.world),
		Ships: make([]ShipView, 0, m.count(func(s *ship) bool { return s.in })),
		Shots: make([]ShotView, len(m.shots)),
		Spots: make([]byte, len(m.spots)),
	}
	for s := range m.ships {
		if ship := &m.ships[s]; ship.in {
			v.Ships = append(v.Ships, ship.view(game.Seat(s)))
		}
	}
	for i, s := range m.shots {
		v.Shots[i] = ShotView{uint8(s.seat), s.born, uint16(s.x), uint16(s.y), uint16(s.aim)}
	}
	for i, s := range m.spots {
		v.Spots[i] = s.kind
	}
	return v
}

func (s *ship) view(seat game.Seat) ShipView {
	v := ShipView{Seat: uint8(seat), Score: s.score, Streak: s.streak, Down: s.down, Flags: s.flags()}
	if s.down == 0 {
		v.Health, v.Shield, v.Aim, v.Body = s.health, s.shield, s.controls.Aim, s.Body
	}
	return v
}

func (s *ship) flags() uint8 {
	flags := uint8(0)
	if s.bot {
		flags |= flagBot
	}
	if s.away {
		flags |= flagAway
	}
	if s.safe > 0 {
		flags |= flagSafe
	}
	return flags
}
