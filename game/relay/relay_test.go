package relay_test

import (
	"math/rand/v2"
	"testing"

	"tickroom/game/gametest"
	"tickroom/game/relay"
)

func TestContract(t *testing.T) {
	gametest.Run(t, relay.Game, func(r *rand.Rand) relay.Command {
		return relay.Command{To: r.IntN(36) - 3, Name: "wave"[:r.IntN(5)], Data: make([]byte, r.IntN(5000))}
	})
}
