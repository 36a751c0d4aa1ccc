package main

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets 1/64 of their size apart, so that any
// quantile is right to 1.6 %. It takes no memory to add to. The zero value is empty.
type histogram struct {
	counts [58 * perOctave]uint64
	n      uint64
	most   time.Duration
}

// perOctave is how many buckets there are between a duration and its double.
const perOctave = 64

// add counts one; less than none counts as none.
func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d))]++
	h.n++
	h.most = max(h.most, d)
}

// bucket is exact up to perOctave nanoseconds; above, the highest 7 bits say it.
func bucket(ns uint64) int {
	shift := max(bits.Len64(ns)-bits.Len(perOctave), 0)
	return shift*perOctave + int(ns>>shift)
}

// quantile is what a share q of all is no longer than: the middle of its bucket,
// or the longest exactly.
func (h *histogram) quantile(q float64) time.Duration {
	rank, seen := uint64(q*float64(max(h.n, 1)-1)), uint64(0)
	if rank+1 >= h.n {
		return h.most
	}
	for i, c := range h.counts {
		seen += c
		if seen > rank {
			return min(middle(i), h.most)
		}
	}
	return h.most
}

func middle(i int) time.Duration {
	shift := max(i/perOctave-1, 0)
	low := uint64(i-shift*perOctave) << shift
	return time.Duration(low + (uint64(1)<<shift)/2)
}
