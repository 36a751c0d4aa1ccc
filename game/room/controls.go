package room

import (
	"slices"

	"tickroom/game"
)

// controls are the inputs of one seat that wait for their tick: at most one a
// tick, in order. Only the newest counts, by the tick the client gave it, so
// nothing here relies on inputs arriving in order.
type controls struct {
	waiting []input
	newest  game.Tick // stamp of the newest that counted
}

type input struct {
	at      game.Tick // when it counts
	stamp   game.Tick // when its client meant it to
	command any
}

// put keeps an input for its tick: for now, the coming tick, if its own has
// passed; for the horizon if it is beyond that.
func (c *controls) put(stamp game.Tick, command any, now, horizon game.Tick) {
	if stamp < c.newest {
		return
	}
	in := input{at: min(max(stamp, now), horizon), stamp: stamp, command: command}
	i, found := slices.BinarySearchFunc(c.waiting, in.at, func(w input, t game.Tick) int { return int(w.at) - int(t) })
	switch {
	case !found:
		c.waiting = slices.Insert(c.waiting, i, in)
	case c.waiting[i].stamp <= stamp:
		c.waiting[i] = in
	}
}

// due takes the input that counts from tick now on, if there is a new one.
func (c *controls) due(now game.Tick) (command any, ok bool) {
	n := 0
	for n < len(c.waiting) && c.waiting[n].at <= now {
		n++
	}
	if n == 0 {
		return nil, false
	}
	last := c.waiting[n-1]
	c.waiting = slices.Delete(c.waiting, 0, n)
	c.newest = min(last.stamp, now)
	return last.command, true
}
