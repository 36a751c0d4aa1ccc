package room_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// tally is a small game: seats add to a sum.
type tally struct {
	sum  int
	seen []game.SeatState // by seat
}

type add struct {
	By    int
	Panic bool
	End   bool
	All   bool // end with a standing for every seat
}

type sum struct {
	Sum int
	You int // differs by seat in the hidden game
}

type Added struct {
	Seat game.Seat
	By   int
}

func (t *tally) Apply(turn *game.Turn, s game.Seat, c add) error {
	switch {
	case c.Panic:
		panic("asked to")
	case c.By < 0:
		return game.Refuse("negative", "Only add.")
	case c.All:
		var all []game.Standing
		for i := range turn.Seats() {
			all = append(all, game.Standing{Seat: game.Seat(i), Place: i + 1})
		}
		turn.End(game.Result{Reason: "asked", Standings: all})
	case c.End:
		turn.End(game.Result{Reason: "asked", Standings: []game.Standing{{Seat: s, Place: 1, Score: t.sum}}})
	}
	t.sum += c.By
	turn.Emit(Added{s, c.By})
	return nil
}
func (t *tally) Step(*game.Turn) {}
func (t *tally) View(s game.Seat) sum {
	return sum{t.sum, int(s)}
}
func (t *tally) Seat(_ *game.Turn, s game.Seat, state game.SeatState) { t.seen[s] = state }

// tallied is a tally put away.
type tallied struct {
	Sum  int
	Seen []game.SeatState
}

func (t *tally) Save() tallied     { return tallied{t.sum, slices.Clone(t.seen)} }
func (t *tally) Restore(s tallied) { t.sum, t.seen = s.Sum, s.Seen }

func define(change func(*game.Info)) *game.Game {
	info := game.Info{Name: "tally", Title: "Tally", Version: 1, MinSeats: 2, Seats: 2, TickRate: 10, Events: []any{Added{}}}
	if change != nil {
		change(&info)
	}
	return game.DefineSaved(info, func(t *game.Turn) *tally { return &tally{seen: make([]game.SeatState, t.Seats())} })
}

// story is one room and those who visit it, in a bubble of its own time.
type story struct {
	*testing.T
	game *game.Game
	room *room.Room
	keep func(context.Context, room.Record) error // nil keeps
	stop context.CancelFunc
	lost error

	// Guarded by mu: the room writes, the story reads.
	mu      sync.Mutex
	records []room.Record
}

func tell(t *testing.T, change func(*game.Info), f func(*story)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &story{T: t, game: define(change)}
		setup, err := s.game.Setup(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.room, err = room.New(room.Config{
			ID: uuid.NewString(), Game: s.game, Setup: setup, Key: []byte("key"),
			Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			Keep: func(ctx context.Context, r room.Record) error {
				if s.keep != nil {
					if err := s.keep(ctx, r); err != nil {
						return err
					}
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				s.records = append(s.records, r)
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		s.stop = cancel
		go func() { s.lost = s.room.Run(ctx) }()
		f(s)
		cancel()
		<-s.room.Done()
	})
}

// wait lets so much of the bubble's time pass.
func (s *story) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (s *story) take(name string) (room.Grant, error) {
	return s.room.Take(s.Context(), room.Player{ID: name, Name: name})
}

func (s *story) mustTake(name string) room.Grant {
	s.Helper()
	g, err := s.take(name)
	if err != nil {
		s.Fatalf("%s asks for a seat: %v", name, err)
	}
	return g
}

func (s *story) join(ticket string) *visitor {
	s.Helper()
	v := &visitor{story: s}
	var err error
	v.Member, err = s.room.Join(s.Context(), ticket, v)
	if err != nil {
		s.Fatalf("join: %v", err)
	}
	return v
}

// come takes a seat and joins it.
func (s *story) come(name string) *visitor {
	s.Helper()
	return s.join(s.mustTake(name).Ticket)
}

func (s *story) phase(want room.Phase, why string) {
	s.Helper()
	if got := s.room.Status().Phase; got != want {
		s.Errorf("phase is %s, want %s: %s", got, want, why)
	}
}

// visitor is a link that remembers what it was told.
type visitor struct {
	*story
	*room.Member
	name     string
	received uint32 // as a restored link is told
	acks     bool   // half of what is kept, whenever it is saved

	// Guarded by the story's mu.
	told   []wire.Message
	kept   []wire.Frame // what must arrive, since Welcome
	acked  uint32       // how much came before that
	before uint32       // and before what it was told
	closed wire.CloseCode
}

func (v *visitor) hear(f wire.Frame) {
	m, err := wire.DecodeServer(f, v.game)
	if err != nil {
		v.Errorf("frame %x: %v", []byte(f), err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.told = append(v.told, m)
}

func (v *visitor) keep(f wire.Frame) {
	v.hear(f)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kept = append(v.kept, f)
}

func (v *visitor) Outbox() wire.Outbox {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.kept) / 2; v.acks {
		v.kept, v.acked = v.kept[n:], v.acked+uint32(n)
	}
	return wire.Outbox{Acked: v.acked, Frames: slices.Clone(v.kept)}
}

func (v *visitor) Begin(f wire.Frame) {
	v.mu.Lock()
	v.kept, v.acked, v.before = nil, 0, 0
	v.mu.Unlock()
	v.keep(f)
}

func (v *visitor) Send(f wire.Frame)     { v.keep(f) }
func (v *visitor) Poll()                 {}
func (v *visitor) Snapshot(f wire.Frame) { v.hear(f) }
func (v *visitor) Note(f wire.Frame)     { v.hear(f) }
func (v *visitor) Name() string          { return v.name }
func (v *visitor) Close(code wire.CloseCode, _ string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = code
}

// all gives what of one kind a visitor was told.
func all[M wire.Message](v *visitor) []M {
	v.mu.Lock()
	defer v.mu.Unlock()
	var ms []M
	for _, m := range v.told {
		if m, ok := m.(M); ok {
			ms = append(ms, m)
		}
	}
	return ms
}

func last[M wire.Message](v *visitor, why string) M {
	v.Helper()
	ms := all[M](v)
	if len(ms) == 0 {
		var none M
		v.Fatalf("was never told %T: %s", none, why)
	}
	return ms[len(ms)-1]
}

func (v *visitor) wantClosed(want wire.CloseCode, why string) {
	v.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed != want {
		v.Errorf("link closed with %d, want %d: %s", v.closed, want, why)
	}
}

func TestCommandsCountOnTheNextTickAndAreAnswered(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		s.phase(room.Running, "two of two are here")
		ann.Command(7, add{By: 3})
		ann.Command(8, add{By: -1})
		if got := len(all[wire.Reply](ann)); got != 0 {
			s.Errorf("%d replies before the tick, want 0", got)
		}
		s.wait(100 * time.Millisecond)
		replies := all[wire.Reply](ann)
		if want := []wire.Reply{{N: 7}, {N: 8, Code: "negative", Text: "Only add."}}; !slices.Equal(replies, want) {
			s.Errorf("replies %v, want %v: one done, one refused, in order", replies, want)
		}
		if got := last[wire.Event](bob, "events are for all").Data.(Added); got != (Added{0, 3}) {
			s.Errorf("bob saw %v, want seat 0 adding 3", got)
		}
		if got := last[wire.Snapshot](bob, "views are sent").View.(sum).Sum; got != 3 {
			s.Errorf("bob's view has sum %d, want 3", got)
		}
		if got := len(all[wire.Reply](bob)); got != 0 {
			s.Errorf("bob got %d replies to ann's commands", got)
		}
	})
}

func TestSeatIsHeldForTheGraceAndThenGivenUp(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		ticket := s.mustTake("ann").Ticket
		s.wait(time.Second)
		ann.Gone()
		s.wait(room.DefaultGrace - time.Second)
		if got := last[wire.Member](bob, "presence").State; got != game.Held {
			s.Errorf("ann's seat is %v to bob, want held during the grace", got)
		}
		again := s.join(ticket)
		s.wait(time.Second)
		if w := last[wire.Welcome](again, "joined"); w.Seat != 0 {
			s.Errorf("came back to seat %d, want her own, 0", w.Seat)
		}
		if got := last[wire.Member](bob, "presence").State; got != game.Taken {
			s.Errorf("ann's seat is %v to bob, want taken: she is back", got)
		}
		again.Gone()
		s.wait(room.DefaultGrace + 100*time.Millisecond)
		if got := last[wire.Member](bob, "presence").State; got != game.GivenUp {
			s.Errorf("ann's seat is %v to bob, want given up: the grace is over", got)
		}
		if _, err := s.room.Join(s.Context(), ticket, &visitor{story: s}); !errors.Is(err, room.ErrTicket) {
			s.Errorf("join with the old ticket: %v, want ErrTicket", err)
		}
		if _, err := s.take("cid"); !errors.Is(err, room.ErrFull) {
			s.Errorf("take: %v, want ErrFull: a seat given up in this game does not open again", err)
		}
	})
}

func TestSeatGivenUpInALateGameIsOpenAgain(t *testing.T) {
	tell(t, func(i *game.Info) { i.Late = true }, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		ann.Leave()
		s.wait(100 * time.Millisecond)
		ann.wantClosed(wire.CloseLeft, "she left")
		if got := last[wire.Member](bob, "presence").State; got != game.Open {
			s.Errorf("seat is %v, want open", got)
		}
		if g := s.mustTake("cid"); g.Seat != 0 {
			s.Errorf("cid gets seat %d, want the free one, 0", g.Seat)
		}
	})
}

func TestReservationNobodyComesForIsOpenAgain(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.come("ann")
		g := s.mustTake("bob")
		if _, err := s.take("cid"); !errors.Is(err, room.ErrFull) {
			s.Errorf("third of two: %v, want ErrFull: a promised seat is not free", err)
		}
		if got := time.Until(g.Expires); got != room.DefaultReserve {
			s.Errorf("expires in %v, want %v", got, room.DefaultReserve)
		}
		s.wait(room.DefaultReserve + 100*time.Millisecond)
		if _, err := s.take("cid"); err != nil {
			s.Errorf("after the reservation: %v, want a seat: the room must not be falsely full", err)
		}
	})
}

func TestAskingTwiceGivesTheSameSeatAndTicket(t *testing.T) {
	tell(t, nil, func(s *story) {
		if a, b := s.mustTake("ann"), s.mustTake("ann"); a.Ticket != b.Ticket || a.Seat != b.Seat {
			s.Errorf("got %v then %v", a, b)
		}
		if free := s.room.Status().Free; free != 1 {
			s.Errorf("%d free, want 1", free)
		}
	})
}

func TestNewerLinkTakesOverAndTheOlderIsIgnored(t *testing.T) {
	tell(t, nil, func(s *story) {
		g := s.mustTake("ann")
		old := s.join(g.Ticket)
		bob := s.come("bob")
		s.wait(time.Second)
		new := s.join(g.Ticket)
		old.wantClosed(wire.CloseTakenOver, "the same ticket came from elsewhere")
		old.Command(1, add{By: 5})
		old.Gone()
		s.wait(time.Second)
		if got := last[wire.Snapshot](bob, "view").View.(sum).Sum; got != 0 {
			s.Errorf("sum is %d, want 0: what the older link says is nothing", got)
		}
		new.Command(1, add{By: 5})
		s.wait(time.Second)
		if got := last[wire.Reply](new, "answer"); got.Code != "" {
			s.Errorf("the newer link is refused: %v", got)
		}
	})
}

func TestForeignTicketOpensNothing(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann := s.come("ann")
		ticket := s.mustTake("ann").Ticket
		flipped := []byte(ticket)
		flipped[30] ^= 1
		for _, bad := range []string{"", "x", string(flipped), ticket + "A"} {
			if _, err := s.room.Join(s.Context(), bad, &visitor{story: s}); !errors.Is(err, room.ErrTicket) {
				s.Errorf("join with %q: %v, want ErrTicket", bad, err)
			}
		}
		ann.wantClosed(0, "the rightful player is untouched")
	})
}

func TestPanicInTheRulesEndsThisRoomWithItsLogKept(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		ann.Command(1, add{By: 1})
		s.wait(200 * time.Millisecond)
		bob.Command(1, add{Panic: true})
		s.wait(200 * time.Millisecond)
		<-s.room.Done()
		if o := last[wire.Over](ann, "the end is told"); o.Ending != "failed" || o.Reason != "rules-failed" {
			s.Errorf("told %v, want failed, rules-failed", o)
		}
		ann.wantClosed(wire.CloseFailed, "not to come back")
		if len(s.records) != 1 || s.records[0].Ending != room.Failed || len(s.records[0].Log) != 3+2 {
			s.Fatalf("records %+v, want one, failed, with the log up to then: 4 seat changes and a command", s.records)
		}
	})
}

func TestEndIsStoredBeforeAnyoneIsTold(t *testing.T) {
	tell(t, nil, func(s *story) {
		var down atomic.Bool
		down.Store(true)
		s.keep = func(context.Context, room.Record) error {
			if down.Load() {
				return errors.New("no database")
			}
			return nil
		}
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		ann.Command(1, add{By: 4, End: true})
		before := len(all[wire.Event](bob))
		s.wait(30 * time.Second)
		if n := len(all[wire.Over](bob)); n != 0 {
			s.Error("told over while the store was away")
		}
		if n := len(all[wire.Event](bob)); n != before {
			s.Error("the last tick's events were told while the store was away")
		}
		if !s.room.Status().Keeping {
			s.Error("status does not say that the result waits")
		}
		if n := last[wire.Notice](bob, "people are told what they wait for"); n.Code != "keeping" {
			s.Errorf("notice %v", n)
		}
		down.Store(false)
		s.wait(6 * time.Second)
		if o := last[wire.Over](bob, "stored now"); o.Reason != "asked" || len(o.Standings) != 1 || o.Standings[0].Name != "ann" {
			s.Errorf("over %+v, want ann first", o)
		}
		if got := last[wire.Event](bob, "held back events").Data.(Added).By; got != 4 {
			s.Errorf("last event adds %d, want 4", got)
		}
		if len(s.records) != 1 {
			s.Fatalf("%d records, want exactly one", len(s.records))
		}
		r := s.records[0]
		m, err := game.Replay(s.game, r.Setup, r.Log, r.Ticks)
		if err != nil {
			s.Fatal(err)
		}
		if m.Hash() != r.Hash {
			s.Error("the log played again has another hash")
		}
		s.phase(room.Over, "members may read the result")
		late := s.join(s.mustTake("ann").Ticket)
		last[wire.Over](late, "who reloads at the end is told it again")
		s.wait(room.DefaultLinger)
		<-s.room.Done()
		late.wantClosed(wire.CloseOver, "the room closed after lingering")
	})
}

func TestResultThatCannotBeStoredIsAnErrorOfTheRoom(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.keep = func(context.Context, room.Record) error { return errors.New("no database") }
		ann := s.come("ann")
		s.come("bob")
		s.wait(time.Second)
		ann.Command(1, add{End: true})
		s.wait(room.DefaultKeepFor + time.Minute)
		<-s.room.Done()
		synctest.Wait()
		if s.lost == nil {
			s.Error("Run returned nil")
		}
		if n := len(all[wire.Over](ann)); n != 0 {
			s.Error("told a result that is not stored")
		}
		ann.wantClosed(wire.CloseFailed, "it could not be kept")
	})
}

func TestStopKeepsTheMatchAndSaysSo(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann := s.come("ann")
		s.come("bob")
		s.wait(time.Second)
		s.stop()
		<-s.room.Done()
		if o := last[wire.Over](ann, "it is over"); o.Ending != "stopped" {
			s.Errorf("told %v, want stopped", o)
		}
		if len(s.records) != 1 || s.records[0].Ending != room.Stopped {
			s.Errorf("records %v, want one that was stopped", s.records)
		}
	})
}

func TestStoppingServerDoesNotWaitForeverForItsStore(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.keep = func(ctx context.Context, _ room.Record) error { <-ctx.Done(); return ctx.Err() }
		s.come("ann")
		s.come("bob")
		s.wait(time.Second)
		began := time.Now()
		s.stop()
		<-s.room.Done()
		if took := time.Since(began); took > 11*time.Second {
			s.Errorf("stopping took %v, want about 10 s at most", took)
		}
	})
}

func TestRoomNobodyIsInStopsTickingAndThenCloses(t *testing.T) {
	tell(t, func(i *game.Info) { i.Late = true }, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		ann.Leave()
		bob.Leave()
		s.wait(200 * time.Millisecond)
		tick := s.room.Status().Tick
		s.wait(10 * time.Second)
		if now := s.room.Status().Tick; now != tick {
			s.Errorf("played %d ticks with nobody in", now-tick)
		}
		s.wait(room.DefaultIdle)
		<-s.room.Done()
		if len(s.records) != 1 || s.records[0].Ending != room.Empty {
			s.Errorf("records %v, want one, of an empty room", s.records)
		}
		if _, err := s.take("cid"); !errors.Is(err, room.ErrClosed) {
			s.Errorf("take: %v, want ErrClosed", err)
		}
	})
}

func TestRoomNobodyEverCameToKeepsNothing(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.wait(room.DefaultIdle + time.Second)
		<-s.room.Done()
		if len(s.records) != 0 {
			s.Errorf("records %v, want none", s.records)
		}
	})
}

func TestInputsCountOnTheirTickAndOnlyTheNewest(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		now := s.room.Status().Tick
		ann.Input(now+3, add{By: 100})
		ann.Input(now+3, add{By: 200}) // replaces it
		ann.Input(now-5, add{By: 1})   // late: counts next
		s.wait(100 * time.Millisecond)
		if got := last[wire.Snapshot](bob, "view").View.(sum).Sum; got != 1 {
			s.Errorf("after a tick the sum is %d, want 1: the late input", got)
		}
		s.wait(100 * time.Millisecond)
		if got := last[wire.Snapshot](bob, "view").View.(sum).Sum; got != 1 {
			s.Errorf("after two ticks the sum is %d, want 1: the early input waits for its tick", got)
		}
		s.wait(100 * time.Millisecond)
		if got := last[wire.Snapshot](bob, "view").View.(sum).Sum; got != 201 {
			s.Errorf("after three ticks the sum is %d, want 201: only the newest for a tick counts", got)
		}
		ann.Input(now+1000, add{By: 1000}) // beyond the horizon of half a second
		s.wait(600 * time.Millisecond)
		if got := last[wire.Snapshot](bob, "view").View.(sum).Sum; got != 1201 {
			s.Errorf("the sum is %d, want 1201: an input from far ahead counts at the horizon", got)
		}
	})
}

func TestMemberThatFillsItsPartOfTheMailboxIsTold(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		n := 0
		for ann.Say(uint32(n), "x") {
			if n++; n > 10000 {
				s.Fatal("the mailbox has no bound")
			}
		}
		if !bob.Say(1, "hello") {
			s.Error("bob is refused for what ann did")
		}
	})
}

func TestChatIsToldToAllWithABoundAndToNewcomers(t *testing.T) {
	tell(t, nil, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		for n := range 7 {
			ann.Say(uint32(n), fmt.Sprint("line ", n))
		}
		s.wait(100 * time.Millisecond)
		if got := len(all[wire.Chat](bob)); got != 5 {
			s.Errorf("bob heard %d lines, want the burst of 5", got)
		}
		if r := last[wire.Reply](ann, "refusal"); r.Code != "too-fast" {
			s.Errorf("reply %v, want too-fast", r)
		}
		g, err := s.room.Watch(s.Context(), room.Player{ID: "wes", Name: "wes"})
		if err != nil {
			s.Fatal(err)
		}
		wes := s.join(g.Ticket)
		if got := len(all[wire.Chat](wes)); got != 5 {
			s.Errorf("a newcomer was told %d past lines, want 5", got)
		}
		wes.Say(1, "hello")
		wes.Command(2, add{By: 1})
		s.wait(100 * time.Millisecond)
		for _, r := range all[wire.Reply](wes) {
			if r.Code != "watching" {
				s.Errorf("watcher's %d: %q, want refused: watching", r.N, r.Code)
			}
		}
	})
}

func TestHiddenGameSendsEachSeatItsOwnView(t *testing.T) {
	tell(t, func(i *game.Info) { i.Hidden = true }, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		for seat, v := range []*visitor{ann, bob} {
			if got := last[wire.Snapshot](v, "view").View.(sum).You; got != seat {
				s.Errorf("seat %d sees the view of %d", seat, got)
			}
		}
	})
}

func TestTicksKeepTheirRate(t *testing.T) {
	tell(t, func(i *game.Info) { i.TickRate, i.SnapshotRate = 30, 20 }, func(s *story) {
		ann := s.come("ann")
		s.come("bob")
		s.wait(100 * time.Millisecond)
		tick, views := s.room.Status().Tick, len(all[wire.Snapshot](ann))
		s.wait(10 * time.Second)
		if got := s.room.Status().Tick - tick; got != 300 {
			s.Errorf("%d ticks in 10 s, want 300", got)
		}
		if got := len(all[wire.Snapshot](ann)) - views; got != 200 {
			s.Errorf("%d views in 10 s, want 200", got)
		}
	})
}

func TestBotsStandInTheResultAndOnlyThereAreTheyNamedNobody(t *testing.T) {
	tell(t, func(i *game.Info) { i.Late, i.Seats = true, 3 }, func(s *story) {
		ann, bob := s.come("ann"), s.come("bob")
		s.wait(time.Second)
		bob.Leave()
		s.wait(200 * time.Millisecond)
		ann.Command(1, add{All: true})
		s.wait(200 * time.Millisecond)
		players := s.records[0].Players
		if len(players) != 4 {
			s.Fatalf("kept %+v: want ann, bob who left, and a bot each for his seat and the one nobody took", players)
		}
		if p := players[0]; p.ID != "ann" || p.Place != 1 {
			s.Errorf("ann: %+v, want first", p)
		}
		if p := players[1]; p.ID != "bob" || !p.Left || p.Place != 0 {
			s.Errorf("bob: %+v, want left, and not the place of the bot that took over", p)
		}
		for _, p := range players[2:] {
			if p.ID != "" || p.Place == 0 {
				s.Errorf("bot: %+v, want a place and no id", p)
			}
		}
	})
}
