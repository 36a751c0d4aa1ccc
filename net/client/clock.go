package client

import (
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// clock estimates the room's tick, as PROTOCOL.md has it: the answer that was
// fastest of the last ones is the one to believe.
type clock struct {
	began   time.Time // what pings count from
	period  time.Duration
	samples []sample // the newest last
}

type sample struct {
	zero time.Time // when tick 0 would have been due, by our time
	rtt  time.Duration
}

// guess is the round trip of Welcome, which nobody measured: any is better.
const guess = time.Hour

const maxSamples = 8 // half a minute of pings: a clock drifts less than a millisecond in it

func newClock(began time.Time, w wire.Welcome, now time.Time) clock {
	c := clock{began: began, period: time.Second / time.Duration(max(1, w.TickRate))}
	c.samples = []sample{{zero: now.Add(-time.Duration(w.Tick) * c.period), rtt: guess}}
	return c
}

// again goes on with the pings of a new connection. The room's clock may have
// stood still meanwhile, so any new answer is better than what was learned.
func (c *clock) again(began time.Time) {
	c.began = began
	c.samples = []sample{{zero: c.best().zero, rtt: guess}}
}

// pong learns from an answer that arrived now.
func (c *clock) pong(p wire.Pong, now time.Time) {
	rtt := now.Sub(c.began.Add(time.Duration(p.T) * time.Microsecond))
	due := now.Add(-rtt/2 - time.Duration(p.Micros)*time.Microsecond)
	c.samples = append(c.samples, sample{due.Add(-time.Duration(p.Tick) * c.period), rtt})
	if len(c.samples) > maxSamples {
		c.samples = c.samples[1:]
	}
}

func (c *clock) best() sample {
	best := c.samples[0]
	for _, s := range c.samples[1:] {
		if s.rtt <= best.rtt {
			best = s
		}
	}
	return best
}

func (c *clock) tick(now time.Time) game.Tick {
	return game.Tick(max(0, now.Sub(c.best().zero)/c.period))
}

func (c *clock) rtt() time.Duration {
	if rtt := c.best().rtt; rtt < guess {
		return rtt
	}
	return 0
}
