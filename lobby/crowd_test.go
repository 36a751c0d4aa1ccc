package lobby_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/lobby"
)

var seed = flag.Uint64("seed", 0, "play only this course of TestAnyCrowd")

// TestACrowdFillsRoomsInOrder has a hundred players ask for any seat at once,
// each twice.
func TestACrowdFillsRoomsInOrder(t *testing.T) {
	const crowd = 100
	for _, seats := range []int{1, 2, 3, 7, 16, 99, 100, 101} {
		t.Run(fmt.Sprint("seats=", seats), func(t *testing.T) {
			g := small(game.Info{Name: "crowd", Seats: seats, MinSeats: min(2, seats), Late: seats%2 == 0})
			tell(t, func(w *world) {
				players := w.guests(crowd)
				tickets := map[string]ticket{} // by player
				var mu sync.Mutex
				w.atOnce(slices.Concat(players, players), func(p guest) {
					got := w.byGame(p, g).seat("there is a seat for everybody")
					mu.Lock()
					defer mu.Unlock()
					if had, ok := tickets[p.Player.ID]; ok {
						equal(t, got.Ticket, had.Ticket, "asking twice at once is asking once")
					}
					tickets[p.Player.ID] = got
				})
				rooms := slices.Collect(w.Rooms())
				equal(t, len(rooms), (crowd+seats-1)/seats, "none is opened needlessly")
				for i, r := range rooms {
					want := min(seats, crowd-i*seats)
					equal(t, len(r.Status().Members), want, fmt.Sprintf("room %d is filled before the next is opened, and none over capacity", i))
				}
				taken := map[string]bool{}
				for _, got := range tickets {
					seat := fmt.Sprint(got.Room, got.Seat)
					if taken[seat] {
						t.Errorf("two players have seat %d of %s", got.Seat, got.Room)
					}
					taken[seat] = true
				}
			}, func(c *lobby.Config) { c.Catalog = game.NewCatalog(g) })
		})
	}
}

// TestAnyCrowd plays many random courses of people who ask for any seat, come,
// leave and stay away, one by one and many at once. Each time it is known where
// they must be seated.
func TestAnyCrowd(t *testing.T) {
	first := rand.Uint64() >> 1
	for i := range uint64(60) {
		n := first + i
		if *seed != 0 {
			n = *seed
		}
		t.Run(fmt.Sprint("seed=", n), func(t *testing.T) { anyCrowd(t, n) })
		if *seed != 0 || t.Failed() {
			return
		}
	}
}

func anyCrowd(t *testing.T, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 0))
	seats := 1 + dice.IntN(5)
	g := small(game.Info{Name: "crowd", Seats: seats, MinSeats: 1 + dice.IntN(seats), Late: dice.IntN(2) == 0})
	tell(t, func(w *world) {
		c := &crowd{world: w, dice: dice, game: g, players: w.guests(3 + dice.IntN(12)), members: map[string]*room.Member{}}
		for range 60 {
			switch c.dice.IntN(6) {
			case 0, 1:
				c.ask(c.somebody())
			case 2:
				c.come(c.somebody())
			case 3:
				c.part(c.somebody())
			case 4:
				c.rush()
			case 5:
				pass(time.Duration(c.dice.IntN(10_000)) * time.Millisecond)
			}
			c.check()
		}
	}, func(c *lobby.Config) { c.Catalog = game.NewCatalog(g) })
}

type crowd struct {
	*world
	dice    *rand.Rand
	game    *game.Game
	players []guest
	members map[string]*room.Member // by player
}

func (c *crowd) somebody() guest { return c.players[c.dice.IntN(len(c.players))] }

// ask asks for any seat: the oldest room that has one must give it.
func (c *crowd) ask(p guest) {
	had, want, opened := c.roomOf(p), "", 0
	for r := range c.Rooms() {
		opened++
		if want == "" && r.Status().Free > 0 {
			want = r.Status().ID
		}
	}
	got := c.byGame(p, c.game).seat("there is always a seat")
	now := len(slices.Collect(c.Rooms()))
	switch {
	case had != "":
		equal(c.T, got.Room, had, "who has a seat keeps it")
		equal(c.T, now, opened, "no room is opened for who has a seat")
	case want != "":
		equal(c.T, got.Room, want, "the oldest room with a seat gives it")
		equal(c.T, now, opened, "no room is opened while one has a seat")
	default:
		equal(c.T, now, opened+1, "one room is opened when none has a seat")
	}
}

// come has somebody connect to their seat; the match may begin by that.
func (c *crowd) come(p guest) {
	if c.roomOf(p) != "" {
		c.members[p.Player.ID] = c.join(c.byGame(p, c.game).seat("their own"))
		pass(100 * time.Millisecond)
	}
}

// part has somebody leave for good, or drop.
func (c *crowd) part(p guest) {
	in := c.roomOf(p)
	if m := c.members[p.Player.ID]; m != nil && c.dice.IntN(2) == 0 {
		m.Gone()
		delete(c.members, p.Player.ID)
		pass(100 * time.Millisecond)
	} else if in != "" {
		c.leave(p, in).ok(204, "one may always leave")
		delete(c.members, p.Player.ID)
	}
}

// rush has many ask at once, while some of those who sit leave.
func (c *crowd) rush() {
	var ask, part []guest
	in := map[string]string{}
	for _, p := range c.players {
		in[p.Player.ID] = c.roomOf(p)
		switch {
		case in[p.Player.ID] == "":
			ask = append(ask, p)
		case c.dice.IntN(3) == 0:
			part = append(part, p)
			delete(c.members, p.Player.ID)
		}
	}
	before, free := 0, 0
	for r := range c.Rooms() {
		before++
		free += r.Status().Free
	}
	c.atOnce(slices.Concat(ask, part), func(p guest) {
		if id := in[p.Player.ID]; id != "" {
			c.leave(p, id).ok(204, "one may always leave")
			return
		}
		c.byGame(p, c.game).seat("there is always a seat")
	})
	opened := len(slices.Collect(c.Rooms())) - before
	if most := (max(0, len(ask)-free) + c.game.Seats - 1) / c.game.Seats; opened > most {
		c.Errorf("%d rooms opened for %d players beside %d free seats, want %d at most", opened, len(ask), free, most)
	}
}

// check holds after every step.
func (c *crowd) check() {
	at := map[string]string{}
	for r := range c.Rooms() {
		s := r.Status()
		if len(s.Members) > c.game.Seats {
			c.Errorf("room %s has %d members of %d seats", s.ID, len(s.Members), c.game.Seats)
		}
		for _, m := range s.Members {
			if other := at[m.Player.ID]; other != "" {
				c.Errorf("%s sits in %s and in %s", m.Player.Name, other, s.ID)
			}
			at[m.Player.ID] = s.ID
		}
	}
}

func (c *crowd) roomOf(p guest) string {
	for r := range c.Rooms() {
		s := r.Status()
		if slices.ContainsFunc(s.Members, func(m room.Seated) bool { return m.Player.ID == p.Player.ID }) {
			return s.ID
		}
	}
	return ""
}
