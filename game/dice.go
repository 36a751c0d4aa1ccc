package game

import (
	"math/bits"
	"math/rand/v2"
)

// dice are a PCG seeded by the match. The draw is written out here, not left
// to rand.Rand, so that its sequence can never change under an old log.
type dice struct {
	pcg rand.PCG
}

func newDice(seed uint64) dice {
	const stream = 0x7469636b726f6f6d // "tickroom"
	return dice{*rand.NewPCG(seed, stream)}
}

// roll draws 0..n-1 without bias, by Lemire's multiplication with rejection.
func (d *dice) roll(n int) int {
	if n < 1 {
		panic("game: a die needs at least one side")
	}
	sides := uint64(n)
	for {
		hi, lo := bits.Mul64(d.pcg.Uint64(), sides)
		if lo >= sides || lo >= -sides%sides {
			return int(hi)
		}
	}
}
