package room_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// heavy is a game whose state is so many bytes.
func heavy(bytes int) *game.Game {
	return game.DefineSaved(game.Info{Name: "heavy", Version: 1, Seats: 2, TickRate: 10, Events: []any{Added{}}},
		func(t *game.Turn) *weight {
			return &weight{tally: tally{seen: make([]game.SeatState, t.Seats())}, pad: strings.Repeat("x", bytes)}
		})
}

type weight struct {
	tally
	pad string
}

type weighed struct {
	Tally tallied
	Pad   string
}

func (w *weight) Save() weighed     { return weighed{w.tally.Save(), w.pad} }
func (w *weight) Restore(s weighed) { w.tally.Restore(s.Tally); w.pad = s.Pad }

// register is a journal that notes when the room was saved.
type register struct {
	paper
	at []time.Time
}

func (r *register) Write(n uint32, chunk []byte, saved bool, done func(error)) {
	if saved {
		r.at = append(r.at, time.Now())
	}
	r.paper.Write(n, chunk, saved, done)
}

// savedIn is when a room was saved that people were in for so long.
func savedIn(t *testing.T, g *game.Game, id string, long time.Duration) (at []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		setup, err := g.Setup(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		began, kept := time.Now(), &register{paper: paper{delay: 50 * time.Millisecond}}
		r, err := room.New(room.Config{ID: id, Game: g, Setup: setup, Key: []byte("key"), Journal: kept, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		go r.Run(ctx)
		s := &story{T: t, game: g, room: r}
		s.come("Ann")
		s.wait(long)
		s.phase(room.Running, "saved or not, the match goes on")
		stop()
		<-r.Done()
		for _, moment := range kept.at {
			at = append(at, moment.Sub(began).Truncate(time.Second))
		}
	})
	return at
}

func TestARoomIsSavedOnceAMinute(t *testing.T) {
	const one, two = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
	first, second := savedIn(t, heavy(0), one, 10*time.Minute), savedIn(t, heavy(0), two, 10*time.Minute)
	for _, at := range [][]time.Duration{first, second} {
		if len(at) != 11 || at[10] != 10*time.Minute {
			t.Fatalf("saved at %v, want once in each of ten minutes, and for the process that goes on", at)
		}
		for i := range at[1:10] {
			if d := at[i+1] - at[i]; d < 59*time.Second || d > 61*time.Second {
				t.Errorf("saved at %v, want a minute between two", at)
			}
		}
	}
	if first[0] == second[0] {
		t.Errorf("two rooms that began together are saved together, after %v: rooms of a server should not be", first[0])
	}
}

func TestALargeRoomIsSavedLessOften(t *testing.T) {
	id := uuid.NewString()
	if at := savedIn(t, heavy(200<<10), id, 10*time.Minute); len(at) < 3 || len(at) > 5 {
		t.Errorf("200 KiB were saved at %v, want a KiB a second at most", at)
	}
	if at := savedIn(t, heavy(600<<10), id, 10*time.Minute); len(at) != 0 {
		t.Errorf("600 KiB were saved at %v: a store would not take the chunk", at)
	}
}

func TestARoomOfRulesThatCannotBeSavedIsNot(t *testing.T) {
	g := game.Define(game.Info{Name: "plain", Version: 1, Seats: 2, TickRate: 10, Events: []any{Added{}}}, func(t *game.Turn) *tally {
		return &tally{seen: make([]game.SeatState, t.Seats())}
	})
	if at := savedIn(t, g, uuid.NewString(), 3*time.Minute); len(at) != 0 {
		t.Errorf("saved at %v", at)
	}
}

// inherited tells a story of a room that another process had, and saved. Its
// History is read as history says.
func inherited(t *testing.T, g *game.Game, history func([][]byte) ([][]byte, error), f func(*story, *room.Config)) {
	synctest.Test(t, func(t *testing.T) {
		before := define(nil)
		setup, err := before.Setup(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &story{T: t, game: g}
		p := &paper{delay: 50 * time.Millisecond}
		cfg := room.Config{
			ID: uuid.NewString(), Game: before, Setup: setup, Key: []byte("key"), Journal: p, SaveEvery: 5 * time.Second, Log: slog.New(slog.DiscardHandler),
			History: func(ctx context.Context) ([][]byte, error) {
				all, _ := p.history(ctx)
				return history(all)
			},
			Keep: func(_ context.Context, r room.Record) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.records = append(s.records, r)
				return nil
			},
		}
		dead, err := room.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, die := context.WithCancel(t.Context())
		go dead.Run(ctx)
		s.room, s.game = dead, before
		ann, bob := s.come("Ann"), s.come("Bob")
		for n := range uint32(20) {
			ann.Command(n+1, add{By: 1})
			bob.Command(n+1, add{By: -int(n % 2)}) // of which some are refused
			s.wait(time.Second)
		}
		since := p.sinceSaved()
		if p.saved == 0 || len(since) == len(p.tear()) {
			t.Fatal("the room was not saved: this shows nothing")
		}
		die()
		<-dead.Done()

		s.game = g
		cfg.Game, cfg.Journal = g, &paper{delay: 50 * time.Millisecond, chunks: p.chunks, saved: p.saved}
		s.room, err = room.Recover(cfg, since, unrelated)
		if err != nil {
			s.lost = err
			f(s, &cfg)
			return
		}
		run, stop := context.WithCancel(t.Context())
		s.stop = stop
		go func() { s.lost = s.room.Run(run) }()
		f(s, &cfg)
		stop()
		<-s.room.Done()
	})
}

// unrelated makes links that nobody hears.
func unrelated(string, string, wire.Outbox) (room.Link, func(*room.Member, uint32)) {
	return nobody{}, func(*room.Member, uint32) {}
}

// ends has somebody end the match, and waits.
func (s *story) ends(wait time.Duration) {
	s.Helper()
	s.join(s.mustTake("Ann").Ticket).Command(1, add{End: true})
	s.wait(wait)
}

// whole wants the one record to have all of the log.
func (s *story) whole() {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.records) != 1 {
		s.Fatalf("%d records, want the match kept once", len(s.records))
	}
	r := s.records[0]
	m, err := game.Replay(s.game, r.Setup, r.Log, r.Ticks)
	if err != nil {
		s.Fatal(err)
	}
	if m.Hash() != r.Hash || len(m.Log()) != len(r.Log) || !slices.Equal(m.Marks(), r.Marks) {
		s.Errorf("the log of %d entries plays to %x with marks %v; kept are %x and %v", len(r.Log), m.Hash(), m.Marks(), r.Hash, r.Marks)
	}
}

func TestAMatchThatWentOnElsewhereIsKeptWithAllOfItsLog(t *testing.T) {
	inherited(t, define(nil), func(all [][]byte) ([][]byte, error) { return all, nil }, func(s *story, _ *room.Config) {
		s.ends(time.Second)
		s.whole()
	})
}

func TestAnEndWaitsForTheHistory(t *testing.T) {
	var mu sync.Mutex
	away := true
	history := func(all [][]byte) ([][]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		if away {
			return nil, errors.New("the database is away")
		}
		return all, nil
	}
	inherited(t, define(nil), history, func(s *story, _ *room.Config) {
		s.ends(time.Minute)
		if n := len(s.records); n != 0 || !s.room.Status().Keeping {
			s.Errorf("%d records, keeping: %t; the match is kept with all of its log or later", n, s.room.Status().Keeping)
		}
		mu.Lock()
		away = false
		mu.Unlock()
		s.wait(10 * time.Second)
		s.whole()
		s.phase(room.Over, "the end is told")
	})
}

func TestAnEndThatFindsNoHistoryInTimeIsLost(t *testing.T) {
	history := func([][]byte) ([][]byte, error) { return nil, errors.New("the database is away") }
	inherited(t, define(nil), history, func(s *story, _ *room.Config) {
		s.ends(room.DefaultKeepFor + time.Minute)
		if s.phase(room.Closed, "it waits no longer than for the result"); len(s.records) > 0 || s.lost == nil {
			s.Errorf("%d records, lost: %v; want the room to say that the result is lost", len(s.records), s.lost)
		}
	})
	inherited(t, define(nil), history, func(s *story, _ *room.Config) {
		s.ends(time.Second)
		s.stop()
		s.wait(time.Minute)
		if s.phase(room.Closed, "a stopping server waits for seconds"); len(s.records) > 0 || s.lost == nil {
			s.Errorf("%d records, lost: %v; want the journal left to the next process", len(s.records), s.lost)
		}
	})
}

func TestAMatchWhoseHistoryIsBrokenIsKeptWithoutALog(t *testing.T) {
	for why, broken := range map[string]func([][]byte) ([][]byte, error){
		"is of another":  func(all [][]byte) ([][]byte, error) { return append([][]byte{[]byte("?")}, all[1:]...), nil },
		"ends too early": func(all [][]byte) ([][]byte, error) { return all[:3], nil },
		"lacks a chunk":  func(all [][]byte) ([][]byte, error) { return slices.Delete(slices.Clone(all), 2, 4), nil },
	} {
		inherited(t, define(nil), broken, func(s *story, _ *room.Config) {
			s.ends(time.Minute)
			if len(s.records) != 1 || s.records[0].Log != nil || s.records[0].Ending != room.Finished {
				s.Errorf("a history that %s: kept %+v; want who won, and no log that is not the match's", why, s.records)
			}
		})
	}
}

func TestRoomsPlayTheirHistoryInTurn(t *testing.T) {
	inherited(t, define(nil), func(all [][]byte) ([][]byte, error) { return all, nil }, func(s *story, cfg *room.Config) {
		s.stop()
		<-s.room.Done()
		cfg.Lane = make(chan struct{}, 1)
		cfg.Lane <- struct{}{}
		var err error
		if s.room, err = room.Recover(*cfg, cfg.Journal.(*paper).sinceSaved(), unrelated); err != nil {
			s.Fatal(err)
		}
		go s.room.Run(s.Context())
		s.ends(time.Minute)
		if len(s.records) != 0 {
			s.Error("kept though the lane is full")
		}
		<-cfg.Lane
		s.wait(time.Second)
		s.whole()
		s.wait(10 * time.Minute) // until it has closed itself
	})
}

// otherwise is tally as another build saves it.
type otherwise struct{ tally }

func (o *otherwise) Save() struct{ Sum uint8 }     { return struct{ Sum uint8 }{uint8(o.sum)} }
func (o *otherwise) Restore(s struct{ Sum uint8 }) { o.sum = int(s.Sum) }

func TestARoomThatAnotherBuildSavedIsPlayedFromTheStart(t *testing.T) {
	g := game.DefineSaved(define(nil).Info, func(t *game.Turn) *otherwise {
		return &otherwise{tally{seen: make([]game.SeatState, t.Seats())}}
	})
	inherited(t, g, nil, func(s *story, cfg *room.Config) {
		if !errors.Is(s.lost, room.ErrSaved) || !strings.Contains(s.lost.Error(), "tally") {
			s.Fatalf("recovered with %v, want word that the saved state is no good here", s.lost)
		}
		r, err := room.RecoverFromStart(*cfg, cfg.Journal.(*paper).chunks, unrelated)
		if err != nil {
			s.Fatal(err)
		}
		if r.Status().Tick < 190 {
			s.Errorf("it goes on at tick %d, want where it was after 20 s", r.Status().Tick)
		}
	})
}
