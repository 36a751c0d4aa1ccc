package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/relay"
	"tickroom/net/wire"
)

// counter is a game of the stories: seats count up, and can break the rules.
type counter struct{ sum int }

type count struct {
	By    int
	Break bool
	End   bool
}

type sum struct{ Sum int }

type Counted struct {
	Seat game.Seat
	By   int
}

func (c *counter) Apply(t *game.Turn, s game.Seat, do count) error {
	switch {
	case do.Break:
		panic("broken on purpose")
	case do.By < 0:
		return game.Refuse("negative", "Only count up.")
	case do.End:
		t.End(game.Result{Reason: "asked", Standings: []game.Standing{{Seat: s, Place: 1, Score: c.sum}}})
	}
	c.sum += do.By
	t.Emit(Counted{s, do.By})
	return nil
}
func (c *counter) Step(*game.Turn)    {}
func (c *counter) View(game.Seat) sum { return sum{c.sum} }
func (c *counter) Save() sum          { return sum{c.sum} }
func (c *counter) Restore(s sum)      { c.sum = s.Sum }

var counting = game.DefineSaved(game.Info{
	Name: "counting", Title: "Counting", Version: 1, MinSeats: 2, Seats: 4, TickRate: 20, Late: true, Events: []any{Counted{}},
}, func(*game.Turn) *counter { return new(counter) })

const tick = time.Second / 20

var games = game.NewCatalog(counting, relay.Game)

func TestTwoPlayersMeetAndPlay(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		if ann.ticket.Room != bob.ticket.Room {
			w.Fatal("quick play opened two rooms for two players")
		}
		w.pass(time.Second)
		bob.sees(0, game.Taken, "Ann came first")
		if err := ann.Command(w.Context(), count{By: 3}); err != nil {
			w.Errorf("Ann counts: %v", err)
		}
		w.pass(tick)
		if v, _ := last[wire.Snapshot](bob, "views come"); v.View.(sum).Sum != 3 {
			w.Errorf("Bob sees %v, want 3", v.View)
		}
		if e, _ := last[wire.Event](bob, "events are for all"); e.Data != (Counted{0, 3}) {
			w.Errorf("Bob heard %v", e.Data)
		}
		refused, ok := errors.AsType[*game.Refusal](ann.Command(w.Context(), count{By: -1}))
		if !ok || refused.Code != "negative" {
			w.Errorf("counting down: %v, want refused with its reason", refused)
		}
	})
}

func TestPulledCableIsNoticedWithinTwelveSecondsAndTheSeatIsHeld(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(20 * time.Second)
		pulled := time.Now()
		bob.cable.pull(true)
		w.pass(13 * time.Second)
		noticed := ann.sees(1, game.Held, "Bob's cable is out")
		w.around(noticed.Sub(pulled), wire.DeadAfter-wire.PingEvery, wire.PingEvery+2*tick, "12 s after the last that was heard, at most one ping before the cable went")

		bob.cable.pull(false)
		w.pass(10 * time.Second)
		back := ann.sees(1, game.Taken, "Bob came back within the grace")
		if back.Sub(pulled) > time.Minute {
			w.Errorf("back after %v", back.Sub(pulled))
		}
		if welcome := bob.Welcome(); welcome.Seat != 1 {
			w.Errorf("Bob came back to seat %d, want his own, 1", welcome.Seat)
		}
		if err := bob.Command(w.Context(), count{By: 1}); err != nil {
			w.Errorf("Bob plays on: %v", err)
		}
	})
}

func TestCutConnectionComesBackAtOnce(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.cut()
		w.pass(time.Second)
		ann.sees(1, game.Taken, "the first try is at once")
		if drops := bob.dropped(); len(drops) != 1 {
			w.Errorf("Bob was dropped %d times, want once", len(drops))
		}
	})
}

func TestSeatIsGivenUpWhenTheGraceIsOver(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(13 * time.Second)
		held := ann.sees(1, game.Held, "Bob's cable is out")
		w.pass(59*time.Second - time.Since(held))
		ann.sees(1, game.Held, "59 s of 60 have passed")
		w.pass(2 * time.Second)
		open := ann.sees(1, game.Open, "the grace is over and this game's seats open again")
		w.around(open.Sub(held), time.Minute, tick, "the grace is exact to the tick")
		bob.cable.pull(false)
		w.pass(time.Minute)
		<-bob.Done()
		if bob.Err() == nil {
			w.Error("Bob's client ended without a reason")
		}
	})
}

func TestSecondTabTakesOverAndTheFirstDoesNotFightBack(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann")
		first := ann.comes(counting, nil)
		w.pass(time.Second)
		second := ann.joins(counting, ann.sits(counting, nil))
		w.pass(time.Minute)
		first.closedWith(wire.CloseTakenOver, "the second tab has the seat")
		if second.Welcome().Seat != first.Welcome().Seat {
			w.Error("the second tab sits elsewhere")
		}
		if err := second.Command(w.Context(), count{By: 1}); err != nil {
			w.Errorf("the second tab plays: %v", err)
		}
	})
}

func TestPanicInTheRulesEndsThatRoomOnly(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		cid := w.arrives("Cid").comes(counting, map[string]int{})
		dot := w.arrives("Dot").comes(relay.Game, nil)
		w.pass(time.Second)
		_ = ann.Command(w.Context(), count{Break: true})
		w.pass(time.Second)
		for _, s := range []*plays{ann, bob, cid} {
			s.closedWith(wire.CloseFailed, "their room's rules broke")
			if over, _ := last[wire.Over](s, "the reason is told"); over.Ending != "failed" {
				w.Errorf("%s was told %q", s.name, over.Ending)
			}
		}
		if err := dot.Say(w.Context(), "still here"); err != nil {
			w.Errorf("Dot, in another room: %v", err)
		}
		var match struct{ Ending, Reason string }
		ann.call("GET", "/v1/matches/"+ann.ticket.Room, nil, 200, &match)
		if match.Ending != "failed" {
			w.Errorf("the match is kept as %q, want failed", match.Ending)
		}
	})
}

func TestFloodIsCutAndTheRoomIsUnhurt(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		for range 2000 {
			if bob.Input(0, count{By: 1}) != nil {
				break
			}
		}
		w.pass(100 * time.Millisecond)
		if drops := bob.dropped(); len(drops) == 0 || drops[0].Code != wire.CloseFlood {
			w.Errorf("Bob was dropped with %v, want %d", drops, wire.CloseFlood)
		}
		if err := ann.Command(w.Context(), count{By: 1}); err != nil {
			w.Errorf("Ann: %v", err)
		}
		if views, _ := all[wire.Snapshot](ann); len(views) < 20 {
			w.Errorf("Ann saw %d views in 1.1 s at 20 a second", len(views))
		}
	})
}

func TestSlowReaderCostsItselfOnly(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(relay.Game, nil)
		bob := w.arrives("Bob").comes(relay.Game, nil)
		w.pass(time.Second)
		bob.deaf.Lock()
		slowest := time.Duration(0)
		for range 100 {
			began := time.Now()
			if err := ann.Command(w.Context(), relay.Command{To: relay.All, Name: "big", Data: make([]byte, 3<<10)}); err != nil {
				w.Fatalf("Ann is refused: %v", err)
			}
			slowest = max(slowest, time.Since(began))
			w.pass(250 * time.Millisecond)
			if len(bob.dropped()) > 0 {
				break
			}
		}
		ann.sees(1, game.Held, "what must arrive did not fit for Bob any more")
		if slowest > 2*time.Second/30 {
			w.Errorf("Ann waited %v for an answer, want a tick or two: Bob is not her business", slowest)
		}
		bob.deaf.Unlock()
		w.pass(10 * time.Second)
		ann.sees(1, game.Taken, "Bob reads again and came back")
	})
}

func TestEndIsToldOnlyWhenTheStoreHasIt(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		w.storeIsDown(true)
		answered := make(chan error, 1)
		go func() { answered <- ann.Command(w.Context(), count{By: 2, End: true}) }()
		w.pass(40 * time.Second)
		never[wire.Over](bob, "it is not stored")
		select {
		case err := <-answered:
			w.Errorf("Ann was answered %v: it could still be lost", err)
		default:
		}
		if n, _ := last[wire.Notice](bob, "people are told what they wait for"); n.Code != "keeping" {
			w.Errorf("notice %v", n)
		}
		ready := ann.ready(503)
		if ready.Keeping != 1 || ready.Store == "ok" {
			w.Errorf("readyz says %+v, want one result waiting and the store away", ready)
		}
		w.storeIsDown(false)
		w.pass(6 * time.Second)
		if err := <-answered; err != nil {
			w.Errorf("Ann ends it: %v", err)
		}
		over, _ := last[wire.Over](bob, "it is stored now")
		if over.Reason != "asked" || len(over.Standings) != 1 || over.Standings[0].Name != "Ann" {
			w.Errorf("told %+v, want Ann first", over)
		}
		var list struct{ Items []struct{ ID string } }
		ann.call("GET", "/v1/matches", nil, 200, &list)
		if len(list.Items) != 1 || list.Items[0].ID != ann.ticket.Room {
			w.Errorf("history %v, want this match once", list.Items)
		}
	})
}

func TestAStoppingServerLeavesItsMatchesToTheNext(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		if err := ann.Command(w.Context(), count{By: 2}); err != nil {
			w.Fatal(err)
		}
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 3*time.Second {
			w.Errorf("stopping took %v with players who read", took)
		}
		for _, s := range []*plays{ann, bob} {
			never[wire.Over](s, "the match goes on")
		}
		w.starts()
		if err := ann.Command(w.Context(), count{By: 3}); err != nil {
			w.Errorf("Ann goes on: %v", err)
		}
		w.pass(3 * time.Second)
		for _, s := range []*plays{ann, bob} {
			if v, _ := last[wire.Snapshot](s, "views come"); v.View.(sum).Sum != 5 {
				w.Errorf("%s sees %+v, want the sum of before and after", s.name, v)
			}
			if welcomes, _ := all[wire.Welcome](s); len(welcomes) != 1 {
				w.Errorf("%s was welcomed %d times: the conversation goes on", s.name, len(welcomes))
			}
			if got := counted(s); len(got) != 2 {
				w.Errorf("%s heard %v, want each event once", s.name, got)
			}
		}
	})
}

// kill -9, again and again, while people play: all of it is one match to them.
func TestAMatchOutlivesItsProcess(t *testing.T) {
	within(t, games, func(w *world) {
		var players []*plays
		for i := range 4 {
			players = append(players, w.arrives(fmt.Sprint("p", i)).comes(counting, nil))
		}
		w.pass(time.Second)
		ctx, cancel := context.WithTimeout(w.Context(), 3*time.Minute)
		defer cancel()
		var done atomic.Int64
		var busy sync.WaitGroup
		for i, p := range players {
			busy.Go(func() { p.counts(ctx, rand.New(rand.NewPCG(*seed, uint64(i))), &done) })
		}
		dice := rand.New(rand.NewPCG(*seed, 99))
		deaths := 0
		for ; ctx.Err() == nil; deaths++ {
			time.Sleep(time.Second + time.Duration(dice.IntN(5000))*time.Millisecond)
			w.dies()
			time.Sleep(time.Duration(dice.IntN(3000)) * time.Millisecond)
			w.starts()
		}
		busy.Wait()
		w.pass(30 * time.Second)
		want := counted(players[0])
		if sum := int64(len(want)); sum != done.Load() {
			w.Errorf("%d commands were answered as done, %d were", done.Load(), sum)
		}
		if deaths < 20 || done.Load() < 50 {
			w.Errorf("%d deaths, %d commands: this shows nothing", deaths, done.Load())
		}
		for _, p := range players {
			if got := counted(p); !slices.Equal(got, want) {
				w.Errorf("%s heard %d events, p0 heard %d: they must be the same, in the same order", p.name, len(got), len(want))
			}
			if welcomes, _ := all[wire.Welcome](p); len(welcomes) != 1 {
				w.Errorf("%s was welcomed %d times: every link goes on where it was", p.name, len(welcomes))
			}
		}
		w.Logf("%d deaths, %d commands, each done once", deaths, done.Load())
	})
}
