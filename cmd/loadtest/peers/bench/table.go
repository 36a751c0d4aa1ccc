//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
)

// result is what loadtest's JSON says, as far as it goes into the table.
type result struct {
	Rate  float64 `json:"rate"`
	Bytes float64 `json:"bytes_per_state"`
	CPU   float64 `json:"cpu_us_per_state"`
	RSS   float64 `json:"rss_kb_per_conn"`
	Age   tail    `json:"age_ms"`
	Late  tail    `json:"late_ms"`
	Busy  float64 `json:"busy"`
}

type tail struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

func (r *result) read(line string) error     { return json.Unmarshal([]byte(line), r) }
func (r *result) readLate(line string) error { return json.Unmarshal([]byte(line), &r.Late) }

// median takes that of each figure by itself.
func median(all []result) result {
	of := func(figure func(result) float64) float64 {
		var figures []float64
		for _, r := range all {
			figures = append(figures, figure(r))
		}
		slices.Sort(figures)
		return figures[len(figures)/2]
	}
	return result{
		Rate: of(func(r result) float64 { return r.Rate }), Bytes: of(func(r result) float64 { return r.Bytes }),
		CPU: of(func(r result) float64 { return r.CPU }), RSS: of(func(r result) float64 { return r.RSS }),
		Age:  tail{of(func(r result) float64 { return r.Age.P50 }), of(func(r result) float64 { return r.Age.P99 })},
		Late: tail{of(func(r result) float64 { return r.Late.P50 }), of(func(r result) float64 { return r.Late.P99 })},
		Busy: of(func(r result) float64 { return r.Busy }),
	}
}

// printTable prints the medians; ratios are of CPU, by the first that there is
// (the limit), and by tickroom.
func printTable(w io.Writer, c choices, peers []peer, results [][]result) error {
	ours, limit := 0.0, 0.0
	for i, p := range peers {
		if len(results[i]) == 0 {
			continue
		}
		if cpu := median(results[i]).CPU; p.name == "tickroom" {
			ours = cpu
		} else if limit == 0 && p.speak == "plain" && p.name != "melody" {
			limit = cpu
		}
	}
	fmt.Fprintf(w, "%d rooms of %d, 20 states a second to each, one core, %s/%s; medians of %d.\n\n", c.rooms, c.players, runtime.GOOS, runtime.GOARCH, c.times)
	fmt.Fprintln(w, "| | CPU a state, us | x limit | x tickroom | bytes a state | delivered | age p50, ms | p99 | tick late p50, ms | p99 | memory a player, KB |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for i, p := range peers {
		if len(results[i]) == 0 {
			continue
		}
		m := median(results[i])
		fmt.Fprintf(w, "| %s | %.1f | %s | %s | %.0f | %.1f %% | %.2f | %.1f | %.2f | %.1f | %.1f |\n", p.title,
			m.CPU, ratio(m.CPU, limit), ratio(m.CPU, ours), m.Bytes, 100*m.Rate/c.due(), m.Age.P50, m.Age.P99, m.Late.P50, m.Late.P99, m.RSS)
	}
	return nil
}

// ratio of nothing is a dash.
func ratio(a, b float64) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", a/b)
}
