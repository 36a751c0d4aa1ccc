// Package gametest is all the test that a game needs: one call plays many
// matches with random commands and holds the rules to the contract in package
// game.
//
//	func TestContract(t *testing.T) {
//		gametest.Run(t, tictactoe.Game, func(r *rand.Rand) tictactoe.Command {
//			return tictactoe.Command{X: r.IntN(3), Y: r.IntN(3)}
//		})
//	}
//
// Matches are played in three ways: seats come and go at any tick, with late
// joiners and players who give up; every seat plays to the end; all give up.
// Among the random commands are hostile ones. In each of them:
//
//   - Pure: two plays side by side, and a third from the log, agree in their
//     state after every tick, in their refusals, events and views.
//   - Refusing changes nothing: the state is the same after a refusal.
//   - Views are copies: looking changes nothing; a view and an event taken
//     earlier say the same ticks later; without Info.Hidden all see the same.
//   - On the wire: views, events, commands and saved states survive encoding and
//     decoding.
//   - Saving, where the rules can be saved: a match that is saved after any tick,
//     and restored, plays on as one that was not; saving changes nothing, and
//     what it gives says the same ticks later.
//   - No panic, whatever a command holds.
//   - It ends, within an hour of its own time, and with sound standings.
//
// What a player may see, and whether the game is any good, is for tests of its
// own.
//
// This file is the call and its seeds; courses.go is the ways to play; play.go
// drives a match and its twin; save.go has the twin be a restored one; judge.go
// holds them to the contract; memory.go remembers what they showed; hostile.go
// makes hostile commands.
//
// # Decisions that look like mistakes and are not
//
//   - The seed is another one each time, so that many runs see more than one
//     does. A failure prints it, and GAMETEST_SEED repeats it.
//   - Commands come from taken seats and held ones alike, since a player may
//     drop right after sending one.
package gametest

import (
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"

	"tickroom/game"
)

// seedVariable repeats a run.
const seedVariable = "GAMETEST_SEED"

// Run plays g with commands made by random, and fails t with the rule of the
// contract that was broken. The better the random commands, the more it sees:
// many should be legal, some not.
func Run[C any](t *testing.T, g *game.Game, random func(*rand.Rand) C) {
	t.Helper()
	if want, got := g.CommandType(), reflect.TypeFor[C](); got != want {
		t.Fatalf("random makes commands of type %v; those of %s are %v", got, g.Name, want)
	}
	s := subject{game: g, random: func(r *rand.Rand) any { return random(r) }}
	seed := baseSeed(t)
	for _, c := range courses {
		if c.ends && g.Unlogged {
			continue // it need not end
		}
		t.Run(c.name, func(t *testing.T) {
			if err := s.take(c, seed); err != nil {
				t.Fatalf("%s %v\n%s=%d repeats this", g.Name, err, seedVariable, seed)
			}
		})
	}
}

// subject is a game under test.
type subject struct {
	game   *game.Game
	random func(*rand.Rand) any
}

func baseSeed(t *testing.T) uint64 {
	text := os.Getenv(seedVariable)
	if text == "" {
		return rand.Uint64()
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", seedVariable, err)
	}
	return seed
}
