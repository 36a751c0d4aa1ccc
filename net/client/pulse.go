package client

import (
	"context"
	"sync/atomic"
	"time"

	"tickroom/net/wire"
)

// How soon a dead connection is found out. To come back is cheap and exact, so a
// live one that is taken for dead costs a round trip or two; to wait for
// wire.DeadAfter costs seconds of a match.
const (
	// quietMin is how long nothing may be heard before we ask, in a room that
	// tells something many times a second: a network that stalls for less recovers
	// by itself.
	quietMin = 2 * time.Second
	// quietSnapshots is as many snapshots as may be missing, if that takes longer.
	quietSnapshots = 4
	// answerSlack is what the answer may take beyond two round trips: a tick, and a
	// busy machine at either end.
	answerSlack = 150 * time.Millisecond
	// answerMax bounds it where round trips are long.
	answerMax = 2 * time.Second
	// pongLate is how much longer the answer itself may take, when other things are
	// heard: what we send may queue up on its way.
	pongLate = time.Second
	// rttGuess stands for a round trip that was never measured.
	rttGuess = 300 * time.Millisecond
)

// pulse is whether a connection lives: when something was last heard of it.
type pulse struct {
	// Set once.
	began time.Time
	asked chan struct{} // has room for one: a ping is to be sent now
	pong  chan struct{} // has room for one: it was answered

	// Safe for all.
	last    atomic.Int64  // when, in nanoseconds since began
	count   atomic.Uint64 // of beats
	frames  atomic.Uint64 // of them, the ends of frames
	stopped atomic.Bool   // it was felt, and not there
}

func newPulse() *pulse {
	return &pulse{asked: make(chan struct{}, 1), pong: make(chan struct{}, 1), began: time.Now()}
}

// beats is called whenever anything is heard.
func (p *pulse) beats() {
	p.last.Store(int64(time.Since(p.began)))
	p.count.Add(1)
}

// silence is for how long nothing was.
func (p *pulse) silence() time.Duration { return time.Since(p.began) - time.Duration(p.last.Load()) }

// watch feels the pulse when nothing was heard for too long, or when woken, until
// the context ends. If it is not there, the connection is closed, and who reads
// finds out.
func (c *conn) watch(ctx context.Context, woken <-chan struct{}, quiet time.Duration, patience func() time.Duration) {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		timer.Reset(max(0, quiet-c.pulse.silence()))
		wake := false
		select {
		case <-woken:
			wake = true
		case <-timer.C:
			if c.pulse.silence() < quiet {
				continue
			}
		case <-ctx.Done():
			return
		}
		if !c.pulse.felt(ctx, patience()) || wake && !c.pulse.answered(ctx) {
			c.pulse.stopped.Store(true)
			c.close()
			return
		}
	}
}

// felt asks, and says whether anything is heard within a time.
func (p *pulse) felt(ctx context.Context, within time.Duration) bool {
	before := p.count.Load()
	select {
	case <-p.pong: // to what was asked before
	default:
	}
	ring(p.asked)
	return !sleep(ctx, within) || p.count.Load() != before
}

// answered says whether what was asked was answered, or may still be: who is heard
// and does not hear us is no better than a dead one. While one long frame comes,
// the answer is behind it.
func (p *pulse) answered(ctx context.Context) bool {
	before := p.frames.Load()
	late := time.NewTimer(pongLate)
	defer late.Stop()
	select {
	case <-p.pong:
	case <-ctx.Done():
	case <-late.C:
		return p.frames.Load() == before
	}
	return true
}

// quietFor is how long a room may say nothing before we ask.
func quietFor(w wire.Welcome) time.Duration {
	return max(quietMin, quietSnapshots*time.Second/time.Duration(max(1, w.SnapshotRate)))
}

// patience is how long an answer may take.
func patience(rtt time.Duration) time.Duration {
	if rtt == 0 {
		rtt = rttGuess
	}
	return min(2*rtt+answerSlack, answerMax)
}
