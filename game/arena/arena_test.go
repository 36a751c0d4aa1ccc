package arena

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tickroom/game"
	"tickroom/game/gametest"
)

func TestContractOfGames(t *testing.T) {
	gametest.Run(t, Game, randomControls)
}

func randomControls(r *rand.Rand) Controls {
	return Controls{
		MoveX: int8(r.IntN(256) - 128), MoveY: int8(r.IntN(256) - 128),
		Aim:  uint16(r.IntN(fullTurn + fullTurn/16)), // some are refused
		Fire: r.IntN(3) > 0, Dash: r.IntN(8) == 0,
	}
}

// TestBotsAlonePlayTheSameMatchToItsEnd also holds the rules to their version:
// if the hash changes, old logs would play differently, so raise Info.Version.
func TestBotsAlonePlayTheSameMatchToItsEnd(t *testing.T) {
	const version, hash = 1, uint64(0x19001bddd0f78dda)
	options := map[string]int{"bots": 6, "seconds": 60, "map": 1}
	m := start(t, options)
	kills := 0
	for range 60 * tickRate {
		m.Step()
		kills += count[Kill](m.Events())
	}
	result, over := m.Over()
	if !over || result.Reason != "time" {
		t.Fatalf("after 60 seconds: over %v, reason %q; a match of 60 seconds is over by time", over, result.Reason)
	}
	if len(result.Standings) != 6 {
		t.Errorf("standings of %d ships, want those of all 6 bots", len(result.Standings))
	}
	if kills < 10 {
		t.Errorf("%d kills in a minute among 6 bots: bots that cannot find or hit each other are no company", kills)
	}
	if Game.Version == version && m.Hash() != hash {
		t.Errorf("hash %#x, want %#x: the same match plays differently; raise the version of the rules", m.Hash(), hash)
	}
}

func TestTheFirstToTheLimitWins(t *testing.T) {
	m := start(t, map[string]int{"bots": 6, "seconds": 600, "score": 3})
	for !stepped(m, t) {
	}
	result, _ := m.Over()
	if result.Reason != "score" {
		t.Fatalf("ended by %q, want by score: bots score 3 within ten minutes", result.Reason)
	}
	if first := result.Standings[0]; first.Score < 3 || first.Place != 1 {
		t.Errorf("first of the standings is %+v, want place 1 with at least 3 points", first)
	}
	if !slices.IsSortedFunc(result.Standings, func(a, b game.Standing) int { return b.Score - a.Score }) {
		t.Errorf("standings %v are not sorted by score", result.Standings)
	}
}

func TestEqualPointsShareAPlace(t *testing.T) {
	m := &match{ships: []ship{{in: true, score: 2}, {}, {in: true, score: 5}, {in: true, score: 2}, {in: true, score: 1}}}
	want := []game.Standing{{Seat: 2, Place: 1, Score: 5}, {Seat: 0, Place: 2, Score: 2}, {Seat: 3, Place: 2, Score: 2}, {Seat: 4, Place: 4, Score: 1}}
	if got := m.standings(); !slices.Equal(got, want) {
		t.Errorf("standings %v, want %v: two seconds, then a fourth, and no empty seat", got, want)
	}
}

func TestTheMatchBeginsWithTheSecondShip(t *testing.T) {
	m := start(t, map[string]int{"bots": 0, "seconds": 10})
	m.Seat(0, game.Taken)
	for range 20 * tickRate {
		m.Step()
	}
	if v := view(m); v.Phase != warmUp || v.Ends != 0 {
		t.Errorf("alone for 20 seconds: phase %d, ends at %d; the clock waits for a second ship", v.Phase, v.Ends)
	}
	m.Events()
	m.Seat(1, game.Taken)
	m.Step()
	if n := count[Start](m.Events()); n != 1 {
		t.Errorf("%d starts said when the second came, want 1", n)
	}
	if v := view(m); v.Phase != playing || v.Ends != m.Tick()+10*tickRate-1 {
		t.Errorf("with two: phase %d, ends at %d, now %d; want 10 seconds from now", v.Phase, v.Ends, m.Tick())
	}
}

func TestNobodyWaitsForASecondForEver(t *testing.T) {
	m := start(t, map[string]int{"bots": 0, "seconds": 10})
	m.Seat(0, game.Taken)
	for range warmUpTicks + 10*tickRate {
		m.Step()
	}
	if _, over := m.Over(); !over {
		t.Errorf("alone for ten minutes and the length of a match: not over, but every match ends")
	}
}

func TestBadControlsAreRefused(t *testing.T) {
	m := start(t, nil)
	m.Seat(0, game.Taken)
	if err := m.Apply(0, Controls{Aim: fullTurn}); err == nil {
		t.Error("aim of 1024 was taken, want it refused: directions are 0 to 1023")
	}
	if err := m.Apply(1, Controls{}); err == nil {
		t.Error("controls of a seat without a ship were taken, want them refused")
	}
	m.Step()
	if err := m.Apply(15, Controls{}); err == nil {
		t.Error("controls of a bot's seat were taken, want them refused")
	}
}

// start begins a match with a fixed seed.
func start(t testing.TB, options map[string]int) *game.Match {
	t.Helper()
	setup, err := Game.Setup(7, options)
	if err != nil {
		t.Fatalf("setup: %v", err)
	}
	m, err := Game.Start(setup)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return m
}

// stepped plays a tick and says whether the match is over, failing if it never is.
func stepped(m *game.Match, t *testing.T) bool {
	t.Helper()
	m.Step()
	if m.Tick() > 1300*tickRate {
		t.Fatalf("not over after %d ticks", m.Tick())
	}
	_, over := m.Over()
	return over
}

func view(m *game.Match) View { return m.View(game.Watcher).(View) }

func count[E any](events []game.Event) int {
	n := 0
	for _, e := range events {
		if _, ok := e.Data.(E); ok {
			n++
		}
	}
	return n
}
