// Package arena is a free-for-all for 2 to 16 ships, seen from above: fly, aim,
// shoot, dash, take what lies about, and come back two seconds after you are
// destroyed. Most kills when the time is up, or the first to the limit, wins.
//
// The match owns all of its state; nothing here starts, waits or remembers
// anything outside it. Read on in move.go (how a ship moves), shots.go (how it
// is hit), bots.go (who plays the empty seats), view.go (what is seen) and saved.go
// (what is kept of a match that goes on elsewhere).
//
// # What the browser repeats
//
// Players see their own ship act at once because their browser plays the same
// step ahead of the server. What it needs for that is pure and small: fixed.go,
// maps.go, move.go and the path of a shot. web/games/arena has the same in
// TypeScript, and testdata/move.json holds both to the same numbers. Whoever
// changes one of them changes the other, renews that file (go test -update) and
// raises the version.
//
// # Decisions that look like mistakes and are not
//
//   - A command is not an act but the state of the controls, kept until the next
//     one. A lost or late one costs a moment of steering and nothing else.
//   - Ships pass through each other. If they did not, a ship's next step would
//     depend on the others' unknown ones, and prediction would be guessing.
//   - A shot does not carry its position: it flies straight, so where it is
//     follows from where and when it was fired. A view of it never changes.
//   - A match plays on when all players have left: bots finish it, so that it ends.
package arena

import "tickroom/game"

// Game is arena for a catalog.
var Game = game.DefineSaved(game.Info{
	Name:         "arena",
	Title:        "Arena",
	Summary:      "Fly, dash and shoot: a free-for-all for 2 to 16.",
	Version:      1,
	Seats:        16,
	TickRate:     tickRate,
	SnapshotRate: 20,
	Late:         true,
	Options: []game.Option{
		{Name: "bots", Title: "Ships at least, with bots", Default: 4, Min: 0, Max: 8},
		{Name: "seconds", Title: "Length in seconds", Default: 240, Min: 10, Max: 600},
		{Name: "score", Title: "Points to win, or 0", Default: 25, Min: 0, Max: 100},
		{Name: "map", Title: "Map", Default: 0, Min: 0, Max: len(maps), Choices: mapChoices()},
	},
	Events: []any{Start{}, Spawn{}, Hit{}, Kill{}, Pickup{}},
}, newMatch)

const (
	tickRate = 30

	respawnTicks = 2 * tickRate     // from destroyed to flying again
	safeTicks    = 3 * tickRate / 2 // nothing harms a ship that has just come, unless it fires
	awayTicks    = 3 * tickRate     // nor one whose player has just dropped
	warmUpTicks  = 600 * tickRate   // so long one ship waits for a second
	maxHealth    = 100
	bountyStreak = 3 // kills without a death that make a ship worth a second point
)

// Phases of a match, as in View.Phase.
const (
	warmUp  = 0 // fewer than two ships: fly about, nothing counts yet
	playing = 1
	ended   = 2
)

type match struct {
	// Set once.
	world  int       // index of the map
	length game.Tick // of the match, from the second ship on
	limit  int       // points that win at once; 0 is none
	fill   int       // ships there are at least, with bots

	phase uint8
	ends  game.Tick // while playing: the last tick
	ships []ship    // by seat
	shots []shot    // in order of firing
	spots []spot    // by place in the map
}

// ship is what flies for a seat. The zero ship is nobody's.
type ship struct {
	Body
	in   bool // somebody flies it
	bot  bool
	away bool // its player dropped: it stands still, and stays down once destroyed

	controls       Controls // held until the next command
	fromX, fromY   int32    // where it was a tick ago
	health, shield uint8
	safe           uint8 // ticks in which nothing harms it
	down           uint8 // ticks until it flies again; 0 while it does
	score, streak  uint8 // points; kills since it came
	brain          brain // of a bot
}

func (s *ship) flying() bool { return s.in && s.down == 0 }

func newMatch(t *game.Turn) *match {
	m := &match{
		length: game.Tick(t.Option("seconds") * tickRate),
		limit:  t.Option("score"),
		fill:   min(t.Option("bots"), t.Seats()),
		world:  t.Option("map") - 1,
		ships:  make([]ship, t.Seats()),
	}
	if m.world < 0 {
		m.world = t.Roll(len(maps))
	}
	m.spots = make([]spot, len(m.chart().spots))
	for i := range m.spots {
		m.spots[i].kind = rollKind(t)
	}
	return m
}

func (m *match) chart() *chart { return &maps[m.world] }

// Apply takes the state of a player's controls.
func (m *match) Apply(t *game.Turn, s game.Seat, c Controls) error {
	ship := &m.ships[s]
	if !ship.in || ship.bot {
		return game.Refuse("no-ship", "You have no ship in this match.")
	}
	if c.Aim >= fullTurn {
		return game.Refuse("bad-aim", "A direction is 0 to 1023.")
	}
	ship.controls = c
	return nil
}

// Step is one tick: who is there, then who flies where, then who is hit.
func (m *match) Step(t *game.Turn) {
	m.fillUp(t)
	m.advance(t)
	m.respawn(t)
	for s := range m.ships {
		if ship := &m.ships[s]; ship.flying() {
			m.fly(t, game.Seat(s), ship)
		}
	}
	m.flyShots(t)
	m.pickUp(t)
	m.finish(t)
}

func (m *match) fly(t *game.Turn, s game.Seat, ship *ship) {
	if ship.bot {
		ship.controls = m.think(t, s)
	}
	ship.safe -= min(ship.safe, 1)
	ship.fromX, ship.fromY = ship.X, ship.Y
	fired := ship.Body.step(ship.controls, m.chart())
	if fired {
		ship.safe = 0
		m.shoot(t, s, ship)
	}
}

// advance begins the match when there are two ships, or when it has waited
// long enough: a match must end.
func (m *match) advance(t *game.Turn) {
	if m.phase != warmUp || m.count(func(s *ship) bool { return s.in }) < 2 && t.Tick() < warmUpTicks {
		return
	}
	m.phase = playing
	m.ends = t.Tick() + m.length - 1
	m.shots = m.shots[:0]
	for s := range m.ships {
		if ship := &m.ships[s]; ship.in {
			ship.score = 0
			m.spawn(t, game.Seat(s))
		}
	}
	t.Emit(Start{})
}

// finish ends the match when the time is up or a ship has the points.
func (m *match) finish(t *game.Turn) {
	if m.phase != playing {
		return
	}
	won := func(s *ship) bool { return m.limit > 0 && int(s.score) >= m.limit }
	switch {
	case m.count(won) > 0:
		t.End(game.Result{Reason: "score", Standings: m.standings()})
	case t.Tick() >= m.ends:
		t.End(game.Result{Reason: "time", Standings: m.standings()})
	default:
		return
	}
	m.phase = ended
}

func (m *match) count(what func(*ship) bool) int {
	n := 0
	for s := range m.ships {
		if what(&m.ships[s]) {
			n++
		}
	}
	return n
}
