package replay_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/net/wire"
)

func TestAScreeningShowsTheMatchAsItWasPlayed(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		v := h.watches(h.opens(r))
		heard := v.takes()
		w, ok := heard[0].(wire.Welcome)
		if !ok || len(heard) != 2 {
			t.Fatalf("heard %+v, want welcome and a snapshot", heard)
		}
		equal(t, fmt.Sprint(w.Game, w.Seat, w.Tick, w.TickRate, w.SnapshotRate, w.Options), "tally-1 5 10 5 [{walls 3}]", "welcome is that of a watcher, where the match begins")
		same(t, w.Members, []wire.Member{{Seat: 0, State: game.Taken, Name: "Ann"}, {Seat: 1, State: game.Taken, Name: "Ben"}}, "with who plays")
		equal(t, heard[1], wire.Message(wire.Snapshot{Tick: begins, View: sum{0, -1}}), "there is something to see at once")

		pass(time.Duration(r.Ticks()-begins)*time.Second/10 - time.Millisecond)
		before := v.takes()
		equal(t, len(of[wire.Over](before)), 0, "it takes as long as it took")
		pass(time.Millisecond)
		all := append(before, v.takes()...)
		told := truthOf(t, r, game.Watcher)
		same(t, of[wire.Event](all), told.between(begins, r.Ticks()), "every event, once and in order")
		for i, s := range of[wire.Snapshot](all) {
			equal(t, s.View, told.views[s.Tick], "a view is as it was")
			if want := game.Tick(begins + 2 + 2*i); s.Tick < r.Ticks() && s.Tick+1 != want && s.Tick != want {
				t.Errorf("snapshot %d is of tick %d; want one every other tick, as the game has it", i, s.Tick)
			}
		}
		end := all[len(all)-2:]
		equal(t, end[0], wire.Message(wire.Snapshot{Tick: 400, View: sum{told.views[400].(sum).Sum, -1}}), "the last state is shown")
		over, ok := end[1].(wire.Over)
		if !ok {
			t.Fatalf("the last word is %+v, want over", end[1])
		}
		equal(t, fmt.Sprintf("%d %s %s", over.Tick, over.Ending, over.Reason), "400 finished asked", "the end is the one that was kept")
		same(t, over.Standings, []wire.Standing{{Seat: 0, Name: "Ann", Place: 1, Score: told.views[400].(sum).Sum}, {Seat: 1, Name: "Ben", Place: 2}}, "and so are the places")
		equal(t, len(of[wire.Notice](all)), 0, "there is nothing to say against it")
		pass(time.Minute)
		equal(t, len(v.takes()), 0, "the end is told once")
	})
}

func TestAPauseStandsStillAndPlayGoesOn(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		v := h.watches(h.opens(r))
		pass(5 * time.Second)
		v.takes()
		v.wishes(wire.Here, 0, game.Watcher)
		same(t, ticksOf(v.takes()), []game.Tick{begins + 50}, "who pauses sees where")
		pass(10 * time.Minute)
		equal(t, len(v.takes()), 0, "nothing happens in a pause")
		v.wishes(wire.Here, 100, game.Watcher)
		pass(time.Second)
		told := truthOf(t, r, game.Watcher)
		same(t, of[wire.Event](v.takes()), told.between(begins+50, begins+60), "it goes on where it stood")
	})
}

func TestFourTimesAsFastIsAQuarterOfTheTime(t *testing.T) {
	for _, c := range []struct {
		speed uint
		takes time.Duration
	}{{400, 10 * time.Second}, {800, 5 * time.Second}, {50, 80 * time.Second}, {30, 133500 * time.Millisecond}} {
		show(t, func(h *theater) {
			r := aMatch(t)
			v := h.watches(h.opens(r))
			v.takes()
			v.wishes(0, c.speed, game.Watcher)
			v.takes()
			pass(c.takes - 200*time.Millisecond)
			heard := v.takes()
			equal(t, len(of[wire.Over](heard)), 0, fmt.Sprintf("at %d %% it takes %v", c.speed, c.takes))
			pass(200 * time.Millisecond)
			heard = append(heard, v.takes()...)
			equal(t, len(of[wire.Over](heard)), 1, fmt.Sprintf("at %d %% it takes %v", c.speed, c.takes))
			same(t, of[wire.Event](heard), truthOf(t, r, game.Watcher).between(0, r.Ticks()), "no event is skipped, however fast")
			if n, most := len(of[wire.Snapshot](heard)), int(5*c.takes/time.Second)+1; n > most {
				t.Errorf("%d snapshots in %v at %d %%: want at most %d, the game's rate is for eyes and wires", n, c.takes, c.speed, most)
			}
		})
	}
}

func TestSeekingShowsAtOnceAndTellsNothingOfTheWay(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		told := truthOf(t, r, game.Watcher)
		v := h.watches(h.opens(r))
		v.takes()
		for _, to := range []game.Tick{300, 17, 18, 0, 399, 1, 200} {
			before := time.Now()
			v.wishes(to, 0, game.Watcher)
			heard := v.takes()
			equal(t, time.Since(before), 0, "no time passes")
			same(t, of[wire.Snapshot](heard), []wire.Snapshot{{Tick: to, View: told.views[to]}}, "the state there is shown")
			equal(t, len(of[wire.Event](heard)), 0, "events of what was passed over are not told")
		}
		v.wishes(201, 100, game.Watcher)
		v.takes()
		pass(10 * time.Second)
		same(t, of[wire.Event](v.takes()), told.between(201, 301), "from there it plays on")
	})
}

func TestSeatsAreAsTheyWereThere(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		v := h.watches(h.opens(r))
		v.takes()
		v.wishes(2, 0, game.Watcher)
		same(t, of[wire.Member](v.takes()), []wire.Member{{Seat: 1, State: game.Open}}, "Ben has not come yet")
		v.wishes(0, 0, game.Watcher)
		same(t, of[wire.Member](v.takes()), []wire.Member{{Seat: 0, State: game.Open}}, "nor Ann")
		v.wishes(0, 100, game.Watcher)
		pass(time.Second)
		same(t, of[wire.Member](v.takes()), []wire.Member{{Seat: 0, State: game.Taken, Name: "Ann"}, {Seat: 1, State: game.Taken, Name: "Ben"}}, "they come as they came")
	})
}

func TestTheEndIsTakenBackByGoingBack(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		v := h.watches(h.opens(r))
		v.takes()
		for _, to := range []game.Tick{400, 1 << 30} {
			v.wishes(100, 100, game.Watcher)
			v.takes()
			v.wishes(to, 100, game.Watcher)
			heard := v.takes()
			equal(t, len(of[wire.Over](heard)), 1, "beyond the end is the end")
			equal(t, ticksOf(heard)[0], 400, "and its state")
			v.wishes(wire.Here, 0, 0)
			equal(t, len(of[wire.Over](v.takes())), 0, "who only looks with other eyes knows it already")
			v.wishes(390, 100, game.Watcher)
			equal(t, len(of[wire.Over](v.takes())), 0, "it is not over here")
			pass(time.Second)
			equal(t, len(of[wire.Over](v.takes())), 1, "and now it is again")
		}
	})
}

// TestWhateverIsWishedIsShownTruly has a viewer wish at random, and look.
func TestWhateverIsWishedIsShownTruly(t *testing.T) {
	r := aMatch(t)
	told := map[game.Seat]truth{}
	for _, seat := range []game.Seat{game.Watcher, 0, 1} {
		told[seat] = truthOf(t, r, seat)
	}
	for seed := range uint64(200) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			show(t, func(h *theater) {
				c := course{T: h.T, r: r, told: told, dice: rand.New(rand.NewPCG(seed, 0)), at: begins, seat: game.Watcher}
				c.viewer = h.watches(h.opens(r))
				c.takes()
				for range 12 {
					c.wish()
					c.look()
				}
			})
		})
	}
}

// course is what a viewer did at random, and where it should stand.
type course struct {
	*testing.T
	*viewer
	r     *replay.Record
	told  map[game.Seat]truth
	dice  *rand.Rand
	at    game.Tick
	seat  game.Seat
	speed uint
}

func (c *course) wish() {
	to := []game.Tick{wire.Here, 0, 399, 400, 401, game.Tick(c.dice.IntN(420))}[c.dice.IntN(6)]
	c.speed = []uint{0, 1, 33, 100, 250, 800}[c.dice.IntN(6)]
	c.seat = game.Seat(c.dice.IntN(4) - 1)
	c.wishes(to, c.speed, c.seat)
	if c.seat == 2 {
		c.seat = game.Watcher // there is no such seat
	}
	if to != wire.Here {
		c.at = min(to, c.r.Ticks())
	}
	got := of[wire.Snapshot](c.takes())
	if len(got) != 1 || got[0].View != c.told[c.seat].views[c.at] || got[0].Tick != c.at {
		c.T.Fatalf("wished for tick %d as seat %d, got %+v", c.at, c.seat, got)
	}
}

// look lets some beats pass.
func (c *course) look() {
	beats := c.dice.IntN(40)
	pass(time.Duration(beats)*time.Second/10 + time.Millisecond)
	heard := c.takes()
	tick, _ := c.Clock()
	if want := min(c.r.Ticks(), c.at+game.Tick(beats*int(c.speed)/100)); tick != want && tick != want+1 { // part of a tick may be owed
		c.T.Fatalf("after %d beats at %d %% from %d it stands at %d, want %d", beats, c.speed, c.at, tick, want)
	}
	last := c.at
	for _, s := range of[wire.Snapshot](heard) {
		if s.View != c.told[c.seat].views[s.Tick] || s.Tick < last || s.Tick > tick {
			c.T.Fatalf("tick %d as seat %d shown as %+v, after %d", s.Tick, c.seat, s.View, last)
		}
		last = s.Tick
	}
	same(c.T, of[wire.Event](heard), c.told[c.seat].between(c.at, tick), "the events of what was played, and no other")
	c.at = tick
}

func TestTwoViewersSeeEachTheirOwn(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		a, b := h.watches(h.opens(r)), h.watches(h.opens(r))
		a.wishes(100, 100, 0)
		b.wishes(300, 0, 1)
		a.takes()
		b.takes()
		pass(2 * time.Second)
		equal(t, len(b.takes()), 0, "one pauses")
		ticks := ticksOf(a.takes())
		equal(t, ticks[len(ticks)-1], 120, "while the other plays")
	})
}

func TestNobodyActsInAMatchThatIsOver(t *testing.T) {
	show(t, func(h *theater) {
		v := h.watches(h.opens(aMatch(t)))
		v.takes()
		v.Command(1, add{By: 5})
		v.Input(9, add{By: 5})
		v.Say(2, "hello")
		synctest.Wait()
		replies := of[wire.Reply](v.takes())
		if len(replies) != 2 || replies[0].N != 1 || replies[1].N != 2 || replies[0].Code != "watching" || replies[0].Text == "" || replies[1].Code != "watching" {
			t.Errorf("got %+v, want both refused: watching", replies)
		}
	})
}

func TestWhoIsAwayMissesNothing(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		told := truthOf(t, r, game.Watcher)
		v := h.watches(h.opens(r))
		pass(5 * time.Second)
		v.takes()
		v.Gone()
		pass(59 * time.Second)
		equal(t, len(v.takes()), 0, "it stands still")
		v.Back()
		synctest.Wait()
		heard := v.takes()
		equal(t, fmt.Sprint(ticksOf(heard), len(heard)), "[55] 1", "who comes back sees where it stands")
		pass(time.Second)
		same(t, of[wire.Event](v.takes()), told.between(55, 65), "and it goes on")
		v.Gone()
		v.Renew()
		synctest.Wait()
		heard = v.takes()
		w, ok := heard[0].(wire.Welcome)
		equal(t, fmt.Sprint(ok, w.Tick, len(w.Members), ticksOf(heard)), "true 65 2 [65]", "who lost what was told is told all anew")
	})
}

func TestAScreeningNobodyWatchesEnds(t *testing.T) {
	show(t, func(h *theater) {
		s := h.opens(aMatch(t))
		pass(59 * time.Second)
		v := h.watches(s)
		v.Gone()
		pass(61 * time.Second)
		v.closed(wire.CloseOver, "the grace is over")
		<-s.Done()
		if _, err := s.Join(&viewer{T: t}); err != replay.ErrClosed {
			t.Errorf("joined a screening that has ended: %v", err)
		}
		never := h.opens(aMatch(t))
		pass(61 * time.Second)
		<-never.Done() // or the bubble is stuck, and says so
	})
}

func TestAScreeningThatStandsStillIsNotKeptForEver(t *testing.T) {
	show(t, func(h *theater) {
		v := h.watches(h.opens(aMatch(t)))
		pass(29*time.Minute + 40*time.Second) // it ended after 40 s
		v.wishes(wire.Here, 0, game.Watcher)
		pass(29 * time.Minute)
		if code, _ := v.ended(); code != 0 {
			t.Fatalf("closed with %d though something was asked half an hour ago", code)
		}
		pass(2 * time.Minute)
		v.closed(wire.CloseOver, "nobody has looked for half an hour")
	})
}

func TestTheNewerLinkTakesOver(t *testing.T) {
	show(t, func(h *theater) {
		s := h.opens(aMatch(t))
		older := h.watches(s)
		pass(5 * time.Second)
		newer := h.watches(s)
		older.closed(wire.CloseTakenOver, "a ticket has one link")
		older.Show(wire.Show{Tick: 300})
		older.Leave()
		older.Gone()
		pass(time.Second)
		heard := newer.takes()
		w, ok := heard[0].(wire.Welcome)
		equal(t, fmt.Sprint(ok, w.Tick), "true 55", "it goes on where it was, and what the older one says is nothing")
		tick, _ := newer.Clock()
		equal(t, tick, 65, "it plays")
		newer.Leave()
		synctest.Wait()
		newer.closed(wire.CloseLeft, "leaving ends it")
	})
}

func TestOfWishesOnlyTheNewestCounts(t *testing.T) {
	show(t, func(h *theater) {
		v := h.watches(h.opens(aMatch(t)))
		v.takes()
		for i := range 10_000 {
			v.Show(wire.Show{Tick: game.Tick(i) % 390, Speed: 0, Seat: 0})
		}
		v.Show(wire.Show{Tick: 123, Speed: 0, Seat: game.Watcher})
		v.wishes(wire.Here, 0, 1)
		heard := of[wire.Snapshot](v.takes())
		last := heard[len(heard)-1]
		equal(t, fmt.Sprint(last.Tick, last.View.(sum).You), "123 1", "the last wish is done, whole")
		if len(heard) > 5_000 {
			t.Errorf("%d wishes of 10,000 were done: they must not queue", len(heard))
		}
	})
}

// TestAViewerWhoAsksTooMuchIsTooBusy has others take their turns on the lane
// meanwhile.
func TestAViewerWhoAsksTooMuchIsTooBusy(t *testing.T) {
	show(t, func(h *theater) {
		h.lane = replay.NewLane(1)
		v := h.watches(h.opens(aMatch(t)))
		v.takes()
		h.lane <- struct{}{}
		v.wishes(300, 0, game.Watcher)
		taken := 0
		for n := uint32(1); v.Command(n, add{}); n++ {
			taken++
		}
		equal(t, taken, 256, "what waits is bounded")
		v.wishes(20, 0, game.Watcher)
		equal(t, len(v.takes()), 0, "it waits for its turn")
		<-h.lane
		synctest.Wait()
		heard := v.takes()
		equal(t, len(of[wire.Reply](heard)), taken, "what was taken is answered")
		ticks := ticksOf(heard)
		equal(t, ticks[len(ticks)-1], 20, "and the newest wish is done")
		h.lane <- struct{}{}
		v.wishes(300, 0, game.Watcher) // the server stops while it waits
	})
}

// stepped counts the ticks that were played, and never runs back.
var stepped int

type stepping struct{ tally }

func (s *stepping) Step(*game.Turn) { stepped++ }

func TestGoingBackPlaysFromTheNearestStateThatWasSaved(t *testing.T) {
	g := game.DefineSaved(counts(1).Info, func(*game.Turn) *stepping { return &stepping{tally{rule: 1}} })
	r := played(t, g, 400, adds)
	told := truthOf(t, r, game.Watcher)
	show(t, func(h *theater) {
		v := h.watches(h.opens(r))
		v.wishes(400, 0, game.Watcher)
		v.takes()
		for _, to := range []struct{ tick, steps game.Tick }{{350, 50}, {300, 0}, {99, 99}, {399, 99}, {200, 0}, {210, 10}, {0, 0}} {
			stepped = 0
			v.wishes(to.tick, 0, game.Watcher)
			same(t, of[wire.Snapshot](v.takes()), []wire.Snapshot{{Tick: to.tick, View: told.views[to.tick]}}, "the state there is shown")
			equal(t, game.Tick(stepped), to.steps, "a state is saved every ten seconds, and played on from")
		}
	})
}
