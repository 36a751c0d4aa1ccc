package room

import (
	"fmt"

	"tickroom/game"
	"tickroom/net/wire"
)

// fingerprint writes down what state the match is in, whenever it is marked: so a
// build whose rules play it otherwise does not go on with it unnoticed, showing
// what never was.
func (r *Room) fingerprint() {
	if mark, ok := r.marked(); ok {
		r.note(wire.Marked{Hash: mark.Hash})
	}
}

// marked is the mark of the last tick, if it has one.
func (r *Room) marked() (game.Mark, bool) {
	marks := r.match.Marks()
	if len(marks) == 0 || marks[len(marks)-1].Tick != r.match.Tick() {
		return game.Mark{}, false
	}
	return marks[len(marks)-1], true
}

// isMarked holds the match, played up to here, against its fingerprint.
func (p replay) isMarked(e wire.Marked) error {
	mark, ok := p.marked()
	if !ok || mark.Hash != e.Hash {
		return fmt.Errorf("the state after tick %d is %016x, and was %016x: %w", p.match.Tick(), mark.Hash, e.Hash, errNotOurs)
	}
	return nil
}
