package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/net/wire"
)

// crowd is players of one room that a has; their calls came in at all three.
func (c *cluster) crowd() (players []*plays) {
	c.Helper()
	names := []string{"a", "b", "c"}
	r := c.arrives("host").at("a").opens(map[string]any{"game": counting.Name})
	for i, name := range []string{"Ann", "Bob", "Cid"} {
		p := c.arrives(name).at(names[i])
		players = append(players, p.joins(counting, p.takes(r.ID)))
	}
	c.pass(time.Second)
	if at := c.serverOf(r.ID); at != "a" {
		c.Fatalf("the room is at %q, want a", at)
	}
	return players
}

// countThrough has all players count for a minute, while something befalls a server, and
// wants every command to be done once.
func (c *cluster) countThrough(players []*plays, befalls func()) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
	defer cancel()
	var done atomic.Int64
	var busy sync.WaitGroup
	for i, p := range players {
		busy.Go(func() { p.keepsCounting(ctx, rand.New(rand.NewPCG(*seed, uint64(i))), &done) })
	}
	time.Sleep(10 * time.Second)
	befalls()
	busy.Wait()
	c.pass(10 * time.Second)
	want := counted(players[0])
	if int64(len(want)) != done.Load() || len(want) < 50 {
		c.Errorf("%d commands were answered as done, %d were", done.Load(), len(want))
	}
	for _, p := range players {
		if got := counted(p); !slices.Equal(got, want) {
			c.Errorf("%s heard %d events, %s %d: they must be the same", p.name, len(got), players[0].name, len(want))
		}
		if v, at := last[wire.Snapshot](p, "views come"); v.View.(sum).Sum != len(want) || time.Since(at) > 2*time.Second {
			c.Errorf("%s sees %v of %v ago, want %d now", p.name, v.View, time.Since(at), len(want))
		}
		if welcomes, _ := all[wire.Welcome](p); len(welcomes) != 1 {
			c.Errorf("%s was welcomed %d times: the conversation goes on", p.name, len(welcomes))
		}
	}
}

// keepsCounting counts until told to stop, and complains of an answer that does not
// come: whatever happened, there is a server that gives it.
func (s *plays) keepsCounting(ctx context.Context, dice *rand.Rand, done *atomic.Int64) {
	for ctx.Err() == nil {
		soon, cancel := context.WithTimeout(s.Context(), time.Minute)
		err := s.Command(soon, count{By: 1})
		cancel()
		if err != nil {
			s.Errorf("%s counts: %v", s.name, err)
			return
		}
		done.Add(1)
		time.Sleep(time.Duration(dice.IntN(2000)) * time.Millisecond)
	}
}

// stoodStill is the longest time between two views of a player.
func (s *plays) stoodStill() (longest time.Duration) {
	_, at := all[wire.Snapshot](s)
	for i := 1; i < len(at); i++ {
		longest = max(longest, at[i].Sub(at[i-1]))
	}
	return longest
}

func TestTheRoomsOfAServerThatDiesGoOnAtAnother(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		room := players[0].ticket.Room
		c.countThrough(players, func() {
			c.nodes["a"].dies()
			time.Sleep(10 * time.Second)
			if at := c.serverOf(room); at != "b" && at != "c" {
				c.Errorf("ten seconds later the room is at %q, want b or c", at)
			}
		})
		for _, p := range players {
			if still := p.stoodStill(); still > 15*time.Second {
				c.Errorf("%s saw nothing for %v: a lease is 5 s, and claims are one each second", p.name, still)
			}
		}
		for _, via := range []string{"b", "c"} {
			if got := players[0].at(via).listed(); !slices.Equal(got, []string{room}) {
				c.Errorf("through %s the list is %v, want the room", via, got)
			}
		}
	})
}

// A process that stood still for longer than its lease wakes and goes on, for all
// it knows.
func TestAServerThatWakesAfterItsLeaseWritesNothing(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		a := c.nodes["a"]
		c.countThrough(players, func() {
			a.freezes()
			time.Sleep(20 * time.Second)
			if at := c.serverOf(players[0].ticket.Room); at == "" {
				c.Error("the room is nowhere")
			}
			before := a.writes.Load()
			a.thaws()
			time.Sleep(20 * time.Second)
			if wrote := a.writes.Load() - before; wrote > 0 {
				c.Errorf("it wrote %d times when it woke: its rooms are others'", wrote)
			}
			a.hasEnded(c, "taken over", "it has lost its rooms")
		})
	})
}

// Its players still reach it, but what they do there can never be kept.
func TestAServerThatIsCutOffFromTheDatabaseGivesUp(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		a := c.nodes["a"]
		c.countThrough(players, func() {
			a.isCutOff()
			before := a.writes.Load()
			time.Sleep(20 * time.Second)
			a.hasEnded(c, "taken over", "others reach the database, and have its rooms")
			if wrote := a.writes.Load() - before; wrote > 0 {
				c.Errorf("it wrote %d times", wrote)
			}
		})
		for _, p := range players {
			if still := p.stoodStill(); still > 15*time.Second {
				c.Errorf("%s saw nothing for %v", p.name, still)
			}
		}
	})
}

// Where nobody reaches the database there is nowhere to go: everybody waits.
func TestWhenTheDatabaseIsAwayForAllNobodyGivesUp(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		c.countThrough(players, func() {
			c.storeIsDown(true)
			time.Sleep(20 * time.Second)
			if n, _ := last[wire.Notice](players[0], "people are told what they wait for"); n.Code != "paused" {
				c.Errorf("notice %+v, want paused", n)
			}
			c.storeIsDown(false)
		})
		for _, n := range c.order {
			select {
			case err := <-n.ended:
				n.ended <- err
				c.Errorf("%s ended with %v: nobody takes from who is well", n.name, err)
			default:
			}
		}
	})
}

// A deploy, one server after the other.
func TestServersAreReplacedOneAfterTheOther(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		c.countThrough(players, func() {
			for _, name := range []string{"a", "b", "c"} {
				n := c.nodes[name]
				if err := n.stops(); err != nil {
					c.Errorf("%s stopped with %v", name, err)
				}
				time.Sleep(5 * time.Second)
				c.begins(name)
				time.Sleep(5 * time.Second)
			}
		})
		for _, p := range players {
			if still := p.stoodStill(); still > 5*time.Second {
				c.Errorf("%s saw nothing for %v: a server that stops gives its rooms up at once", p.name, still)
			}
		}
	})
}
