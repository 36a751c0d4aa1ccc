package replay_test

import (
	"testing"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/replay"
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
