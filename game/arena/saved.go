package arena

import "tickroom/game"

// Saved is all of a match that changes.
type Saved struct {
	Phase uint8
	Ends  game.Tick
	Ships []SavedShip // by seat
	Shots []SavedShot
	Spots []SavedSpot
}

// SavedShip is one seat's ship.
type SavedShip struct {
	In, Bot, Away  bool
	Body           Body
	Controls       Controls
	FromX, FromY   int32
	Health, Shield uint8
	Safe, Down     uint8
	Score, Streak  uint8
	Brain          SavedBrain
}

// SavedBrain is what a bot has in mind.
type SavedBrain struct {
	Skill        uint8
	Target       int8
	Seen         uint8
	Strafe, Miss int32
	Health       uint8
	Dodge        bool
	WayX, WayY   int32
}

// SavedShot is a shot in flight.
type SavedShot struct {
	Seat game.Seat
	Born game.Tick
	X, Y int32
	Aim  int32
}

// SavedSpot is what lies on a spot, or when something will.
type SavedSpot struct {
	Kind uint8
	Wait uint16
}

// Save copies the state.
func (m *match) Save() Saved {
	s := Saved{Phase: m.phase, Ends: m.ends}
	for i := range m.ships {
		s.Ships = append(s.Ships, m.ships[i].save())
	}
	for _, o := range m.shots {
		s.Shots = append(s.Shots, SavedShot{o.seat, o.born, o.x, o.y, o.aim})
	}
	for _, o := range m.spots {
		s.Spots = append(s.Spots, SavedSpot{o.kind, o.wait})
	}
	return s
}

// Restore makes the state what it was.
func (m *match) Restore(s Saved) {
	m.phase, m.ends = s.Phase, s.Ends
	m.ships, m.shots, m.spots = m.ships[:0], nil, m.spots[:0]
	for _, o := range s.Ships {
		m.ships = append(m.ships, o.ship())
	}
	for _, o := range s.Shots {
		m.shots = append(m.shots, shot{o.Seat, o.Born, o.X, o.Y, o.Aim})
	}
	for _, o := range s.Spots {
		m.spots = append(m.spots, spot{o.Kind, o.Wait})
	}
}

func (s *ship) save() SavedShip {
	b := s.brain
	return SavedShip{
		In: s.in, Bot: s.bot, Away: s.away,
		Body: s.Body, Controls: s.controls, FromX: s.fromX, FromY: s.fromY,
		Health: s.health, Shield: s.shield, Safe: s.safe, Down: s.down, Score: s.score, Streak: s.streak,
		Brain: SavedBrain{
			Skill: b.skill, Target: b.target, Seen: b.seen, Strafe: b.strafe, Miss: b.miss,
			Health: b.health, Dodge: b.dodge, WayX: b.way.x, WayY: b.way.y,
		},
	}
}

func (s SavedShip) ship() ship {
	b := s.Brain
	return ship{
		in: s.In, bot: s.Bot, away: s.Away,
		Body: s.Body, controls: s.Controls, fromX: s.FromX, fromY: s.FromY,
		health: s.Health, shield: s.Shield, safe: s.Safe, down: s.Down, score: s.Score, streak: s.Streak,
		brain: brain{
			skill: b.Skill, target: b.Target, seen: b.Seen, strafe: b.Strafe, miss: b.Miss,
			health: b.Health, dodge: b.Dodge, way: place{b.WayX, b.WayY},
		},
	}
}
