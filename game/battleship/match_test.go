package battleship_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickroom/game"
	"tickroom/game/battleship"
	"tickroom/game/gametest"
)

func TestContract(t *testing.T) { gametest.Run(t, battleship.Game, randomCommand) }

func randomCommand(r *rand.Rand) battleship.Command {
	switch r.IntN(20) {
	case 0:
		return ready
	case 1:
		return shuffle
	case 2, 3, 4:
		return place(r.IntN(5), r.IntN(10), r.IntN(10), r.IntN(2) == 0)
	}
	return fire(r.IntN(10), r.IntN(10))
}

func TestPlacing(t *testing.T) {
	m := waiting(t)
	take(m, 0)
	if v := m.view(0); v.Phase != battleship.Waiting || v.Deadline != 0 {
		t.Errorf("alone: phase %s, clock until %d; with nobody to play against no clock runs", v.Phase, v.Deadline)
	}
	rows(m, 0)
	m.refused(0, place(0, 6, 0, false), "off-board", "a ship of 5 from column 6 ends at 10")
	m.refused(0, place(0, 0, 6, true), "off-board", "down as well")
	m.refused(0, place(0, -1, 0, false), "off-board", "it begins off the board")
	m.refused(0, place(1, 4, 0, false), "overlap", "the ship of 5 lies on 4, 0")
	m.refused(0, place(5, 0, 0, false), "no-such-ship", "ships are 0 to 4")
	m.refused(0, place(-1, 0, 0, false), "no-such-ship", "ships are 0 to 4")
	m.does(0, place(1, 5, 0, false), "ships may touch")
	m.does(0, place(1, 6, 0, false), "a ship may move over where it lies itself")
	m.refused(0, fire(0, 0), "not-begun", "nobody fires before the battle")
	m.does(0, ready, "a fleet may be ready before the opponent comes")
	m.refused(0, place(1, 5, 5, false), "already-ready", "ready is the last word")
	m.refused(0, shuffle, "already-ready", "ready is the last word")
	m.refused(0, ready, "already-ready", "once is enough")

	take(m, 1)
	if v := m.view(1); v.Phase != battleship.Placing || v.Deadline != m.Tick()+1+600 {
		t.Errorf("both here: phase %s until tick %d; placing takes 60 seconds of 10 ticks from tick %d", v.Phase, v.Deadline, m.Tick()+1)
	}
	m.does(1, ready, "now both are")
	if v := m.view(1); v.Phase != battleship.Firing || v.Turn < 0 {
		t.Errorf("both ready: phase %s, turn %d; the battle begins at once", v.Phase, v.Turn)
	}
	m.refused(1, shuffle, "battle-began", "ships do not move under fire")
	m.wantEvents("ready", "ready", "began")
}

func TestPlacingClockBeginsTheBattle(t *testing.T) {
	m := waiting(t)
	take(m, 0)
	take(m, 1)
	m.steps(599)
	if v := m.view(0); v.Phase != battleship.Placing {
		t.Fatalf("phase %s before the clock of 600 ticks ran out", v.Phase)
	}
	mine := m.view(0).Sides[0].Ships
	m.steps(2)
	if v := m.view(0); v.Phase != battleship.Firing {
		t.Errorf("phase %s after the clock ran out; who is not ready plays with the fleet as it lies", v.Phase)
	}
	if diff := cmp.Diff(mine, m.view(0).Sides[0].Ships); diff != "" {
		t.Errorf("the clock moved ships: %s", diff)
	}
}

func TestEveryFleetLiesOnTheBoardAndApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := started(r, rapid.Uint64().Draw(r, "seed"), nil)
		take(m, 0)
		for range rapid.IntRange(0, 3).Draw(r, "shuffles") {
			m.does(0, shuffle, "placing is free until ready")
		}
		covered := map[battleship.Cell]bool{}
		var lengths []int
		for _, s := range m.view(0).Sides[0].Ships {
			lengths = append(lengths, s.Length)
			for _, c := range cells(s) {
				if covered[c] || c.X < 0 || c.X > 9 || c.Y < 0 || c.Y > 9 {
					r.Fatalf("%+v lies off the board or on another ship", s)
				}
				covered[c] = true
			}
		}
		if diff := cmp.Diff([]int{5, 4, 3, 3, 2}, lengths); diff != "" {
			r.Fatalf("a fleet is 5, 4, 3, 3, 2: %s", diff)
		}
	})
}

func TestShots(t *testing.T) {
	m := battle(t, nil)
	a := game.Seat(m.view(0).Turn)
	b := 1 - a
	m.Events()

	m.refused(b, fire(0, 0), "not-your-turn", "the other begins")
	m.refused(a, fire(10, 0), "off-board", "columns are 0 to 9")
	m.refused(a, fire(0, -1), "off-board", "rows are 0 to 9")
	m.does(a, fire(9, 9), "its turn")
	m.wantEvents(battleship.Shot{By: int(a), X: 9, Y: 9})
	m.refused(a, fire(9, 8), "not-your-turn", "one shot a turn")
	m.does(b, fire(0, 4), "the turn passed")
	m.wantEvents(battleship.Shot{By: int(b), X: 0, Y: 4, Hit: true})
	m.refused(a, fire(9, 9), "already-fired", "a shot there tells nothing new")
	m.does(a, fire(0, 0), "a refusal does not cost the turn")
	m.does(b, fire(1, 4), "it is the second and last cell")
	m.Step()
	m.wantEvents(battleship.Shot{By: int(a), X: 0, Y: 0, Hit: true}, battleship.Shot{By: int(b), X: 1, Y: 4, Hit: true, Sunk: 2})

	sunk := []battleship.Ship{{Length: 2, X: 0, Y: 4, Sunk: true}}
	for _, viewer := range []game.Seat{b, game.Watcher} {
		side := m.view(viewer).Sides[a]
		if diff := cmp.Diff(sunk, side.Ships); diff != "" {
			t.Errorf("seat %d sees of the other's fleet what it sank and no more: %s", viewer, diff)
		}
		if side.Shots[40] != battleship.Hit || side.Shots[0] != battleship.Untried {
			t.Errorf("seat %d sees marks %v; only 0, 4 and 1, 4 were fired at", viewer, side.Shots)
		}
	}
	if n := len(m.view(a).Sides[a].Ships); n != 5 {
		t.Errorf("a player sees %d of its own ships, want all 5", n)
	}
}

func TestSinkingTheFleetWins(t *testing.T) {
	m := battle(t, nil)
	a := game.Seat(m.view(0).Turn)
	b := 1 - a
	targets := everyCell(m.view(b).Sides[b].Ships)
	for i, c := range targets[:16] {
		m.does(a, fire(c.X, c.Y), "its turn")
		m.does(b, fire(i%10, 9-i/10), "its turn; water down there")
	}
	if s := m.view(a).Sides[b]; len(s.Ships) != 4 {
		t.Errorf("%d ships sunk, want 4 after all hits but one", len(s.Ships))
	}
	m.does(a, fire(targets[16].X, targets[16].Y), "the last cell")
	m.refused(b, fire(5, 5), "over", "the match ended within the tick")
	m.Step()
	m.wantResult("fleet-sunk", game.Standing{Seat: a, Place: 1, Score: 17}, game.Standing{Seat: b, Place: 2, Score: 0})
	if v := m.view(b); v.Phase != battleship.Over || v.Turn != -1 || len(v.Sides[a].Ships) != 5 {
		t.Errorf("at the end phase %s, turn %d, %d ships of the winner; the loser may see all 5", v.Phase, v.Turn, len(v.Sides[a].Ships))
	}
}

func TestTheClockTakesTurns(t *testing.T) {
	m := battle(t, map[string]int{"turnSeconds": 10})
	a := game.Seat(m.view(0).Turn)
	b := 1 - a
	m.Events()
	turn := func(who game.Seat) {
		t.Helper()
		if got := m.view(who).Turn; got != int(who) {
			t.Fatalf("tick %d: turn of %d, want %d", m.Tick(), got, who)
		}
	}

	turn(a)
	m.stepTo(m.view(a).Deadline - 1)
	turn(a)
	m.does(a, fire(9, 9), "a command in the last tick is in time")
	m.Step()
	m.wantEvents(battleship.Shot{By: int(a), X: 9, Y: 9})

	m.Seat(b, game.Held)
	m.stepTo(m.view(b).Deadline)
	m.wantEvents(battleship.TurnLost{Seat: int(b), Left: 2})
	turn(a)
	m.does(a, fire(9, 8), "its turn again")
	m.Seat(b, game.Taken)
	m.does(b, fire(9, 9), "back in time, which makes up for the lost turn")
	m.Events()
	for left := 2; left >= 0; left-- {
		m.does(a, fire(left, 7), "its turn")
		m.stepTo(m.view(b).Deadline)
		m.wantEvents(battleship.Shot{By: int(a), X: left, Y: 7}, battleship.TurnLost{Seat: int(b), Left: left})
	}
	m.wantResult("time", game.Standing{Seat: a, Place: 1}, game.Standing{Seat: b, Place: 2})
}

func TestSilenceEndsTheMatch(t *testing.T) {
	m := waiting(t)
	take(m, 0)
	take(m, 1)
	m.stepTo(1 + 600 + 5*300)
	if r, over := m.Over(); !over || r.Reason != "time" {
		t.Errorf("nobody ever did anything: over %v, reason %q; after 60 s of placing and 5 turns of 30 s one has missed 3", over, r.Reason)
	}
}

func TestGivingUpLoses(t *testing.T) {
	for name, until := range map[string]func(*testing.T) *play{
		"while placing":    func(t *testing.T) *play { m := waiting(t); take(m, 0); take(m, 1); return m },
		"in the battle":    func(t *testing.T) *play { return battle(t, nil) },
		"when it was held": func(t *testing.T) *play { m := battle(t, nil); m.Seat(1, game.Held); return m },
	} {
		t.Run(name, func(t *testing.T) {
			m := until(t)
			m.Step()
			m.Seat(1, game.GivenUp)
			m.Seat(0, game.GivenUp) // too late to lose
			m.Step()
			m.wantResult("left", game.Standing{Seat: 0, Place: 1}, game.Standing{Seat: 1, Place: 2})
		})
	}
}

func TestGivingUpAloneIsNoDefeat(t *testing.T) {
	m := waiting(t)
	take(m, 0)
	m.Step()
	m.Seat(0, game.GivenUp)
	m.Step()
	m.wantResult("left")
}

func TestNextPlayerDoesNotFindTheFleetOfTheOneBefore(t *testing.T) {
	m := waiting(t)
	take(m, 0)
	rows(m, 0)
	m.does(0, ready, "the first to come")
	before := m.view(0).Sides[0]
	take(m, 1)
	m.Seat(0, game.Open)
	if v := m.view(1); v.Phase != battleship.Waiting || v.Deadline != 0 {
		t.Errorf("the opponent left before the battle: phase %s, clock until %d; want to wait without one", v.Phase, v.Deadline)
	}
	take(m, 0)
	after := m.view(0).Sides[0]
	if after.Ready || cmp.Equal(before.Ships, after.Ships) {
		t.Errorf("the next on the seat finds ready %v and the same fleet: it is another player's", after.Ready)
	}
	if v := m.view(1); v.Phase != battleship.Placing {
		t.Errorf("phase %s; placing begins again with the next opponent", v.Phase)
	}
}

func TestACommandDoesOneThing(t *testing.T) {
	m := battle(t, nil)
	s := game.Seat(m.view(0).Turn)
	for name, c := range map[string]battleship.Command{
		"nothing":        {},
		"two things":     {Ready: true, Shuffle: true},
		"fire and ready": {Ready: true, Fire: &battleship.Cell{}},
		"fire and place": {Place: &battleship.Place{}, Fire: &battleship.Cell{}},
	} {
		m.refused(s, c, "bad-command", name)
	}
}
