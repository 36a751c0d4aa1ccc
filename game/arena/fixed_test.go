package arena

import (
	"math"
	"testing"
)

// Floats are fine here: they judge the whole numbers, and feed no state.

func TestSineIsNearlyOne(t *testing.T) {
	for a := range int32(fullTurn) {
		want := math.Sin(float64(a)*2*math.Pi/fullTurn) * sineOne
		if got := sine(a); math.Abs(float64(got)-want) > 8 {
			t.Fatalf("sine of %d/1024 is %d/4096, want about %.0f", a, got, want)
		}
	}
}

func TestAngleOfFindsTheWayBack(t *testing.T) {
	for a := range int32(fullTurn) {
		radians := float64(a) * 2 * math.Pi / fullTurn
		got := angleOf(int32(30000*math.Cos(radians)), int32(30000*math.Sin(radians)))
		if off := turnBetween(got, a); off < -2 || off > 2 {
			t.Fatalf("angle of the direction %d is %d, want it within 2", a, got)
		}
	}
}

func TestRootIsTheWholePart(t *testing.T) {
	for _, n := range []int64{0, 1, 2, 3, 4, 16128, 16129, 1<<32 - 1, 1 << 32, 1<<60 - 1, 1 << 60} {
		r := int64(root(n))
		if r*r > n || (r+1)*(r+1) <= n {
			t.Errorf("root of %d is %d", n, r)
		}
	}
}
