package room_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/room"
	"tickroom/net/wire"

	"github.com/google/uuid"
)

// Ten minutes of the arena: eight people who steer ten times a second. Of a room
// that was saved, only what came since is played.
func BenchmarkRecoverTenMinutesOfArena(b *testing.B) {
	cfg, kept := tenMinutes(b)
	for name, chunks := range map[string][][]byte{"from-the-start": kept.chunks, "saved": kept.sinceSaved()} {
		b.Run(name, func(b *testing.B) {
			bytes := 0
			for _, c := range chunks {
				bytes += len(c)
			}
			for b.Loop() {
				if _, err := room.Recover(cfg, chunks, unrelated); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(bytes), "journal-bytes")
		})
	}
}

// BenchmarkSave is what saving a room of the arena costs a tick, once a minute.
func BenchmarkSave(b *testing.B) {
	cfg, kept := tenMinutes(b)
	r, err := room.Recover(cfg, kept.sinceSaved(), unrelated)
	if err != nil {
		b.Fatal(err)
	}
	var frame wire.Frame
	for b.Loop() {
		if frame, err = wire.Encode(room.SavedNow(r)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(frame)), "bytes")
}

// nobody is a link that nothing comes of.
type nobody struct{}

func (nobody) Begin(wire.Frame)             {}
func (nobody) Send(wire.Frame)              {}
func (nobody) Poll()                        {}
func (nobody) Snapshot(wire.Frame)          {}
func (nobody) Note(wire.Frame)              {}
func (nobody) Outbox() wire.Outbox          { return wire.Outbox{} }
func (nobody) Name() string                 { return "nobody" }
func (nobody) Close(wire.CloseCode, string) {}

func tenMinutes(b *testing.B) (cfg room.Config, kept *paper) {
	setup, err := arena.Game.Setup(1, map[string]int{"seconds": 600, "score": 0})
	if err != nil {
		b.Fatal(err)
	}
	// A bubble needs a test; its time is not the benchmark's.
	ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "ten minutes", F: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			kept = &paper{delay: 50 * time.Millisecond}
			cfg = room.Config{ID: uuid.NewString(), Game: arena.Game, Setup: setup, Key: []byte("key"), Journal: kept, Log: slog.New(slog.DiscardHandler)}
			r, err := room.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			go r.Run(ctx)
			dice := rand.New(rand.NewPCG(1, 1))
			var members []*room.Member
			for i := range 8 {
				g, err := r.Take(t.Context(), room.Player{ID: fmt.Sprint(i), Name: "p"})
				if err != nil {
					t.Fatal(err)
				}
				m, err := r.Join(t.Context(), g.Ticket, nobody{})
				if err != nil {
					t.Fatal(err)
				}
				members = append(members, m)
			}
			for range 10*60*10 - 20 {
				for _, m := range members {
					m.Input(game.Tick(0), arena.Controls{MoveX: int8(dice.IntN(255) - 127), MoveY: int8(dice.IntN(255) - 127), Aim: uint16(dice.IntN(1024)), Fire: dice.IntN(2) == 0})
				}
				time.Sleep(100 * time.Millisecond)
			}
			kept.tear()
			cancel()
			<-r.Done()
		})
	}}})
	if !ok {
		b.Fatal("the ten minutes failed")
	}
	return cfg, kept
}
