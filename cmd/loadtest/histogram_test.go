package main

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuantilesAreThoseOfASortedListButForARounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Int64Range(-10, int64(time.Hour)), 1, 200).Draw(t, "times")
		var h histogram
		for _, d := range times {
			h.add(time.Duration(d))
		}
		slices.Sort(times)
		for _, q := range []float64{0, .5, .99, 1} {
			want := max(times[int(q*float64(len(times)-1))], 0)
			got := int64(h.quantile(q))
			if off := got - want; max(off, -off) > want/perOctave {
				t.Errorf("quantile %v is %d, want %d: more than a 64th off", q, got, want)
			}
		}
	})
}

func TestNothingHasNoQuantile(t *testing.T) {
	if got := new(histogram).quantile(.5); got != 0 {
		t.Errorf("half of nothing is below %v", got)
	}
}

func BenchmarkHistogram(b *testing.B) {
	var h histogram
	b.ReportAllocs()
	for b.Loop() {
		h.add(time.Duration(b.N) * time.Microsecond)
	}
}
