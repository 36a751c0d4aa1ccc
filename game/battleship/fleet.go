package battleship

import "tickroom/game"

const boardSize = 10

// lengths of the ships of a fleet, by their numbers.
var lengths = [5]int{5, 4, 3, 3, 2}

// Ship lies on the board from its first cell to the right, or down.
type Ship struct {
	Length int
	X, Y   int
	Down   bool
	Sunk   bool
}

type fleet [len(lengths)]Ship

// board is a mark for every cell, row by row.
type board [boardSize * boardSize]byte

func (c Cell) onBoard() bool {
	return c.X >= 0 && c.X < boardSize && c.Y >= 0 && c.Y < boardSize
}

func (c Cell) index() int { return c.Y*boardSize + c.X }

// cell is the ship's i-th.
func (s Ship) cell(i int) Cell {
	if s.Down {
		return Cell{s.X, s.Y + i}
	}
	return Cell{s.X + i, s.Y}
}

// onBoard checks the first cell by itself: the last one's place may overflow.
func (s Ship) onBoard() bool { return s.cell(0).onBoard() && s.cell(s.Length-1).onBoard() }

func (s Ship) covers(c Cell) bool {
	for i := range s.Length {
		if s.cell(i) == c {
			return true
		}
	}
	return false
}

func (s Ship) overlaps(o Ship) bool {
	for i := range s.Length {
		if o.covers(s.cell(i)) {
			return true
		}
	}
	return false
}

// shotThrough says whether every cell of the ship was hit.
func (s Ship) shotThrough(shots *board) bool {
	for i := range s.Length {
		if shots[s.cell(i).index()] != Hit {
			return false
		}
	}
	return true
}

// at finds the ship that covers a cell, or nil.
func (f *fleet) at(c Cell) *Ship {
	for i := range f {
		if f[i].covers(c) {
			return &f[i]
		}
	}
	return nil
}

func (f *fleet) sunk() bool {
	for _, s := range f {
		if !s.Sunk {
			return false
		}
	}
	return true
}

// place moves one ship of a fleet, or says why it cannot lie there.
func (f *fleet) place(p Place) error {
	if p.Ship < 0 || p.Ship >= len(f) {
		return game.Refuse("no-such-ship", "A fleet has ships 0 to 4.")
	}
	moved := Ship{Length: lengths[p.Ship], X: p.X, Y: p.Y, Down: p.Down}
	if !moved.onBoard() {
		return game.Refuse("off-board", "The ship would lie off the board.")
	}
	for i, other := range f {
		if i != p.Ship && moved.overlaps(other) {
			return game.Refuse("overlap", "Another ship lies there.")
		}
	}
	f[p.Ship] = moved
	return nil
}

// randomFleet places ships one by one, each by one roll among all the places
// that the ones before it have left. The longest come first, so there always
// is one.
func randomFleet(roll func(sides int) int) fleet {
	var f fleet
	for n, length := range lengths {
		places := freePlaces(f[:n], length)
		f[n] = places[roll(len(places))]
	}
	return f
}

func freePlaces(placed []Ship, length int) []Ship {
	var free []Ship
	for i := range 2 * boardSize * boardSize {
		s := Ship{Length: length, X: i / 2 % boardSize, Y: i / 2 / boardSize, Down: i%2 == 1}
		if s.onBoard() && isFree(placed, s) {
			free = append(free, s)
		}
	}
	return free
}

func isFree(placed []Ship, s Ship) bool {
	for _, other := range placed {
		if other.overlaps(s) {
			return false
		}
	}
	return true
}
