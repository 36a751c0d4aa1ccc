// Package swarm is a game for measuring: a match of a known size that does a
// known amount of work in every tick. Benchmarks play it beside the same work
// done by other servers, so what it does is fixed to the number:
//
//   - 24 things of 7 whole numbers: a ship for each of 8 seats, and 16 drones.
//   - In every tick half of them move, turn, and now and then lose a hit point.
//   - A seat's input turns and pushes its ship. One in every tick is meant.
//   - 20 ticks a second, a view for each.
//
// It has no dice and no options: every match begins the same, and whoever does
// the same work in another language can be held to the same numbers. It is not
// in any list, since nobody would play it.
package swarm

import "tickroom/game"

// What is in a match. Lengths are eighths of a unit, angles hundredths of a
// radian, speeds lengths a move.
const (
	Ships  = 8
	Drones = 16
	Size   = 16_000 // of the square that all move in
	Turn   = 628    // a full one
	Full   = 100    // hit points
	Fast   = 40     // the most a thing moves at once

	spin   = 13 // of a thing in a move
	wounds = 50 // moves from one lost hit point to the next
)

// Buttons of Controls.
const (
	Left = 1 << iota
	Right
	Up
	Down
)

// Controls is what a player holds.
type Controls struct {
	Buttons int
	Aim     int // 0 to Turn-1
}

// Thing is a ship or a drone.
type Thing struct {
	ID, X, Y, VX, VY, Angle, HP int
}

// View is all there is: nothing is hidden.
type View struct {
	Things []Thing // ships first, by seat
}

// Game is the swarm, ready for a catalog.
var Game = game.Define(game.Info{
	Name: "swarm", Title: "Swarm", Summary: "A fixed amount of work, for measuring.",
	Version: 1, Seats: Ships, TickRate: 20, Late: true, Unlogged: true, Unlisted: true,
}, start)

type rules struct {
	things [Ships + Drones]Thing
}

func start(*game.Turn) *rules {
	r := new(rules)
	for i := range r.things {
		r.things[i] = Thing{
			ID: i + 1,
			X:  i * 2711 % Size, Y: i * 6007 % Size, // far apart, and the same for everybody
			VX: i*37%(2*Fast) - Fast, VY: i*53%(2*Fast) - Fast,
			HP: Full,
		}
	}
	return r
}

func (r *rules) Apply(_ *game.Turn, from game.Seat, c Controls) error {
	if c.Buttons < 0 || c.Buttons > Left|Right|Up|Down || c.Aim < 0 || c.Aim >= Turn {
		return game.Refuse("bad-controls", "There are four buttons, and a full turn is 628.")
	}
	ship := &r.things[from]
	ship.Angle = c.Aim
	ship.VX = push(ship.VX, c.Buttons&Right != 0, c.Buttons&Left != 0)
	ship.VY = push(ship.VY, c.Buttons&Down != 0, c.Buttons&Up != 0)
	return nil
}

func push(speed int, more, less bool) int {
	if more {
		speed++
	}
	if less {
		speed--
	}
	return min(max(speed, -Fast), Fast)
}

// Step moves every second thing: in one tick the even ones, in the next the odd.
func (r *rules) Step(t *game.Turn) {
	tick := int(t.Tick())
	for i := tick % 2; i < len(r.things); i += 2 {
		thing := &r.things[i]
		thing.X, thing.VX = move(thing.X, thing.VX)
		thing.Y, thing.VY = move(thing.Y, thing.VY)
		thing.Angle = (thing.Angle + spin) % Turn
		if (tick/2+i)%wounds == 0 {
			thing.HP--
		}
		if thing.HP == 0 {
			thing.HP = Full
		}
	}
}

// move goes on by speed, and turns back at the walls.
func move(at, speed int) (int, int) {
	at += speed
	if at < 0 || at > Size {
		return at - 2*speed, -speed
	}
	return at, speed
}

func (r *rules) View(game.Seat) View {
	return View{Things: append([]Thing(nil), r.things[:]...)}
}
