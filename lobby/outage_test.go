package lobby_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/lobby"
	"tickroom/store/storetest"
)

// outage is a database that is away while it is told to be.
type outage struct {
	away  atomic.Bool
	saves atomic.Int32 // tries to store a match
}

func (o *outage) on(c *lobby.Config) {
	c.Store = &storetest.Failing{Store: c.Store, Before: func(_ context.Context, method string) error {
		if method == "SaveMatch" {
			o.saves.Add(1)
		}
		if o.away.Load() {
			return errors.New("the cable is out")
		}
		return nil
	}}
}

func TestWhileTheDatabaseIsAwayPeoplePlayOn(t *testing.T) {
	var db outage
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, pair, "")
		db.away.Store(true)
		w.play(r.ID, ann, ben)
		equal(t, w.look(guest{}, r.ID).Status, "running", "nobody is told that it is over before it is stored")
		w.again(ann, r.ID).refused(409, "still-open", "nor does anything follow yet")
		if other := w.byGame(ann, pair).seat("seats need no database"); other.Room == r.ID {
			t.Error("who asks for any seat was sent back into a match that has ended")
		}
		for _, path := range []string{"", "/" + r.ID, "/" + r.ID + "/log"} {
			w.call("GET", "/v1/matches"+path, "", "").refused(503, "no-store", "what needs the database says so")
		}
		w.call("POST", "/v1/players", "", `{"name":"Cid"}`).refused(503, "no-store", "nobody becomes a player who would be forgotten")
		if strings.Contains(w.call("GET", "/v1/matches", "", "").body, "cable") {
			t.Error("what went wrong on our side was told to a stranger")
		}

		db.away.Store(false)
		tries := db.saves.Load()
		pass(10 * time.Second)
		equal(t, db.saves.Load(), tries+1, "when it is back, the result is stored once")
		equal(t, w.match(guest{}, r.ID).Reason, "done", "and can be read")
		equal(t, w.look(guest{}, r.ID).Status, "over", "now it is over")
	}, db.on)
	equal(t, db.saves.Load() > 3, true, "storing was tried again and again")
}

// TestAClientThatGoesIsNoFault of ours, and nobody is woken for it.
func TestAClientThatGoesIsNoFault(t *testing.T) {
	tell(t, func(w *world) {
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		w.do(request("GET", "/v1/matches", "", "").WithContext(ctx))
		equal(t, w.log.String(), "", "nothing is wrong here")
	})
}

func TestAPanicIsAnAnswerAndALine(t *testing.T) {
	tell(t, func(w *world) {
		a := w.call("GET", "/v1/matches", "", "")
		a.refused(500, "internal", "our mistake is said to be ours")
		equal(t, strings.Contains(a.body, "mistake"), false, "but not told")
		equal(t, strings.Contains(w.log.String(), "a mistake"), true, "it is in the log")
		w.call("GET", "/v1/games", "", "").ok(200, "the rest goes on")
	}, func(c *lobby.Config) {
		c.Store = &storetest.Failing{Store: c.Store, Before: func(_ context.Context, method string) error {
			if method == "Matches" {
				panic("a mistake")
			}
			return nil
		}}
	})
}

// TestCloseWaitsForResults of matches that are being played, and stores them.
func TestCloseWaitsForResults(t *testing.T) {
	var db outage
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, db.on)
		players := w.guests(3)
		var rooms []string
		for _, p := range players {
			r := w.open(p, house, "")
			w.join(w.byRoom(p, r.ID).seat("free"))
			rooms = append(rooms, r.ID)
		}
		pass(time.Second)
		db.away.Store(true)
		time.AfterFunc(5*time.Second, func() { db.away.Store(false) })
		began := time.Now()
		w.close("the database came back in time")
		if took := time.Since(began); took < 5*time.Second {
			t.Errorf("closed after %v, before the database was back", took)
		}
		for _, id := range rooms {
			equal(t, w.match(guest{}, id).Ending, "stopped", "a match that was being played is stored as it stood")
		}
		equal(t, len(slices.Collect(w.Rooms())), 0, "no room is left")
	})
}

func TestCloseSaysWhatWasLost(t *testing.T) {
	var db outage
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, db.on)
		ann := w.guest("Ann")
		r := w.open(ann, house, "")
		w.join(w.byRoom(ann, r.ID).seat("free"))
		pass(time.Second)
		db.away.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := w.Close(ctx)
		if err == nil || !strings.Contains(err.Error(), r.ID) || !strings.Contains(err.Error(), "cable") {
			t.Errorf("close: %v, want which match was lost and why", err)
		}
	})
}

func TestCloseDoesNotWaitForEver(t *testing.T) {
	var db outage
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, db.on)
		ann := w.guest("Ann")
		w.join(w.byGame(ann, house).seat("free"))
		pass(time.Second)
		db.away.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := w.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 rooms still open") {
			t.Errorf("close: %v, want that a room is still open", err)
		}
		pass(time.Minute) // it goes on trying for a while by itself
	})
}

func TestADrainingServerTakesNobodyIn(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, house, "")
		over := w.open(ann, solo, "")
		m := w.join(w.byRoom(ann, r.ID).seat("free"))
		w.play(over.ID, ben)
		w.Drain()
		w.call("POST", "/v1/rooms", ann.Token, `{"game":"pair"}`).refused(503, "draining", "no new rooms")
		w.byRoom(ben, r.ID).refused(503, "draining", "no new seats")
		w.byCode(ben, r.Code).refused(503, "draining", "no new seats")
		w.byGame(ben, house).refused(503, "draining", "no new seats")
		w.byGame(ben, pair).refused(503, "draining", "no new rooms")
		w.again(ben, over.ID).refused(503, "draining", "no new rooms")
		equal(t, w.look(ann, r.ID).Status, "running", "what is played goes on")
		m.Command(1, add{End: true})
		pass(time.Second)
		equal(t, w.match(guest{}, r.ID).Reason, "done", "to its end")
		w.leave(ben, over.ID).ok(204, "one may leave")
	})
}

// TestALobbyWithoutAStoreDoesNotOpen since its players could not be told apart.
func TestALobbyWithoutAStoreDoesNotOpen(t *testing.T) {
	var db outage
	db.away.Store(true)
	cfg := lobby.Config{Store: storetest.NewMemory()}
	db.on(&cfg)
	if _, err := lobby.New(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "key of tokens: the cable is out") {
		t.Errorf("new: %v, want what is missing and why", err)
	}
}

// stuck is a game whose rules never return once they are told to.
type stuck struct {
	tally
	until chan struct{}
}

func (m *stuck) Step(*game.Turn) { <-m.until }

// TestARoomThatIsStuckHoldsNobodyElseUp: its rules never return.
func TestARoomThatIsStuckHoldsNobodyElseUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until, first := make(chan struct{}), true
		g := game.Define(game.Info{Name: "maze", Title: "Maze", Seats: 4, Late: true, TickRate: 10}, func(turn *game.Turn) *stuck {
			m := &stuck{tally: tally{Points: make([]int, turn.Seats())}, until: make(chan struct{})}
			if close(m.until); first {
				m.until, first = until, false
			}
			return m
		})
		w := newWorld(t, func(c *lobby.Config) { c.Catalog = game.NewCatalog(g) })
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		in := w.byGame(ann, g).seat("the first room")
		w.join(in)
		pass(time.Second)

		began := time.Now()
		w.byRoom(ben, in.Room).refused(503, "busy", "its rules are stuck")
		equal(t, time.Since(began), 2*time.Second, "a room is given two seconds")
		began = time.Now()
		elsewhere := w.byGame(ben, g).seat("there is always a seat")
		if elsewhere.Room == in.Room {
			t.Error("seated in the room that is stuck")
		}
		equal(t, w.byGame(cid, g).seat("there is always a seat").Room, elsewhere.Room, "the next goes there at once")
		equal(t, time.Since(began), 0, "nobody waits for a room that is known to be stuck")
		w.leave(ann, in.Room).refused(503, "busy", "its rules are stuck")
		close(until)
		w.close("the rules returned at last")
	})
}
