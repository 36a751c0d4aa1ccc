package room_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/room"
)

var seed = flag.Uint64("seed", 0, "play only this course of TestAnyCourse")

// TestAnyCourse plays hundreds of random courses of a room: people ask, come,
// drop, come back, take over, say, command, leave and wander off in any order.
// Whatever the course, the same few things hold after every step.
func TestAnyCourse(t *testing.T) {
	first := rand.Uint64() >> 1
	for i := range uint64(200) {
		n := first + i
		if *seed != 0 {
			n = *seed
		}
		t.Run(fmt.Sprint("seed=", n), func(t *testing.T) { anyCourse(t, n) })
		if *seed != 0 || t.Failed() {
			return
		}
	}
}

// person is somebody in the course, and what they believe.
type person struct {
	name   string
	ticket string   // the last they were given
	link   *visitor // the last they joined with
}

func anyCourse(t *testing.T, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 0))
	info := func(i *game.Info) {
		i.Seats, i.MinSeats = 1+dice.IntN(5), 1
		i.Late, i.Hidden = dice.IntN(2) == 0, dice.IntN(2) == 0
	}
	tell(t, info, func(s *story) {
		c := &course{story: s, dice: dice}
		for i := range 1 + dice.IntN(2*s.game.Seats) {
			c.people = append(c.people, &person{name: fmt.Sprint("p", i)})
		}
		for range 40 + dice.IntN(80) {
			c.step()
			c.check()
			if s.Failed() {
				return
			}
		}
		c.end()
	})
}

type course struct {
	*story
	dice   *rand.Rand
	people []*person
}

// step has somebody do something, and lets some time pass.
func (c *course) step() {
	p := c.people[c.dice.IntN(len(c.people))]
	switch c.dice.IntN(9) {
	case 0, 1:
		c.ask(p)
	case 2, 3:
		c.join(p)
	case 4:
		if p.link != nil {
			p.link.Gone()
		}
	case 5:
		if p.link != nil {
			p.link.Command(1, add{By: c.dice.IntN(5) - 1})
		}
	case 6:
		if p.link != nil {
			p.link.Input(game.Tick(c.dice.IntN(1000)), add{By: 1})
		}
	case 7:
		if p.link != nil && c.dice.IntN(3) == 0 {
			p.link.Leave()
		}
	case 8:
		if c.dice.IntN(2) == 0 {
			c.room.GiveUp(c.Context(), p.name)
		}
	}
	pauses := []time.Duration{0, 0, 100 * time.Millisecond, time.Second, 5 * time.Second, 20 * time.Second}
	c.wait(pauses[c.dice.IntN(len(pauses))])
}

func (c *course) ask(p *person) {
	g, err := c.take(p.name)
	if err == nil {
		p.ticket = g.Ticket
		return
	}
	synctest.Wait() // for the status to be renewed
	status := c.room.Status()
	for _, m := range status.Members {
		if m.Player.ID == p.name {
			c.Errorf("%s has seat %d and is refused it: %v", p.name, m.Seat, err)
		}
	}
	if status.Free > 0 && errors.Is(err, room.ErrFull) {
		c.Errorf("%s is told the room is full while %d seats are free", p.name, status.Free)
	}
}

func (c *course) join(p *person) {
	if p.ticket == "" {
		return
	}
	v := &visitor{story: c.story}
	m, err := c.room.Join(c.Context(), p.ticket, v)
	if err != nil {
		return
	}
	v.Member, p.link = m, v
}

// check is what holds at all times.
func (c *course) check() {
	status := c.room.Status()
	if len(status.Members)+status.Free > c.game.Seats {
		c.Errorf("%d members and %d free seats in a room of %d", len(status.Members), status.Free, c.game.Seats)
	}
	if c.game.Late && status.Phase != room.Closed && len(status.Members)+status.Free != c.game.Seats {
		c.Errorf("%d members and %d free seats do not make %d: a seat is lost", len(status.Members), status.Free, c.game.Seats)
	}
	players, seats := map[string]bool{}, map[game.Seat]bool{}
	for _, m := range status.Members {
		if players[m.Player.ID] || seats[m.Seat] {
			c.Errorf("%s or seat %d is there twice", m.Player.ID, m.Seat)
		}
		players[m.Player.ID], seats[m.Seat] = true, true
	}
}

// end: everybody wanders off, and the room must empty itself, close, and have
// kept a match that plays again to the same state.
func (c *course) end() {
	for _, p := range c.people {
		if p.link != nil {
			p.link.Gone()
		}
	}
	c.wait(room.DefaultGrace + room.DefaultReserve)
	if left := c.room.Status().Members; len(left) != 0 {
		c.Errorf("%v are still seated after every grace is over", left)
	}
	c.wait(room.DefaultIdle + time.Second)
	select {
	case <-c.room.Done():
	default:
		c.Fatal("the room nobody is in did not close")
	}
	for _, r := range c.records {
		m, err := game.Replay(c.game, r.Setup, r.Log, r.Ticks)
		if err != nil {
			c.Fatalf("the log does not play again: %v", err)
		}
		if m.Tick() != r.Ticks || m.Hash() != r.Hash {
			c.Errorf("played again: tick %d hash %x, want %d %x", m.Tick(), m.Hash(), r.Ticks, r.Hash)
		}
	}
}
