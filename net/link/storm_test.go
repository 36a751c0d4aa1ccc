package link_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// Everything at once: the room, the client, and three goroutines of every
// connection, one of which ends it in some way while the next says hello. They
// wake at the same instants, so that all that may run beside each other does.
// The seed fixes what each of them does, not who is first.
func TestWhateverComesAtOnceEachComesOnceAndInOrder(t *testing.T) {
	storms := 100
	if testing.Short() {
		storms = 20
	}
	first := rand.Uint64() >> 1
	if *seed != 0 {
		first, storms = *seed, 1
	}
	var all tally
	for n := first; n < first+uint64(storms); n++ {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("repeat this storm with -seed=%d", n)
				}
			}()
			all.add(storm(t, n))
		})
	}
	t.Log(all)
	if all.resumes < 5*all.lives {
		t.Errorf("%v: storms this quiet show nothing", all)
	}
}

// storm is a life whose network, room and client do not wait for each other.
func storm(t *testing.T, seed uint64) tally {
	l := &life{T: t, chance: dice(seed), room: &modelRoom{}, client: &modelClient{}, meter: &meter{}}
	l.hub = link.NewHub(link.Config{Host: l.room, Meter: l.meter})
	calm := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { roomInStorm(l.room, rand.New(rand.NewPCG(seed, 1)), calm) })
	for id := range uint64(10 + l.IntN(20)) {
		l.connect()
		c := l.cable
		all.Go(func() { pump(c.leaves, rand.New(rand.NewPCG(seed, 3*id+2)), c, calm) })
		all.Go(func() { pump(c.arrives, rand.New(rand.NewPCG(seed, 3*id+3)), c, calm) })
		all.Go(func() { pump(c.ends, rand.New(rand.NewPCG(seed, 3*id+4)), c, calm) })
		l.clientInStorm()
		ending := l.IntN(4)
		all.Go(func() {
			switch ending {
			case 0:
				c.port.Close(wire.CloseGoingAway, "The server is stopping.")
			case 1:
				c.port.Close(wire.CloseGoingAway, "The server is stopping.")
				fallthrough
			case 2:
				c.fails(3, true)
			default:
				c.fails(3, false)
			}
		})
		l.cable, l.client.linked = nil, false
	}
	close(calm)
	all.Wait()
	l.heal()
	l.end()
	return l.tally()
}

// clientInStorm plays for some time on one connection.
func (l *life) clientInStorm() {
	for n := l.IntN(40); l.cable != nil && n > 0; n-- {
		for l.hears() {
		}
		if l.client.maySay() {
			l.clientActs()
		}
		time.Sleep(time.Millisecond)
	}
}

func roomInStorm(r *modelRoom, c chance, calm <-chan struct{}) {
	for !isClosed(calm) {
		switch c.IntN(8) {
		case 0, 1, 2:
			r.tick()
		case 3, 4:
			r.snapshot(pick(c, 10, 4<<10))
		case 5:
			for range c.IntN(50) {
				r.event(c.IntN(8 << 10))
			}
		default:
			r.event(0)
		}
		time.Sleep(time.Duration(c.IntN(3)) * time.Millisecond)
	}
}

// pump does something again and again until the cable has ended.
func pump(do func() bool, c chance, over *cable, calm <-chan struct{}) {
	for !over.ended() && !isClosed(calm) {
		for range 1 + c.IntN(4) {
			do()
		}
		time.Sleep(time.Duration(c.IntN(3)) * time.Millisecond)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
