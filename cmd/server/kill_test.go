package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/battleship"
	"tickroom/store/postgres/pgtest"
)

// Real processes over real databases, killed with SIGKILL at any moment, while
// people play over real sockets: nothing that was acknowledged is lost, nothing
// is done or told twice, and every match is kept once, as its log plays.
func TestServersAreKilledAndNothingIsLostOrTwice(t *testing.T) {
	t.Parallel()
	first := *seed
	if first == 0 {
		first = rand.Uint64() >> 1
	}
	databases := map[string]func(*testing.T) string{
		"postgres": func(t *testing.T) string { return pgtest.Database(t) },
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "tickroom.db") },
	}
	var mu sync.Mutex
	var sum tally
	t.Cleanup(func() { t.Log(sum) })
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &rounds{T: t, child: newChild(t, database(t))}
			until := time.Now().Add(*playFor)
			for n := first; ; n++ {
				t.Logf("round -seed=%d", n)
				c.round(rand.New(rand.NewPCG(n, 0)))
				if !time.Now().Before(until) || t.Failed() {
					break
				}
			}
			t.Log(c.sum)
			mu.Lock()
			defer mu.Unlock()
			sum.add(c.sum)
		})
	}
}

// rounds is what is done to one server and its players.
type rounds struct {
	*testing.T
	child   *child
	dice    *rand.Rand
	players int
	sum     tally
}

// round has people come, play and end their matches while the server dies again
// and again, and looks at what came of it.
func (c *rounds) round(dice *rand.Rand) {
	c.dice = dice
	c.child.start()
	crowd := c.gathers()
	end := play(c, crowd)
	defer end()
	for range 3 {
		c.dies()
	}
	var ending sync.WaitGroup
	ended := map[string]bool{}
	for _, w := range crowd {
		if !ended[w.ticket.Room] && w.game != arena.Game {
			ended[w.ticket.Room] = true
			ending.Go(w.endsMatch)
			c.diesAfter(150 * time.Millisecond)
		}
	}
	c.child.awaitReady()
	for _, w := range crowd {
		w.awaitOver()
	}
	ending.Wait()
	end()
	for _, w := range crowd {
		w.Close()
	}
	c.child.stop()
	judge(c, c.child.database, crowd, &c.sum)
}

// play has everybody play and talk until end is called, which waits for them.
func play(t testing.TB, crowd []*witness) (end func()) {
	stop, cancel := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	for i, w := range crowd {
		dice := func(of uint64) *rand.Rand { return rand.New(rand.NewPCG(uint64(i), of)) }
		busy.Go(func() { w.plays(stop, dice(0)) })
		busy.Go(func() { w.chats(stop, dice(1)) })
	}
	return func() {
		cancel()
		busy.Wait()
	}
}

// gathers seats everybody, while the server dies.
func (c *rounds) gathers() []*witness {
	var crowd []*witness
	var coming sync.WaitGroup
	for _, party := range []struct {
		game    *game.Game
		options map[string]int
		players int
	}{
		{counting, nil, 4}, {counting, nil, 3}, {battleship.Game, nil, 2},
		{arena.Game, map[string]int{"seconds": 10, "bots": 0, "score": 0}, 3},
	} {
		var people []*witness
		for range party.players {
			c.players++
			people = append(people, newWitness(c, c.child.addr, c.players))
		}
		crowd = append(crowd, people...)
		coming.Go(func() { come(party.game, party.options, people...) })
	}
	came := make(chan struct{})
	go func() { coming.Wait(); close(came) }()
	for range 2 {
		c.child.awaitReady()
		c.diesAfter(400 * time.Millisecond)
	}
	<-came
	if c.Failed() {
		c.FailNow()
	}
	return crowd
}

// dies is one of the ways in which a process ends and another starts.
func (c *rounds) dies() {
	switch c.dice.IntN(4) {
	case 0, 1:
		c.child.awaitReady()
		c.diesAfter(time.Second)
	case 2: // while it starts, or plays forward what the last one had
		c.diesAfter(300 * time.Millisecond)
	case 3: // while it hands over
		c.child.awaitReady()
		c.sleep(time.Second)
		c.child.term()
		c.killAfter(60 * time.Millisecond)
		c.child.start()
	}
}

// diesAfter kills the process within so long, and starts another.
func (c *rounds) diesAfter(most time.Duration) {
	c.killAfter(most)
	c.sleep(200 * time.Millisecond)
	c.child.start()
}

func (c *rounds) killAfter(most time.Duration) {
	c.sleep(most)
	if c.child.kill() {
		c.sum.kills++
	}
}

// sleep sleeps for some part of so long.
func (c *rounds) sleep(most time.Duration) {
	time.Sleep(time.Duration(c.dice.Int64N(int64(most))))
}
