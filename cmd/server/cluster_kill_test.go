package main

import (
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/store/postgres/pgtest"
)

// Three processes over one PostgreSQL, behind one address: one is killed, one
// stands still for longer than its lease and wakes, one is cut off from the
// database. Nothing that was acknowledged is lost, nothing is done or told twice,
// and every match is kept once, as its log plays.
func TestThreeServersAreKilledFrozenAndCutOffAndNothingIsLostOrTwice(t *testing.T) {
	t.Parallel()
	database := pgtest.Database(t)
	front := newFront(t)
	wires := map[string]*lifeline{}
	servers := map[string]*child{}
	for _, name := range []string{"a", "b", "c"} {
		wires[name] = lifelineTo(t, database)
		s := newChild(t, wires[name].database, "-name", name)
		s.start()
		s.awaitReady()
		front.add(s.addr)
		servers[name] = s
	}
	time.Sleep(2 * time.Second) // they know each other, and the front knows them
	var crowd []*witness
	for i := range 4 {
		var people []*witness
		for range 3 {
			people = append(people, newWitness(t, front.addr, len(crowd)+len(people)+1))
		}
		come([]*game.Game{counting, pairs}[i%2], nil, people[:3-i%2]...)
		crowd = append(crowd, people[:3-i%2]...)
	}
	if t.Failed() {
		t.FailNow()
	}
	end := play(t, crowd)
	defer end()

	time.Sleep(2 * time.Second)
	servers["a"].kill()
	time.Sleep(time.Second)
	servers["a"].start()
	servers["a"].awaitReady()

	servers["b"].signal(syscall.SIGSTOP)
	time.Sleep(8 * time.Second) // its lease is 5 s
	servers["b"].signal(syscall.SIGCONT)
	wantsEnd(servers["b"], "it woke, and its rooms are others'")
	servers["b"].start()
	servers["b"].awaitReady()

	wires["c"].cut()
	wantsEnd(servers["c"], "it is cut off from the database, which others reach")

	var ending sync.WaitGroup
	ended := map[string]bool{}
	for _, w := range crowd {
		if !ended[w.ticket.Room] {
			ended[w.ticket.Room] = true
			ending.Go(w.endsMatch)
		}
	}
	for _, w := range crowd {
		w.awaitOver()
	}
	ending.Wait()
	end()
	for _, w := range crowd {
		w.Close()
	}
	servers["a"].stop()
	servers["b"].stop()
	sum := tally{kills: 1}
	judge(t, database, crowd, &sum)
	t.Log(sum)
}

// wantsEnd wants a process to end by itself, with an error.
func wantsEnd(c *child, why string) {
	c.Helper()
	if err := c.ended(); err == nil || !strings.Contains(err.Error(), "exit status") {
		c.Errorf("it ended with %v, want an error of its own: %s", err, why)
	}
}
