package room_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game/room"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// written tells a story of a room with a journal that keeps a chunk so long
// after it was written.
func written(t *testing.T, delay time.Duration, f func(*story, *paper)) {
	synctest.Test(t, func(t *testing.T) {
		g := define(nil)
		setup, err := g.Setup(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &paper{delay: delay}
		r, err := room.New(room.Config{
			ID: uuid.NewString(), Game: g, Setup: setup, Key: []byte("key"), Journal: p, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		go r.Run(ctx)
		f(&story{T: t, game: g, room: r}, p)
		stop()
		<-r.Done()
	})
}

func TestWhatARoomGrantedIsKeptWhenItsJournalHasIt(t *testing.T) {
	written(t, 300*time.Millisecond, func(s *story, p *paper) {
		asked := time.Now()
		if err := s.room.Kept(s.Context()); err != nil || time.Since(asked) != 300*time.Millisecond {
			s.Errorf("kept with %v after %v, want the room itself kept when its first chunk is", err, time.Since(asked))
		}
		asked = time.Now()
		s.mustTake("Ann")
		s.mustTake("Ann") // who asks again must not be told sooner
		if err := s.room.Kept(s.Context()); err != nil || time.Since(asked) != 300*time.Millisecond {
			s.Errorf("kept with %v after %v, want the seat kept when its chunk is", err, time.Since(asked))
		}
		asked = time.Now()
		if err := s.room.Kept(s.Context()); err != nil || time.Since(asked) != 0 {
			s.Errorf("kept with %v after %v, want at once where nothing happened since", err, time.Since(asked))
		}
		s.mustTake("Bob")
		short, cancel := context.WithTimeout(s.Context(), 100*time.Millisecond)
		defer cancel()
		if err := s.room.Kept(short); !errors.Is(err, room.ErrBusy) {
			s.Errorf("kept with %v though the journal is slow, want busy", err)
		}
		p.tear()
		if err := s.room.Kept(s.Context()); !errors.Is(err, room.ErrMoved) {
			s.Errorf("kept with %v though it never will be, want moved", err)
		}
	})
}

func TestWhoLeavesIsToldWhenThatIsKept(t *testing.T) {
	written(t, 300*time.Millisecond, func(s *story, p *paper) {
		ann, bob := s.come("Ann"), s.come("Bob")
		s.wait(2 * time.Second)
		ann.Leave()
		s.wait(200 * time.Millisecond)
		ann.wantClosed(0, "before it is kept that she left it could un-happen")
		s.wait(700 * time.Millisecond)
		ann.wantClosed(wire.CloseLeft, "by now it is kept")
		p.tear()
		bob.Leave()
		s.wait(time.Second)
		bob.wantClosed(wire.CloseGoingAway, "it never will be kept: the next process is to hear it again")
	})
}

// A store takes only so much at once; what is said while it is slow is more.
func TestWhatDoesNotFitIntoAChunkGoesIntoTheNext(t *testing.T) {
	written(t, 2*time.Second, func(s *story, p *paper) {
		g := s.mustTake("Ann")
		v := &visitor{story: s, name: "v"}
		m, err := s.room.Join(s.Context(), g.Ticket, v)
		if err != nil {
			s.Fatal(err)
		}
		v.Member = m
		line := strings.Repeat("ü", wire.MaxChat+1)
		said := uint32(0)
		for range 5 {
			for range 200 {
				said++
				v.Say(said, line)
			}
			s.wait(100 * time.Millisecond) // a tick
		}
		s.wait(20 * time.Second)
		if replies := all[wire.Reply](v); len(replies) != int(said) || replies[said-1].N != said {
			s.Errorf("told %d answers to %d lines; want each once, in order, when all before it is kept", len(replies), said)
		}
		chunks := p.tear()
		for i, c := range chunks {
			if len(c) > 300<<10 {
				s.Errorf("chunk %d has %d bytes; a store would refuse it for ever", i+1, len(c))
			}
		}
		if len(chunks) < 4 {
			s.Errorf("%d chunks: this shows nothing", len(chunks))
		}
	})
}
