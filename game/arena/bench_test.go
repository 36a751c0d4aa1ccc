package arena

import (
	"testing"

	"tickroom/game"
)

// BenchmarkTick is a tick of a full arena: 8 people who turn and fire without a
// pause, and 8 bots. It must stay under 100 us, a three-hundredth of the time
// there is.
func BenchmarkTick(b *testing.B) {
	var m *game.Match
	b.ReportAllocs()
	for b.Loop() {
		if m == nil || m.Tick() == 15000 {
			b.StopTimer()
			m = fullArena(b)
			b.StartTimer()
		}
		for s := range game.Seat(8) {
			c := Controls{MoveX: 127, Aim: uint16(m.Tick()*7+64*game.Tick(s)) % fullTurn, Fire: true}
			if err := m.Apply(s, c); err != nil {
				b.Fatalf("controls of seat %d: %v", s, err)
			}
		}
		m.Step()
		m.Events()
	}
}

// BenchmarkView is what a snapshot costs before it is encoded.
func BenchmarkView(b *testing.B) {
	m := fullArena(b)
	for range 300 {
		m.Step()
	}
	b.ReportAllocs()
	for b.Loop() {
		m.View(game.Watcher)
	}
}

func fullArena(b *testing.B) *game.Match {
	m := start(b, map[string]int{"bots": 8, "seconds": 600, "score": 0})
	for s := range game.Seat(8) {
		m.Seat(s, game.Taken)
	}
	for s := range game.Seat(8) {
		m.Seat(s+8, game.Taken)
	}
	return m
}
