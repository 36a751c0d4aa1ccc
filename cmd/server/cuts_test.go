package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	proxy "tickroom/net/cable"
	"tickroom/net/wire"
)

var long = flag.Bool("long", false, "let networks and databases be away for as long as real ones are")

// The arena over real sockets, each player behind a cable of their own, through
// everything that can be done to one. What was done is told by the log that is
// kept, and what was to be heard by playing it again.
func TestArenaIsPlayedThroughFiftyCuts(t *testing.T) {
	courses(t, 1, func(t *testing.T, seed uint64) (messages int) {
		c := course{seed: seed, longest: time.Second}
		c.line = proxy.Line{Delay: 10 * time.Millisecond, Jitter: 20 * time.Millisecond, Rate: 512 << 10}
		if *long {
			c.longest, c.between = 8*time.Second, 6*time.Second
		}
		_, messages = playThroughCuts(t, c)
		return messages
	})
}

const (
	fighters    = 10
	cutsOfEach  = 5
	leastEvents = 30 // that a story goes on for: in fewer there is nothing to lose

	// How long we wait for what must come to pass: far longer than it takes.
	comeBackBy = 30 * time.Second
	arriveBy   = 10 * time.Second
)

// course is what a story of cuts is made of.
type course struct {
	seed    uint64
	line    proxy.Line
	longest time.Duration // that the network is away
	between time.Duration // two cuts: clients hesitate to come back to what never holds
}

// harm is something done to a cable.
type harm struct {
	name  string
	lasts bool // until the cable is plugged in
	begin func(*proxy.Cable, *rand.Rand) <-chan struct{}
}

// harms are all there are. What begin gives is closed when it has begun; nil is
// at once.
var harms = []harm{
	{"reset", false, func(c *proxy.Cable, _ *rand.Rand) <-chan struct{} { c.Cut(); return nil }},
	{"refused", true, func(c *proxy.Cable, _ *rand.Rand) <-chan struct{} { c.Refuse(); c.Cut(); return nil }},
	{"black hole", true, func(c *proxy.Cable, _ *rand.Rand) <-chan struct{} { c.Pull(proxy.Both); return nil }},
	{"half-open up", true, func(c *proxy.Cable, _ *rand.Rand) <-chan struct{} { c.Pull(proxy.Up); return nil }},
	{"half-open down", true, func(c *proxy.Cable, _ *rand.Rand) <-chan struct{} { c.Pull(proxy.Down); return nil }},
	{"mid-frame up", false, func(c *proxy.Cable, d *rand.Rand) <-chan struct{} { return c.CutAfter(1+d.IntN(100), proxy.Up) }},
	{"mid-frame down", false, func(c *proxy.Cable, d *rand.Rand) <-chan struct{} { return c.CutAfter(1+d.IntN(2000), proxy.Down) }},
}

// comeback is how long it took to be back after one cut.
type comeback struct {
	harm  string
	woken bool // the client was told when the network was back, as a browser tells
	took  time.Duration
	rtt   time.Duration
}

// playThroughCuts plays one story: everybody comes, is cut, comes back; then
// what everybody did and heard is held against what was kept.
func playThroughCuts(t testing.TB, c course) (all []comeback, messages int) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "tickroom.db")
	b := opens(t, database)
	defer b.stop()
	watcher := b.comes("watcher", nil)
	for i := range fighters {
		f := b.comes(fmt.Sprint("fighter ", i), rand.New(rand.NewPCG(c.seed, uint64(i))))
		f.cable.Set(c.line)
	}
	if err := watcher.client.Say(t.Context(), begin); err != nil {
		t.Fatal(err)
	}

	var busy, suffering sync.WaitGroup
	suffered := make([][]comeback, fighters)
	for i, f := range b.fighters() {
		busy.Go(f.steers)
		busy.Go(f.talks)
		for n := range commanders {
			busy.Go(func() { f.acts(n) })
		}
		suffering.Go(func() { suffered[i] = f.suffersAll(c, i, watcher) })
	}
	suffering.Wait()
	watcher.until(time.Minute, "told enough", func(s senses) bool { return len(eventsIn(s.heard)) > leastEvents })
	close(b.enough)
	busy.Wait()
	for _, f := range b.fighters() {
		f.heardAllOf(watcher, "in the end")
		f.sitsWhereTheySat()
	}
	b.stop()
	b.holds(watcher, database)
	return slices.Concat(suffered...), b.messages()
}

// suffersAll has each fighter suffer other harms, in an order of their own, so
// that together they suffer all, each woken as often as not.
func (f *fighter) suffersAll(c course, i int, watcher *fighter) (all []comeback) {
	for _, n := range f.dice.Perm(cutsOfEach) {
		number := i + n*fighters
		h, woken := harms[number%len(harms)], number/len(harms)%2 == 0
		away := time.Duration(f.dice.Int64N(int64(c.longest)))
		time.Sleep(c.between)
		back, ok := f.suffers(h, away, woken)
		if !ok || !f.heardAllOf(watcher, "after "+h.name) {
			return all
		}
		all = append(all, back)
	}
	return all
}

// suffers does a harm to a fighter's cable, and wants them back.
func (f *fighter) suffers(h harm, away time.Duration, woken bool) (comeback, bool) {
	connections, rtt := f.now().connections, f.client.RTT()
	if begun := h.begin(f.cable, f.dice); begun != nil {
		select {
		case <-begun:
		case <-time.After(arriveBy):
			f.Errorf("%s: nothing was said that could be cut, %s", f.name, h.name)
			return comeback{}, false
		}
	}
	if h.lasts {
		time.Sleep(away)
		f.cable.Plug()
	}
	back := time.Now()
	if woken {
		f.client.Wake()
	}
	if !f.until(comeBackBy, "back after "+h.name, func(s senses) bool { return s.connections > connections }) {
		return comeback{}, false
	}
	s := f.now()
	return comeback{h.name, woken, s.firstView.Sub(back), rtt}, f.goesOn(s, h)
}

// goesOn wants all to flow again.
func (f *fighter) goesOn(since senses, h harm) bool {
	return f.until(arriveBy, "heard and answered after "+h.name, func(s senses) bool {
		return s.tick > since.tick && s.done > since.done && s.welcomes == 1
	})
}

// heardAllOf wants a fighter to hear all that the watcher, whose cable is good,
// has heard by now: the same, in the same order.
func (f *fighter) heardAllOf(watcher *fighter, when string) bool {
	want := watcher.now().heard
	if !f.until(arriveBy, "told all "+when, func(s senses) bool { return len(s.heard) >= len(want) }) {
		return false
	}
	got := f.now().heard
	for i := range want {
		if got[i] != want[i] {
			f.Errorf("%s heard %+v as number %d %s, others heard %+v", f.name, got[i], i, when, want[i])
			return false
		}
	}
	return true
}

// holds holds what everybody did, and what the watcher heard, against the log
// that was kept. The others heard the same as the watcher.
func (b *battle) holds(watcher *fighter, database string) {
	setup, log := b.kept(database)
	for _, f := range b.fighters() {
		for n := range commanders {
			if got, want := done(log, f.ticket.Seat, n), f.acted[n]; !slices.Equal(got, want) {
				b.Errorf("%s did %d commands, the log has %d: they must be the same, once each, in order", f.name, len(want), len(got))
			}
		}
		if got, want := watcher.lines(f.name), f.said; !slices.Equal(got, want) {
			b.Errorf("%s said %q, heard was %q", f.name, want, got)
		}
	}
	heard := eventsIn(watcher.now().heard)
	if len(heard) == 0 {
		return // which is told already
	}
	last := heard[len(heard)-1].Tick // the server stopped while this one was told
	heard = slices.DeleteFunc(heard, func(e wire.Event) bool { return e.Tick == last })
	if want := toldBetween(b.TB, setup, log, heard[0].Tick, last); !slices.Equal(heard, want) {
		b.Errorf("heard were %d events, played again the match has %d: they must be the same, in the same order", len(heard), len(want))
	}
}

// done is what the log has of the commands of one of a seat's commanders.
func done(log game.Log, seat, commander int) (all []arena.Controls) {
	for _, e := range log {
		if c, ok := e.Command.(arena.Controls); ok && int(e.Seat) == seat && !c.Fire && int(c.Aim)%commanders == commander {
			all = append(all, c)
		}
	}
	return all
}

// toldBetween is what the match says from one tick on, before another, when it
// is played again.
func toldBetween(t testing.TB, setup game.Setup, log game.Log, from, to game.Tick) (all []wire.Event) {
	t.Helper()
	m, err := arena.Game.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	for m.Tick()+1 < to {
		for ; len(log) > 0 && log[0].Tick <= m.Tick()+1; log = log[1:] {
			if log[0].Command == nil {
				m.Seat(log[0].Seat, log[0].State)
			} else if err := m.Apply(log[0].Seat, log[0].Command); err != nil {
				t.Fatalf("the log does not play again: %v", err)
			}
		}
		m.Step()
		for _, e := range m.Events() {
			if e.Tick >= from {
				all = append(all, wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data})
			}
		}
	}
	return all
}

// kept is what the store has of the match.
func (b *battle) kept(database string) (game.Setup, game.Log) {
	b.Helper()
	st, err := openStore(context.Background(), database)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	return played(b.TB, st, b.room)
}
