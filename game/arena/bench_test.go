package arena

import (
	"testing"

	"tickroom/game"
)

// BenchmarkTick is a tick of a full arena: 16 people, who all turn and fire
// without a pause. It should stay under 100 us, a three-hundredth of the time
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
		for s := range game.Seat(16) {
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

// BenchmarkBots is a tick of eight bots and nobody else.
func BenchmarkBots(b *testing.B) {
	var m *game.Match
	b.ReportAllocs()
	for b.Loop() {
		if m == nil || m.Tick() == 15000 {
			m = start(b, map[string]int{"bots": 8, "seconds": 600, "score": 0})
		}
		m.Step()
		m.Events()
	}
}

func fullArena(b *testing.B) *game.Match {
	m := start(b, map[string]int{"bots": 0, "seconds": 600, "score": 0})
	for s := range game.Seat(16) {
		m.Seat(s, game.Taken)
	}
	return m
}
