package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickroom/store/postgres/pgtest"
)

// A deploy under 200 rooms where two people each count and talk: the server is
// asked to stop, and another is started when it has. What its players see of it
// is how long they see nothing new.
func BenchmarkHandOver(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { handOver(b, "sqlite:"+filepath.Join(b.TempDir(), "tickroom.db")) })
	b.Run("postgres", func(b *testing.B) { handOver(b, pgtest.Database(b)) })
}

const busyRooms = 200

func handOver(b *testing.B, database string) {
	c := newChild(b, database)
	c.start()
	c.awaitReady()
	crowd := pairUp(b, c.addr)
	end := play(b, crowd)
	time.Sleep(3 * time.Second)
	var freezes []time.Duration
	var stopping, starting time.Duration
	for b.Loop() {
		for _, w := range crowd {
			w.freeze()
		}
		asked := time.Now()
		c.stop()
		stopped := time.Now()
		c.start()
		c.awaitReady()
		stopping, starting = stopping+stopped.Sub(asked), starting+time.Since(stopped)
		time.Sleep(5 * time.Second)
		for _, w := range crowd {
			freezes = append(freezes, w.freeze())
		}
	}
	endAll(crowd)
	end()
	for _, w := range crowd {
		w.awaitOver()
		w.Close()
	}
	c.stop()
	var sum tally
	judge(b, database, crowd, &sum)
	if sum.matches != busyRooms {
		b.Errorf("%d matches are kept, want %d", sum.matches, busyRooms)
	}
	report(b, freezes, stopping/time.Duration(b.N), starting/time.Duration(b.N), sum)
}

// pairUp seats two in each room.
func pairUp(b *testing.B, addr string) []*witness {
	var crowd []*witness
	for n := range 2 * busyRooms {
		crowd = append(crowd, newWitness(b, addr, n))
	}
	var coming sync.WaitGroup
	for some := range slices.Chunk(crowd, len(crowd)/8) {
		coming.Go(func() {
			for pair := range slices.Chunk(some, 2) {
				come(pairs, nil, pair...)
			}
		})
	}
	coming.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return crowd
}

func report(b *testing.B, freezes []time.Duration, stopping, starting time.Duration, sum tally) {
	slices.Sort(freezes)
	var table strings.Builder
	fmt.Fprintf(&table, "%d rooms of two, %d hand-overs: %v\n", busyRooms, b.N, sum)
	row := func(what string, d time.Duration) { fmt.Fprintf(&table, "%-34s %6d ms\n", what, d.Milliseconds()) }
	row("the old process stops in", stopping)
	row("the new one takes connections in", starting)
	for _, p := range []int{50, 90, 99, 100} {
		d := freezes[(len(freezes)-1)*p/100]
		row(fmt.Sprintf("no new view for, %d %% of players", p), d)
		b.ReportMetric(float64(d.Milliseconds()), fmt.Sprintf("p%d-ms", p))
	}
	b.ReportMetric(0, "ns/op")
	b.Log("\n" + table.String())
}
