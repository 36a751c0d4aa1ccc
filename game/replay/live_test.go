package replay_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/battleship"
	"tickroom/game/replay"
	"tickroom/net/wire"
)

// asOf is a match as it was known when so many of its ticks were kept.
func asOf(r *replay.Record, kept game.Tick) *replay.Record {
	n := slices.IndexFunc(r.Log, func(e game.Entry) bool { return e.Tick > kept })
	if n < 0 {
		n = len(r.Log)
	}
	was := *r
	was.Log, was.Match.Ticks = r.Log[:n], uint32(kept)
	was.Match.Ending, was.Match.Reason, was.Match.StateHash = "", "", 0
	return &was
}

// plays has a match go on while it is shown: for so long, at the speed of play,
// it is kept further by a second every second. At the end of it the match ends.
func plays(s *replay.Screening, r *replay.Record, from game.Tick, seconds int) {
	second := game.Tick(r.Match.TickRate)
	for range seconds {
		pass(time.Second)
		if from += second; from >= r.Ticks() {
			s.Grow(r)
			pass(0)
			return
		}
		s.Grow(asOf(r, from))
	}
	pass(0)
}

// live opens a screening of a match of which so many ticks are kept.
func (h *theater) live(r *replay.Record, kept game.Tick, delay time.Duration) (*replay.Screening, *viewer) {
	h.Helper()
	s := h.opensLate(asOf(r, kept), delay)
	return s, h.watches(s)
}

func codes(heard []wire.Message) string {
	var all []string
	for _, n := range of[wire.Notice](heard) {
		all = append(all, n.Code)
	}
	return fmt.Sprint(all)
}

func TestAMatchThatRunsIsShownAsItIsPlayedToItsEnd(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		told := truthOf(t, r, game.Watcher)
		s, v := h.live(r, 100, 0)
		heard := v.takes()
		same(t, ticksOf(heard), []game.Tick{80}, "who comes is shown what is played, two seconds behind what is kept")
		equal(t, codes(heard), "[live]", "and told so")
		plays(s, r, 100, 20)
		heard = v.takes()
		same(t, of[wire.Event](heard), told.between(80, 280), "second by second, without a hole")
		equal(t, codes(heard), "[]", "it stays live")
		for _, m := range of[wire.Snapshot](heard) {
			equal(t, m.View, told.views[m.Tick], "and is what it was")
		}
		plays(s, r, 300, 30)
		heard = v.takes()
		equal(t, codes(heard), "[ended]", "there is no more to come")
		equal(t, len(of[wire.Over](heard)), 0, "but it is shown to the end in its time")
		pass(10 * time.Second)
		all := append(heard, v.takes()...)
		same(t, of[wire.Event](all), told.between(280, 400), "to the last event")
		over := of[wire.Over](all)
		if len(over) != 1 || over[0].Reason != "asked" || over[0].Tick != 400 || over[0].Standings[0].Name != "Ann" {
			t.Errorf("over %+v, want the stored result, once", over)
		}
		v.wishes(50, 100, 0)
		same(t, ticksOf(v.takes()), []game.Tick{50}, "from then on it is a match that has ended")
	})
}

func TestNothingIsShownThatIsNotKept(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		s, v := h.live(r, 100, 0)
		pass(time.Minute)
		heard := v.takes()
		equal(t, slices.Max(ticksOf(heard)), 100, "it waits at what is kept")
		same(t, of[wire.Event](heard), truthOf(t, r, game.Watcher).between(80, 100), "and tells no more")
		for _, to := range []game.Tick{101, 399, 400, wire.Here - 1} {
			v.wishes(to, 800, game.Watcher)
			same(t, ticksOf(v.takes()), []game.Tick{100}, "nor when it is asked for")
		}
		s.Grow(asOf(r, 110))
		pass(3 * time.Second)
		heard = v.takes()
		equal(t, slices.Max(ticksOf(heard)), 110, "when more is kept it goes on")
		if first := slices.Min(ticksOf(heard)); first > 102 {
			t.Errorf("it goes on with tick %d: what was owed while it waited is not made up for", first)
		}
	})
}

func TestWhoGoesBackComesToTheLiveEdgeAgain(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		told := truthOf(t, r, game.Watcher)
		s, v := h.live(r, 200, 0)
		v.takes()
		v.wishes(20, 100, game.Watcher)
		heard := v.takes()
		same(t, ticksOf(heard), []game.Tick{20}, "back is possible")
		equal(t, codes(heard), "[behind]", "and is not live")
		v.wishes(wire.Here, 0, game.Watcher)
		v.takes()
		plays(s, r, 200, 4)
		equal(t, len(v.takes()), 0, "a pause stands still though the match does not")
		v.wishes(wire.Here, 800, game.Watcher)
		plays(s, r, 240, 4)
		heard = v.takes()
		equal(t, codes(heard), "[live]", "eight times as fast it is soon there")
		last := slices.Max(ticksOf(heard))
		if events := of[wire.Event](heard); !slices.Equal(events, told.between(20, last)) {
			t.Errorf("heard %v on the way, want all to tick %d", events, last)
		}
		plays(s, r, 280, 5)
		heard = v.takes()
		equal(t, codes(heard), "[]", "it stays there")
		if n := slices.Max(ticksOf(heard)) - last; n < 45 || n > 55 {
			t.Errorf("%d ticks in 5 s: at the live edge it goes at the speed of play", n)
		}
		v.wishes(wire.Here, 0, game.Watcher)
		equal(t, codes(v.takes()), "[behind]", "who pauses is live no more")
		plays(s, r, 330, 3)
		v.wishes(wire.Here-1, 100, game.Watcher)
		heard = v.takes()
		same(t, ticksOf(heard), []game.Tick{340}, "beyond the end is the live edge")
		equal(t, codes(heard), "[live]", "and that is told")
	})
}

func TestADelayIsKeptWhateverIsAskedUntilTheMatchIsOver(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		s, v := h.live(r, 60, 10*time.Second)
		same(t, ticksOf(v.takes()), []game.Tick{0}, "ten seconds ago it had not begun")
		for kept := game.Tick(70); kept < 390; kept += 10 {
			pass(time.Second)
			s.Grow(asOf(r, kept))
			v.wishes(wire.Here-1, 800, game.Watcher)
			for _, tick := range ticksOf(v.takes()) {
				if tick+100 > max(kept, 100) {
					t.Fatalf("tick %d is shown when %d are kept, want it 100 ticks late", tick, kept)
				}
			}
		}
		s.Grow(r)
		v.wishes(wire.Here-1, 100, game.Watcher)
		same(t, ticksOf(v.takes()), []game.Tick{400}, "then nothing is held back")
	})
}

// TestWhatRulesHideIsHiddenUntilTheMatchIsOver from who asks for a seat's eyes,
// byte for byte.
func TestWhatRulesHideIsHiddenUntilTheMatchIsOver(t *testing.T) {
	r := aBattle(t)
	told := truthOf(t, r, game.Watcher)
	for _, delay := range []time.Duration{0, 5 * time.Second} {
		show(t, func(h *theater) {
			s, v := h.live(r, 60, delay)
			for n := 0; n < int(r.Ticks()-61); n += 5 {
				s.Grow(asOf(r, 60+game.Tick(n)))
				for _, to := range []game.Tick{wire.Here, 10, wire.Here - 1} {
					v.wishes(to, 100, game.Seat(n%2))
				}
				pass(time.Second)
			}
			heard := v.takes()
			shown := of[wire.Snapshot](heard)
			if len(shown) < 50 {
				t.Fatalf("%d snapshots: this test shows nothing", len(shown))
			}
			for _, m := range shown {
				for side, fleet := range m.View.(battleship.View).Sides {
					if want := told.views[m.Tick].(battleship.View).Sides[side]; len(fleet.Ships) != len(want.Ships) {
						t.Fatalf("tick %d shows %d ships of side %d, want %d as to who watches", m.Tick, len(fleet.Ships), side, len(want.Ships))
					}
				}
			}
			s.Grow(r)
			v.takes()
			v.wishes(10, 0, 1)
			sides := of[wire.Snapshot](v.takes())[0].View.(battleship.View).Sides
			equal(t, fmt.Sprint(len(sides[0].Ships), len(sides[1].Ships)), "0 5", "the match is over: now any player's eyes are to be had")
		})
	}
}

func TestAViewerWhoWasAwayIsToldHowItStands(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		s, v := h.live(r, 200, 0)
		pass(time.Second)
		v.takes()
		v.Gone()
		plays(s, r, 200, 10)
		equal(t, len(v.takes()), 0, "nobody is told")
		v.Back()
		pass(0)
		heard := v.takes()
		same(t, ticksOf(heard), []game.Tick{190}, "it stood still")
		equal(t, codes(heard), "[behind]", "which is not live any more")
		v.Gone()
		pass(time.Second)
		s.Grow(r)
		v.Renew()
		pass(0)
		equal(t, codes(v.takes()), "[ended]", "and meanwhile the match has ended")
	})
}

// TestAMatchThatEndsWhereItIsShown is one that everybody had left: no tick more
// comes, and the end is told nevertheless, paused or not.
func TestAMatchThatEndsWhereItIsShown(t *testing.T) {
	for _, speed := range []uint{100, 0} {
		show(t, func(h *theater) {
			r := played(t, counts(1), 100, func(*game.Match, game.Tick) {})
			s, v := h.live(r, 100, 0)
			pass(5 * time.Second)
			v.wishes(wire.Here, speed, game.Watcher)
			v.takes()
			s.Grow(r)
			pass(time.Second)
			heard := v.takes()
			equal(t, len(of[wire.Over](heard)), 1, fmt.Sprintf("at %d %%", speed))
			equal(t, codes(heard), "[ended]", "it is all there is")
		})
	}
}

// TestAForgottenPauseIsPutAway though the match goes on: that is not the viewer.
func TestAForgottenPauseIsPutAway(t *testing.T) {
	show(t, func(h *theater) {
		r := aMatch(t)
		s, v := h.live(r, 100, 0)
		v.wishes(wire.Here, 0, game.Watcher)
		for n := range game.Tick(60) {
			pass(29*time.Second + 900*time.Millisecond)
			s.Grow(asOf(r, 100+n))
		}
		if code, _ := v.ended(); code != 0 {
			t.Errorf("closed with %d before thirty minutes had gone", code)
		}
		pass(time.Minute)
		v.closed(wire.CloseOver, "nobody asked for anything")
	})
}

func TestABuildThatEndsTheMatchEarlierSaysSo(t *testing.T) {
	show(t, func(h *theater) {
		r := played(t, counts(1), 100, func(m *game.Match, coming game.Tick) {
			if coming == 50 {
				m.Apply(0, add{By: 1, End: true})
			}
		})
		goesOn := asOf(r, 50)
		goesOn.Match.Ticks = 90
		v := h.watches(h.opens(goesOn))
		v.closed(wire.CloseFailed, "the match went on where these rules end it")
	})
}
