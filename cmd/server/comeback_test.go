package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	proxy "tickroom/net/cable"
)

// How long it takes from the network being back to the first view, over a
// network without delay and over a long one: for clients that are told that it
// is back, as a browser tells, and for those that find out by themselves. One
// operation is a story of fifty cuts.
//
//	go test ./cmd/server -run '^$' -bench ComeBack
func BenchmarkComeBack(b *testing.B) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(fmt.Sprint("delay=", delay), func(b *testing.B) {
			var all []comeback
			for b.Loop() {
				c := course{seed: rand.Uint64(), line: proxy.Line{Delay: delay}, longest: 3 * time.Second, between: 6 * time.Second}
				cuts, _ := playThroughCuts(b, c)
				all = append(all, cuts...)
			}
			b.Logf("from the network back to the first view, ms:\n%s", table(all))
			b.ReportMetric(share(times(all, anyway), 0.5), "median-ms")
			b.ReportMetric(share(times(all, byItself), 0.5), "unwoken-median-ms")
			b.ReportMetric(ms(all[0].rtt), "rtt-ms")
			b.ReportMetric(0, "ns/op") // says nothing
		})
	}
}

// table has a row for each kind of harm, and of waking.
func table(all []comeback) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "harm\ttold\tcuts\tmedian\tp90\tmax\t\n")
	row := func(name, told string, these []float64) {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.0f\t%.0f\t%.0f\t\n", name, told, len(these), share(these, 0.5), share(these, 0.9), share(these, 1))
	}
	for _, h := range harms {
		is := func(c comeback) bool { return c.harm == h.name }
		row(h.name, "yes", times(all, func(c comeback) bool { return is(c) && c.woken }))
		row(h.name, "no", times(all, func(c comeback) bool { return is(c) && !c.woken }))
	}
	row("all", "yes", times(all, func(c comeback) bool { return c.woken }))
	row("all", "no", times(all, byItself))
	row("all", "", times(all, anyway))
	w.Flush()
	return text.String()
}

func anyway(comeback) bool     { return true }
func byItself(c comeback) bool { return !c.woken }

// times are those of some cuts, in ms, the shortest first.
func times(all []comeback, which func(comeback) bool) (some []float64) {
	for _, c := range all {
		if which(c) {
			some = append(some, ms(c.took))
		}
	}
	slices.Sort(some)
	return some
}

// share is the time that such a share of the sorted times is not longer than.
func share(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
