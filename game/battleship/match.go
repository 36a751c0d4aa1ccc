package battleship

import (
	"slices"

	"tickroom/game"
)

// match is the state of one match: the rules of the game.
type match struct {
	phase    Phase
	turn     game.Seat // who may fire; before the battle, who will begin
	deadline game.Tick // of the phase or the turn; 0 when no clock runs
	sides    [2]side
}

type side struct {
	fleet  fleet
	shots  board // fired at this side
	ready  bool
	missed int // turns in a row
}

func start(t *game.Turn) *match {
	m := &match{phase: Waiting, turn: game.Seat(t.Roll(2))}
	for s := range m.sides {
		m.sides[s].fleet = randomFleet(t.Roll)
	}
	return m
}

// Seat starts the placing clock once both seats are promised, and ends the
// match when one is given up.
func (m *match) Seat(t *game.Turn, s game.Seat, state game.SeatState) {
	switch {
	case state == game.GivenUp:
		m.end(t, opponent(s), "left")
	case m.phase == Firing:
		// The clock runs on, whoever is there.
	case state == game.Open:
		m.phase, m.deadline = Waiting, 0
		m.sides[s] = side{fleet: randomFleet(t.Roll)} // the next player shall not find this one's
	case m.phase == Waiting && t.SeatState(opponent(s)) != game.Open:
		m.phase, m.deadline = Placing, after(t, placeSeconds)
	}
}

// Apply does the one thing that a command says: each case is the command with
// nothing else in it.
func (m *match) Apply(t *game.Turn, s game.Seat, c Command) error {
	switch c {
	case Command{}:
		return game.Refuse("bad-command", "The command says nothing to do.")
	case Command{Place: c.Place}:
		return m.place(s, *c.Place)
	case Command{Shuffle: true}:
		return m.shuffle(t, s)
	case Command{Ready: true}:
		return m.ready(t, s)
	case Command{Fire: c.Fire}:
		return m.fire(t, s, *c.Fire)
	}
	return game.Refuse("bad-command", "A command does one thing.")
}

// Step is where clocks run out. A command that came in the same tick was in time.
func (m *match) Step(t *game.Turn) {
	if m.deadline == 0 || t.Tick() < m.deadline {
		return
	}
	if m.phase == Placing {
		m.begin(t)
		return
	}
	late := m.turn
	m.sides[late].missed++
	left := maxMissed - m.sides[late].missed
	t.Emit(TurnLost{Seat: int(late), Left: left})
	if left == 0 {
		m.end(t, opponent(late), "time")
		return
	}
	m.pass(t)
}

func (m *match) place(s game.Seat, p Place) error {
	if err := m.mayPlace(s); err != nil {
		return err
	}
	return m.sides[s].fleet.place(p)
}

func (m *match) shuffle(t *game.Turn, s game.Seat) error {
	if err := m.mayPlace(s); err != nil {
		return err
	}
	m.sides[s].fleet = randomFleet(t.Roll)
	return nil
}

func (m *match) ready(t *game.Turn, s game.Seat) error {
	if err := m.mayPlace(s); err != nil {
		return err
	}
	m.sides[s].ready = true
	t.Emit(Ready{Seat: int(s)})
	if m.phase == Placing && m.sides[opponent(s)].ready {
		m.begin(t)
	}
	return nil
}

func (m *match) mayPlace(s game.Seat) error {
	switch {
	case m.phase == Firing:
		return game.Refuse("battle-began", "The battle has begun: ships stay where they are.")
	case m.sides[s].ready:
		return game.Refuse("already-ready", "You said ready: ships stay where they are.")
	}
	return nil
}

func (m *match) fire(t *game.Turn, s game.Seat, c Cell) error {
	target := &m.sides[opponent(s)]
	switch {
	case m.phase != Firing:
		return game.Refuse("not-begun", "The battle begins when both fleets are placed.")
	case s != m.turn:
		return game.Refuse("not-your-turn", "It is your opponent's turn.")
	case !c.onBoard():
		return game.Refuse("off-board", "That cell is off the board.")
	case target.shots[c.index()] != Untried:
		return game.Refuse("already-fired", "You have fired there before.")
	}
	m.sides[s].missed = 0
	t.Emit(target.take(s, c))
	if target.fleet.sunk() {
		m.end(t, s, "fleet-sunk")
		return nil
	}
	m.pass(t)
	return nil
}

// take marks a shot by the opponent and says what became of it.
func (o *side) take(by game.Seat, c Cell) Shot {
	shot := Shot{By: int(by), X: c.X, Y: c.Y}
	o.shots[c.index()] = Miss
	if ship := o.fleet.at(c); ship != nil {
		o.shots[c.index()] = Hit
		shot.Hit = true
		if ship.shotThrough(&o.shots) {
			ship.Sunk = true
			shot.Sunk = ship.Length
		}
	}
	return shot
}

func (m *match) begin(t *game.Turn) {
	m.phase, m.deadline = Firing, after(t, t.Option("turnSeconds"))
	t.Emit(Began{First: int(m.turn)})
}

func (m *match) pass(t *game.Turn) {
	m.turn, m.deadline = opponent(m.turn), after(t, t.Option("turnSeconds"))
}

func (m *match) end(t *game.Turn, winner game.Seat, reason string) {
	m.phase, m.deadline = Over, 0
	loser := opponent(winner)
	var standings []game.Standing
	if t.SeatState(winner) != game.Open { // else nobody ever came to play against
		standings = []game.Standing{
			{Seat: winner, Place: 1, Score: m.sides[loser].hits()},
			{Seat: loser, Place: 2, Score: m.sides[winner].hits()},
		}
	}
	t.End(game.Result{Reason: reason, Standings: standings})
}

// View shows a seat its own ships and, of its opponent, what its shots have
// told it. A watcher sees what both players' shots have told.
func (m *match) View(viewer game.Seat) View {
	v := View{Phase: m.phase, Turn: -1, Deadline: m.deadline}
	if m.phase == Firing {
		v.Turn = int(m.turn)
	}
	for s := range m.sides {
		v.Sides[s] = m.sides[s].show(viewer == game.Seat(s) || m.phase == Over)
	}
	return v
}

func (o *side) show(everything bool) Side {
	shown := Side{Ready: o.ready, Missed: o.missed, Shots: slices.Clone(o.shots[:])}
	for _, s := range o.fleet {
		if everything || s.Sunk {
			shown.Ships = append(shown.Ships, s)
		}
	}
	return shown
}

func (o *side) hits() int {
	n := 0
	for _, mark := range o.shots {
		if mark == Hit {
			n++
		}
	}
	return n
}

func opponent(s game.Seat) game.Seat { return 1 - s }

// after is the tick that many seconds from now.
func after(t *game.Turn, seconds int) game.Tick {
	return t.Tick() + game.Tick(seconds*t.TickRate())
}
