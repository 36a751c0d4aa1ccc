package main

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// Losing a connection and coming back, as Colyseus asks it of its rooms
// (RoomReconnection), asked of the whole server. Each of its cases, and what
// shows it here:
//
//	comes back after an abnormal close                 TestCutConnectionComesBackAtOnce, TestWhoCameBackCanLeaveForGood
//	the room turns away who comes back                 TestWhoComesBackAfterTheEndIsToldHowItEnded
//	an error while coming back                         TestRulesThatBreakWhenSomebodyComesBackEndTheirRoomAlone
//	what was asked meanwhile is sent, in order         TestWhatIsAskedWhileAwayIsDoneInOrder
//	state goes on, nothing is told a second time       TestWhoComesBackHasTheirSeatTheirNameAndWhatTheyDid
//	replaces a connection that is still there          TestSecondTabTakesOverAndTheFirstDoesNotFightBack
//	comes back while the server believes in the old    TestAConnectionThatOnlyTheServerBelievesInIsReplaced
//	the old one's late end does not end the newer      the same
//	no seat for who knows its name and no secret       TestForeignTicketOpensNothing (game/room)
//	when the network is there again                    "does not wait out its pause when the network returns" (dialer.test.ts)
//	the older way: held when leaving is not meant      TestPulledCableIsNoticedWithinTwelveSecondsAndTheSeatIsHeld
//	holding the seat is called off                     TestASeatGivenUpFromElsewhereIsNotComeBackTo
//	dropped, and nobody holds the seat                 TestSeatIsGivenUpWhenTheGraceIsOver, TestWhoIsAwayLongerThanTheGraceIsToldWhy
//	dropped right after joining                        TestWhoIsCutBeforeTheyHeardAnythingMissesNothing
//	leaving on purpose                                 TestWhoCameBackCanLeaveForGood
//
// And two that it does not ask: TestAReloadSitsOnTheSameSeatAndIsToldAllAnew,
// since a page remembers its ticket alone, and TestEverybodyCutAtOnceIsBackAtOnce.

func TestWhoCameBackCanLeaveForGood(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.cut()
		w.pass(time.Second)
		ann.sees(1, game.Taken, "Bob is back")
		if err := bob.Leave(w.Context()); err != nil {
			t.Errorf("Bob leaves: %v", err)
		}
		w.pass(tick)
		bob.closedWith(wire.CloseLeft, "he left")
		ann.sees(1, game.Open, "leaving is not dropping: nothing is held for him")
		if err := ann.Leave(w.Context()); err != nil {
			t.Errorf("Ann leaves: %v", err)
		}
		w.pass(time.Minute)
		var match struct{ Ending string }
		ann.call("GET", "/v1/matches/"+ann.ticket.Room, nil, 200, &match)
		if match.Ending != "empty" {
			t.Errorf("the match is kept as %q, want empty: nobody was left, and nobody was expected", match.Ending)
		}
	})
}

func TestWhoComesBackAfterTheEndIsToldHowItEnded(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		if err := ann.Command(w.Context(), count{By: 7, End: true}); err != nil {
			t.Fatal(err)
		}
		w.pass(20 * time.Second)
		never[wire.Over](bob, "his cable is out")
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		overs, _ := all[wire.Over](bob)
		if len(overs) != 1 || overs[0].Reason != "asked" {
			t.Errorf("Bob was told %v, want the end once", overs)
		}
		refused, ok := errors.AsType[*game.Refusal](bob.Command(w.Context(), count{By: 1}))
		if !ok || refused.Code != "over" {
			t.Errorf("Bob plays on: %v, want refused: it is over", refused)
		}
	})
}

func TestRulesThatBreakWhenSomebodyComesBackEndTheirRoomAlone(t *testing.T) {
	within(t, game.NewCatalog(counting, brittle), func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(brittle, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(20 * time.Second)
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		bob.closedWith(wire.CloseFailed, "the rules could not take him back")
		if over, _ := last[wire.Over](bob, "he is told, not left trying"); over.Ending != "failed" {
			t.Errorf("Bob was told %q, want failed", over.Ending)
		}
		if err := ann.Command(w.Context(), count{By: 1}); err != nil {
			t.Errorf("Ann, in another room: %v", err)
		}
	})
}

func TestWhatIsAskedWhileAwayIsDoneInOrder(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(13 * time.Second)
		if len(bob.dropped()) == 0 {
			t.Fatal("Bob's client believes that it is connected: the story shows nothing")
		}
		const many = 20
		answers := make(chan error, many)
		var want []Counted
		for i := range many {
			go func() { answers <- bob.Command(w.Context(), count{By: i}) }()
			w.pass(0) // it is kept before the next is asked
			want = append(want, Counted{1, i})
		}
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		for range many {
			if err := <-answers; err != nil {
				t.Errorf("asked while away: %v, want done", err)
			}
		}
		if got := counted(ann); !slices.Equal(got, want) {
			t.Errorf("Ann heard %v, want all %d, each once, in the order asked", got, many)
		}
	})
}

// A phone changes its network: its old connection is dead, but nobody tells the
// server, to which it looks well as long as it may be silent.
func TestAConnectionThatOnlyTheServerBelievesInIsReplaced(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		phone := newPhone(w.arrives("Bob"))
		phone.joins(w)
		w.pass(time.Second)
		phone.radio.Load().lost.Store(true)
		roamed := time.Now()
		if err := ann.Command(w.Context(), count{By: 5}); err != nil {
			t.Fatal(err)
		}
		w.pass(14 * time.Second)
		if len(phone.dropped()) == 0 {
			t.Fatal("the phone did not notice: the story shows nothing")
		}
		if told := ann.sees(1, game.Taken, "Bob is here"); told.After(roamed) {
			t.Error("Ann was told that Bob went and came: his newer connection replaced one that was believed in")
		}
		if got := counted(phone.plays); !slices.Equal(got, []Counted{{0, 5}}) {
			t.Errorf("Bob heard %v, want what was said to the dead connection, once", got)
		}
		w.pass(time.Minute)
		if drops := phone.dropped(); len(drops) != 1 {
			t.Errorf("the phone was dropped with %v, want once: the old connection's end is not the newer one's", drops)
		}
		if welcomes, _ := all[wire.Welcome](phone.plays); len(welcomes) != 1 {
			t.Errorf("Bob was welcomed %d times, want once: it is the same conversation", len(welcomes))
		}
	})
}

func TestASeatGivenUpFromElsewhereIsNotComeBackTo(t *testing.T) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(20 * time.Second)
		bob.call("DELETE", "/v1/rooms/"+bob.ticket.Room+"/seats/me", nil, 204, nil)
		w.pass(tick)
		ann.sees(1, game.Open, "given up is given up, whoever's cable is out")
		bob.cable.pull(false)
		w.pass(10 * time.Second)
		bob.closedWith(wire.CloseTicket, "his ticket is worth nothing any more, and trying on would not help")
	})
}

func TestWhoIsAwayLongerThanTheGraceIsToldWhy(t *testing.T) {
	within(t, games, func(w *world) {
		w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob").comes(counting, nil)
		w.pass(time.Second)
		bob.cable.pull(true)
		w.pass(3 * time.Minute)
		if err := bob.Err(); !errors.Is(err, client.ErrTooLate) {
			t.Errorf("Bob's client ended with %v, want that the server could not be reached while the seat was kept", err)
		}
	})
}

func TestAReloadSitsOnTheSameSeatAndIsToldAllAnew(t *testing.T) {
	within(t, games, func(w *world) {
		w.arrives("Ann").comes(counting, nil)
		bob := w.arrives("Bob")
		page := bob.comes(counting, nil)
		w.pass(time.Second)
		if err := page.Command(w.Context(), count{By: 4}); err != nil {
			t.Fatal(err)
		}
		page.Close()
		w.pass(5 * time.Second)
		again := bob.joins(counting, page.ticket)
		w.pass(time.Second)
		if got, want := again.Welcome().Seat, page.Welcome().Seat; got != want {
			t.Errorf("after the reload Bob sits on %d, want %d, his own", got, want)
		}
		if v, _ := last[wire.Snapshot](again, "a view follows the welcome"); v.View.(sum).Sum != 4 {
			t.Errorf("after the reload Bob sees %v, want 4", v.View)
		}
		if heard := counted(again); len(heard) > 0 {
			t.Errorf("after the reload Bob heard %v: what the old page was told is in the view", heard)
		}
	})
}

func TestEverybodyCutAtOnceIsBackAtOnce(t *testing.T) {
	within(t, games, func(w *world) {
		var players []*plays
		for _, name := range []string{"Ann", "Bob", "Cid", "Dot"} {
			players = append(players, w.arrives(name).comes(counting, nil))
		}
		w.pass(time.Second)
		for _, s := range players {
			s.cable.cut()
		}
		w.pass(time.Second)
		if err := players[0].Command(w.Context(), count{By: 1}); err != nil {
			t.Fatal(err)
		}
		w.pass(tick)
		for _, s := range players {
			if got := counted(s); !slices.Equal(got, []Counted{{0, 1}}) {
				t.Errorf("%s heard %v, want the event: all are back within a second", s.name, got)
			}
			for seat := range game.Seat(len(players)) {
				s.sees(seat, game.Taken, "all are back")
			}
		}
	})
}

// brittle is a game whose rules break when somebody comes back.
type brittleRules struct {
	counter
	came bool
}

func (b *brittleRules) Seat(_ *game.Turn, _ game.Seat, s game.SeatState) {
	if b.came && s == game.Taken {
		panic("nobody comes back here")
	}
	b.came = b.came || s == game.Taken
}

var brittle = game.Define(game.Info{
	Name: "brittle", Title: "Brittle", Version: 1, Seats: 4, TickRate: 20, Late: true, Events: []any{Counted{}},
}, func(*game.Turn) *brittleRules { return new(brittleRules) })

// phone is a player who can change networks: a connection of before is dead, and
// the server is not told.
type phone struct {
	*plays
	player *player
	radio  atomic.Pointer[radio] // of the newest connection
}

func newPhone(p *player) *phone { return &phone{player: p} }

func (p *phone) joins(w *world) {
	w.Helper()
	p.plays = &plays{player: p.player, game: counting, ticket: p.player.sits(counting, nil), deaf: gate{make(chan struct{}, 1)}}
	cfg := p.config()
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
		c, err := w.dial(&p.plays.cable)
		r := &radio{Conn: c}
		p.radio.Store(r)
		return r, err
	}
	var err error
	if p.Client, err = client.Join(w.Context(), cfg); err != nil {
		w.Fatal(err)
	}
	w.guests = append(w.guests, p.plays)
}

// radio is a phone's end of a connection. Lost, it neither hears nor is heard,
// and closing it tells nobody.
type radio struct {
	net.Conn
	lost atomic.Bool
}

func (r *radio) Read(b []byte) (int, error) {
	for {
		n, err := r.Conn.Read(b)
		if err != nil || !r.lost.Load() {
			return n, err
		}
	}
}

func (r *radio) Write(b []byte) (int, error) {
	if r.lost.Load() {
		return len(b), nil
	}
	return r.Conn.Write(b)
}

func (r *radio) Close() error {
	if r.lost.Load() {
		return r.SetDeadline(time.Now()) // who reads from it is let go
	}
	return r.Conn.Close()
}
