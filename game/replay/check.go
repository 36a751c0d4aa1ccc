package replay

import (
	"context"
	"fmt"

	"tickroom/game"
	"tickroom/store"
)

// Difference is where a match, played again, stops being what was kept: after
// tick After it was still the same, at tick At it was not.
type Difference struct {
	After, At game.Tick
	Text      string
}

func (d *Difference) Error() string {
	return fmt.Sprintf("differs between tick %d and %d: %s", d.After, d.At, d.Text)
}

// Check plays the match again, and says whether it is what was kept: nil, a
// *Difference, or the context's error.
func (r *Record) Check(ctx context.Context) error {
	c := check{Record: r, ctx: ctx}
	err := guard(c.play)
	if panicked, ok := err.(*panicError); ok {
		return c.differs("%v", panicked)
	}
	return err
}

// check is a record while it is played again.
type check struct {
	*Record
	ctx   context.Context
	p     *game.Playback
	after game.Tick // up to here it is known to be the same
	marks int       // compared
}

func (c *check) play() (err error) {
	if c.p, err = game.PlayAgain(c.Game, c.Setup(), c.Log); err != nil {
		return c.differs("%v", err)
	}
	for c.p.Tick() < c.Ticks() {
		if _, over := c.p.Over(); over {
			return c.differs("it ended here, and was kept with %d ticks", c.Ticks())
		}
		if err := c.p.Step(); err != nil {
			return c.differs("%v", err)
		}
		c.p.Events()
		if err := c.compare(); err != nil {
			return err
		}
	}
	return c.end()
}

// compare holds the state against the mark of this tick, if there is one.
func (c *check) compare() error {
	if c.marks == len(c.Marks) || c.Marks[c.marks].Tick > c.p.Tick() {
		return c.ctx.Err()
	}
	if got, want := c.p.Hash(), c.Marks[c.marks].Hash; got != want {
		return c.differs("state %016x, kept as %016x", got, want)
	}
	c.marks++
	c.after = c.p.Tick()
	return c.ctx.Err()
}

func (c *check) end() error {
	if c.Match.Ending == store.Failed {
		return nil // no state was kept
	}
	if got, want := c.p.Hash(), c.Match.StateHash; got != want {
		return c.differs("the last state is %016x, kept as %016x", got, want)
	}
	if _, over := c.p.Over(); over != (c.Match.Ending == store.Finished) {
		return c.differs("ended by its rules: %t, but it was kept as %s", over, c.Match.Ending)
	}
	return nil
}

func (c *check) differs(format string, args ...any) error {
	at := game.Tick(0)
	if c.p != nil {
		at = c.p.Tick()
	}
	return &Difference{After: c.after, At: at, Text: fmt.Sprintf(format, args...)}
}

// panicError is a panic of the rules.
type panicError struct{ value any }

func (e *panicError) Error() string { return fmt.Sprintf("the rules panicked: %v", e.value) }

// guard calls into the rules. A panic there is this match's failure alone.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p}
		}
	}()
	return f()
}
