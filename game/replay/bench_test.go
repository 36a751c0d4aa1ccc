package replay_test

import (
	"context"
	"testing"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/replay"
	"tickroom/net/wire"
	"tickroom/store"
)

// tenMinutes is arena with eight who steer: the longest match of the catalog.
func tenMinutes(b *testing.B) *replay.Record {
	setup, err := arena.Game.Setup(7, map[string]int{"seconds": 600, "score": 0})
	if err != nil {
		b.Fatal(err)
	}
	m, err := arena.Game.Start(setup)
	if err != nil {
		b.Fatal(err)
	}
	for s := range game.Seat(8) {
		m.Seat(s, game.Taken)
	}
	for over := false; !over; _, over = m.Over() {
		for s := range game.Seat(8) {
			turn := int(m.Tick())/(20+int(s)) + int(s)
			m.Apply(s, arena.Controls{MoveX: int8(turn%3-1) * 127, MoveY: int8(turn/3%3-1) * 127, Aim: uint16(turn % 64), Fire: turn%2 == 0})
		}
		m.Step()
	}
	return &replay.Record{Game: arena.Game, Log: m.Log(), Marks: m.Marks(), Match: store.Match{
		Game: "arena", Version: setup.Version, Seats: setup.Seats, TickRate: setup.TickRate, Seed: setup.Seed, Options: setup.Options,
		Ticks: uint32(m.Tick()), StateHash: m.Hash(), Ending: store.Finished,
	}}
}

// BenchmarkCheckTenMinutesOfArena is also what going back costs at most.
func BenchmarkCheckTenMinutesOfArena(b *testing.B) {
	r := tenMinutes(b)
	for b.Loop() {
		if err := r.Check(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(r.Ticks()), "ticks")
	b.ReportMetric(float64(len(r.Log)), "entries")
}

// BenchmarkSeekToTheMiddle is from a wish to the picture, for who has seen the
// match. The first time all of the way is played.
func BenchmarkSeekToTheMiddle(b *testing.B) {
	r := tenMinutes(b)
	s, err := replay.New(replay.Config{ID: "bench", Record: r})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	go s.Run(ctx)
	v := eye{B: b, seen: make(chan wire.Frame, 1)}
	v.Member, err = s.Join(v)
	if err != nil {
		b.Fatal(err)
	}
	<-v.seen
	v.goesTo(r.Ticks())
	for b.Loop() {
		v.goesTo(r.Ticks() / 2)
		b.StopTimer()
		v.goesTo(r.Ticks())
		b.StartTimer()
	}
	stop()
	<-s.Done()
}

// eye is a viewer who looks at one picture after the other.
type eye struct {
	*testing.B
	*replay.Member
	seen chan wire.Frame
}

func (eye) Begin(wire.Frame)             {}
func (eye) Send(wire.Frame)              {}
func (v eye) Snapshot(f wire.Frame)      { v.seen <- f }
func (eye) Note(wire.Frame)              {}
func (eye) Close(wire.CloseCode, string) {}

// goesTo wishes a still picture of a tick, and waits for it.
func (v eye) goesTo(t game.Tick) {
	v.Show(wire.Show{Tick: t, Seat: game.Watcher})
	m, err := wire.DecodeServer(<-v.seen, arena.Game)
	if err != nil || m.(wire.Snapshot).Tick != t {
		v.Fatalf("seen %+v, %v; want tick %d", m, err, t)
	}
}

// BenchmarkHashOfArena is what a mark costs, once in ten seconds.
func BenchmarkHashOfArena(b *testing.B) {
	m, err := game.Replay(arena.Game, tenMinutes(b).Setup(), nil, 300)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.Hash()
	}
}
