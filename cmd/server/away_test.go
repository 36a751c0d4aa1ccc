package main

import (
	"sync"
	"testing"
	"time"

	"tickroom/store/postgres/pgtest"
)

// Postgres hangs, and then dies and comes back, while people play: they play on
// for a while, stand still knowing why, and go on; nothing is lost. For 30 s
// each with -long; else as long as shows all of it: rooms stand still after 3.
func TestPostgresGoesAwayWhilePeoplePlay(t *testing.T) {
	t.Parallel()
	stay := 5 * time.Second
	if *long {
		stay = 30 * time.Second
	}
	database := pgtest.NewServer(t, pgtest.Options{})
	c := newChild(t, database.Database(t))
	c.start()
	c.awaitReady()
	var crowd []*witness
	for n := range 8 {
		crowd = append(crowd, newWitness(t, c.addr, n))
	}
	come(counting, nil, crowd[:4]...)
	come(counting, nil, crowd[4:]...)
	if t.Failed() {
		return
	}
	end := play(t, crowd)
	time.Sleep(time.Second)
	for _, ill := range []struct {
		name       string
		goes, back func(testing.TB)
	}{
		{"frozen", database.Pause, database.Resume},
		{"stopped", database.Stop, database.Start},
	} {
		ill.goes(t)
		went := time.Now()
		eachNotices(t, crowd, "paused", went, ill.name)
		for _, w := range crowd {
			if played := w.lastView().Sub(went); played < 2*time.Second || played > 5*time.Second {
				t.Errorf("%s: %s saw views for %v while the database was away, want about the 3 s that rooms may be ahead of it", ill.name, w.name, played)
			}
		}
		time.Sleep(time.Until(went.Add(stay)))
		back := time.Now()
		for _, w := range crowd {
			if at := w.lastView(); time.Since(at) < time.Second {
				t.Errorf("%s: %s saw a view %v ago: the room must stand still", ill.name, w.name, time.Since(at))
			}
		}
		ill.back(t)
		eachNotices(t, crowd, "playing", back, ill.name)
		time.Sleep(time.Second)
		for _, w := range crowd {
			if at := w.lastView(); time.Since(at) > 500*time.Millisecond {
				t.Errorf("%s: the last view of %s is %v old, though the room goes on", ill.name, w.name, time.Since(at))
			}
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
	judge(t, c.database, crowd, &sum)
	if sum.acknowledged < 50 {
		t.Errorf("%d commands were acknowledged: this shows nothing", sum.acknowledged)
	}
}

// eachNotices waits until everybody has been told so, after a moment.
func eachNotices(t *testing.T, crowd []*witness, want string, after time.Time, why string) {
	t.Helper()
	for _, w := range crowd {
		for {
			code, at := w.noticed()
			if code == want && at.After(after) {
				break
			}
			if time.Since(after) > time.Minute {
				t.Fatalf("%s: %s was last told %q, want %s", why, w.name, code, want)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// endAll ends the match of every room.
func endAll(crowd []*witness) {
	var ending sync.WaitGroup
	ended := map[string]bool{}
	for _, w := range crowd {
		if !ended[w.ticket.Room] {
			ended[w.ticket.Room] = true
			ending.Go(w.endsMatch)
		}
	}
	ending.Wait()
}
