package game

import (
	"math"
	"slices"
	"testing"
)

// TestDiceOfOldMatchesStay: an old log is played again with the same dice, so
// their sequence must never change.
func TestDiceOfOldMatchesStay(t *testing.T) {
	d := newDice(1)
	var got []int
	for _, sides := range []int{6, 6, 6, 100, 1, 2, 1 << 40, math.MaxInt} {
		got = append(got, d.roll(sides))
	}
	want := []int{2, 3, 1, 35, 0, 0, 724871407546, 8166309686162252581}
	if !slices.Equal(got, want) {
		t.Errorf("rolled %v, want %v, as always with seed 1", got, want)
	}
}

func TestDiceAreFair(t *testing.T) {
	const sides, rolls = 7, 70_000
	var count [sides]int
	d := newDice(2)
	for range rolls {
		count[d.roll(sides)]++
	}
	for side, n := range count {
		// Six standard deviations of a binomial with p = 1/7 are 556.
		if math.Abs(float64(n-rolls/sides)) > 556 {
			t.Errorf("%d came %d times in %d rolls of %d sides", side, n, rolls, sides)
		}
	}
}

func TestDiceHaveNoBias(t *testing.T) {
	// 2^64 is 2 2/3 times these sides: a plain remainder would favour the lower
	// two thirds, a plain multiplication two of every three sides.
	const sides, rolls = 3 << 61, 30_000
	var third, residue [3]int
	d := newDice(3)
	for range rolls {
		n := d.roll(sides)
		third[n/(sides/3)]++
		residue[n%3]++
	}
	for i := range 3 {
		// Six standard deviations of a binomial with p = 1/3 are 490.
		if math.Abs(float64(third[i]-rolls/3)) > 490 || math.Abs(float64(residue[i]-rolls/3)) > 490 {
			t.Errorf("by thirds %v, by remainders of 3 %v; want about %d each", third, residue, rolls/3)
		}
	}
}
