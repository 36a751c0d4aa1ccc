package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/net/client"
	"tickroom/net/wire"
)

var (
	seed    = flag.Uint64("seed", 0, "play only the course of this seed, of the tests of courses by chance")
	playFor = flag.Duration("for", 0, "play courses by chance for so long, not only some")
)

// The whole server and real clients over cables that are cut and pulled at
// random: every command is done once, and every event heard once, in order, over
// any transport, and from one to the other.
func TestWhateverTheNetworkDoesNothingIsLostOrTwice(t *testing.T) {
	courses(t, 20, badNetwork)
}

// mixes are what the players of a course use, in turn. The seed says which mix.
var mixes = [][]client.Transport{
	{client.WebSocket},
	{client.Stream},
	{client.Poll},
	{client.WebSocket, client.Stream, client.Poll, client.Auto},
}

// courses plays a test by chance, each time with another seed. play gives how
// many messages went.
func courses(t *testing.T, times int, play func(*testing.T, uint64) int) {
	first, began, messages := rand.Uint64()>>1, time.Now(), 0
	for i := 0; i < times || time.Since(began) < *playFor; i++ {
		n := first + uint64(i)
		if *seed != 0 {
			n = *seed
		}
		t.Run(fmt.Sprint("seed=", n), func(t *testing.T) { messages += play(t, n) })
		if *seed != 0 || t.Failed() {
			return
		}
	}
	t.Logf("%d messages, each once and in order", messages)
}

func badNetwork(t *testing.T, seed uint64) (messages int) {
	transports := mixes[seed%uint64(len(mixes))]
	within(t, games, func(w *world) {
		var players []*plays
		for i := range 4 {
			p := w.arrives(fmt.Sprint("p", i))
			players = append(players, p.joinsOver(transports[i%len(transports)], counting, p.sits(counting, nil)))
		}
		w.pass(time.Second)
		ctx, cancel := context.WithTimeout(w.Context(), 3*time.Minute)
		defer cancel()
		var done atomic.Int64
		var busy sync.WaitGroup
		for i, p := range players {
			busy.Go(func() { p.counts(ctx, rand.New(rand.NewPCG(seed, uint64(2*i))), &done) })
			busy.Go(func() { p.suffers(ctx, rand.New(rand.NewPCG(seed, uint64(2*i+1)))) })
		}
		busy.Wait()
		w.pass(30 * time.Second) // everybody is back, and what was kept has been sent

		want := counted(players[0])
		if sum := int64(len(want)); sum != done.Load() {
			w.Errorf("%d commands were answered as done, %d were", done.Load(), sum)
		}
		if done.Load() < 100 {
			w.Errorf("only %d commands were done in three minutes: the course shows nothing", done.Load())
		}
		for _, p := range players[1:] {
			if got := counted(p); !slices.Equal(got, want) {
				w.Errorf("%s heard %d events, %s heard %d: they must be the same, in the same order", p.name, len(got), players[0].name, len(want))
			}
		}
		if v, _ := last[wire.Snapshot](players[0], "views come"); int64(v.View.(sum).Sum) != done.Load() {
			w.Errorf("the sum is %d, want %d", v.View.(sum).Sum, done.Load())
		}
		messages = 2*int(done.Load()) + len(players)*len(want) // commands are answered
	})
	return messages
}

// counts counts up by one, again and again, and keeps count of what was done.
func (s *plays) counts(ctx context.Context, dice *rand.Rand, done *atomic.Int64) {
	for ctx.Err() == nil {
		// The answer may take as long as the network is away: never give up.
		if err := s.Command(s.Context(), count{By: 1}); err != nil {
			s.Errorf("%s: %v", s.name, err)
			return
		}
		done.Add(1)
		time.Sleep(time.Duration(dice.IntN(2000)) * time.Millisecond)
	}
}

// suffers cuts and pulls the cable, never for as long as the grace.
func (s *plays) suffers(ctx context.Context, dice *rand.Rand) {
	for ctx.Err() == nil {
		time.Sleep(5*time.Second + time.Duration(dice.IntN(8000))*time.Millisecond) // the longest pause between two tries is 4 s here
		switch dice.IntN(3) {
		case 0:
			s.cable.cut()
		default:
			s.cable.pull(true)
			time.Sleep(time.Duration(dice.IntN(20000)) * time.Millisecond)
			if dice.IntN(2) == 0 {
				s.cable.cut() // what was swallowed is lost
			}
			s.cable.pull(false)
		}
	}
}

// counted is the events a player heard.
func counted(s *plays) []Counted {
	events, _ := all[wire.Event](s)
	var heard []Counted
	for _, e := range events {
		heard = append(heard, e.Data.(Counted))
	}
	return heard
}
