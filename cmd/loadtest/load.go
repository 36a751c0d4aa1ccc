package main

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// load is one run. It belongs to the goroutine that runs it; those who connect
// share the two channels with it.
type load struct {
	// Set once.
	cfg   config
	out   io.Writer // progress
	zero  time.Duration
	dice  *rand.Rand
	crowd crowd

	poll    poller
	bots    []*booked
	queue   agenda
	later   []order // pauses that are not over
	orders  chan order
	arrived chan arrival
	failed  error
	leaving bool
	tally   tally
	idle    time.Duration // of the measured span
	said    uint64        // before it
}

// crowd is where bots come from.
type crowd interface {
	// gather makes what bots need before the first of them joins, and the bots,
	// with the way each joins first.
	gather(context.Context, *load) ([]bot, []join, error)
	// late is how late ticks were so far; nil when the server does not tell.
	late(context.Context) lateness
	// wrong is how far the clock of a room may be off.
	wrong() time.Duration
	close()
}

// order is a bot that is to join, and arrival what came of it.
type (
	order struct {
		b    *booked
		join join
		due  moment
	}
	arrival struct {
		b   *booked
		got joined
		err error
	}
)

func newLoad(cfg config, out io.Writer) (*load, error) {
	l := &load{cfg: cfg, out: out, zero: monotonic(), dice: rand.New(rand.NewPCG(rand.Uint64(), 0))}
	if l.crowd = newLobby(cfg, l.note); cfg.speak != tickroom {
		l.crowd = &foreigners{cfg: cfg, tongue: tongues[cfg.speak]}
	}
	var err error
	l.poll, err = newPoller(strings.HasPrefix(cfg.url, "https:"))
	return l, err
}

// run plays to the end of the measured span and says what was found.
func (l *load) run(ctx context.Context) (report, error) {
	defer l.poll.close()
	defer l.crowd.close()
	before, err := l.look()
	if err != nil {
		return report{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var connecting sync.WaitGroup
	defer l.turnAway()
	defer connecting.Wait()
	defer cancel()
	if err := l.gather(ctx, &connecting); err != nil {
		return report{}, err
	}
	if err := l.joinAll(ctx); err != nil {
		return report{}, err
	}
	l.note("all %d players are in, playing for %v first", len(l.bots), l.cfg.warm)
	if err := l.play(ctx, now()+l.cfg.warm, nil); err != nil {
		return report{}, err
	}
	found, err := l.measure(ctx, before)
	l.leave(ctx)
	return found, err
}

// gather books all bots, and sends them off to join.
func (l *load) gather(ctx context.Context, connecting *sync.WaitGroup) error {
	bots, joins, err := l.crowd.gather(ctx, l)
	if err != nil {
		return err
	}
	l.orders, l.arrived = make(chan order, len(bots)), make(chan arrival, len(bots))
	for range hands {
		connecting.Go(func() { connect(ctx, l.orders, l.arrived) })
	}
	for i, b := range bots {
		one := &booked{bot: b}
		l.bots = append(l.bots, one)
		heap.Push(&l.queue, one)
		l.orders <- order{b: one, join: joins[i]}
	}
	return nil
}

// turnAway closes what was connected too late.
func (l *load) turnAway() {
	for len(l.arrived) > 0 {
		if a := <-l.arrived; a.err == nil {
			a.got.socket.net.Close()
		}
	}
}

// connect does orders until the context ends.
func connect(ctx context.Context, orders <-chan order, arrived chan<- arrival) {
	for {
		select {
		case o := <-orders:
			got, err := o.join(ctx)
			arrived <- arrival{o.b, got, err}
		case <-ctx.Done():
			return
		}
	}
}

// joinAll plays until all are in.
func (l *load) joinAll(ctx context.Context) error {
	most, since, told := 0, now(), now()
	for {
		if err := l.step(ctx, now()+10*time.Millisecond); err != nil {
			return err
		}
		in := l.playing()
		if in == len(l.bots) {
			return nil
		}
		if in > most {
			most, since = in, now()
		}
		if now()-since > joinWithin {
			return fmt.Errorf("only %d of %d players came in, and nobody for %v", most, len(l.bots), joinWithin)
		}
		if now()-told > time.Second {
			told = now()
			l.note("%d of %d players are in", in, len(l.bots))
		}
	}
}

func (l *load) playing() (n int) {
	for _, b := range l.bots {
		if b.playing() {
			n++
		}
	}
	return n
}

// play goes on until a time, and tells of each second.
func (l *load) play(ctx context.Context, until moment, second func()) error {
	tell := now() + time.Second
	for now() < until {
		if err := l.step(ctx, min(until, tell)); err != nil {
			return err
		}
		if now() >= tell {
			tell += time.Second
			if second != nil {
				second()
			}
		}
	}
	return nil
}

// measure is the span that counts.
func (l *load) measure(ctx context.Context, before process) (report, error) {
	l.note("measuring for %v", l.cfg.span)
	from, err := l.look()
	if err != nil {
		return report{}, err
	}
	var first, last lateness
	var asking sync.WaitGroup
	asking.Go(func() { first = l.crowd.late(ctx) })
	defer asking.Wait()

	l.tally.measuring, l.idle, l.said = true, 0, l.tally.said
	began, states := now(), uint64(0)
	err = l.play(ctx, began+l.cfg.span, func() {
		l.note("%3.0f s: %d players, %d states, age p50 %.2f ms, p99 %.2f ms", (now() - began).Seconds(), l.playing(),
			l.tally.states-states, ms(l.tally.age.quantile(.5)), ms(l.tally.age.quantile(.99)))
		states = l.tally.states
	})
	l.tally.measuring = false
	took := now() - began
	to, lookErr := l.look()
	asking.Wait()
	if err = errors.Join(err, lookErr); err != nil {
		return report{}, err
	}
	last = l.crowd.late(ctx)
	return l.found(took, before, from, to, last.since(first)), nil
}

// leave says farewell for all, so that the server need not keep their seats, and
// waits a moment for it to be heard.
func (l *load) leave(ctx context.Context) {
	l.leaving = true
	for _, b := range l.bots {
		b.leave()
	}
	for until := now() + farewell; l.playing() > 0 && now() < until; {
		if l.step(ctx, until) != nil {
			return
		}
	}
}

// farewell is how long leaving may take.
const farewell = time.Second

func (l *load) look() (process, error) {
	if l.cfg.pid == 0 {
		return process{}, nil
	}
	return lookAt(l.cfg.pid)
}

func (l *load) note(format string, args ...any) {
	fmt.Fprintf(l.out, "loadtest: "+format+"\n", args...)
}
