//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheTableHasMediansAndRatios(t *testing.T) {
	cpu := func(all ...float64) (results []result) {
		for _, c := range all {
			results = append(results, result{CPU: c, Rate: 8000, Bytes: 90, Age: tail{.25, 2}})
		}
		return results
	}
	peers := []peer{
		{name: "uring", title: "the limit", speak: "plain"}, {name: "tickroom", title: "ours", speak: "tickroom"},
		{name: "gone", title: "not here"}, {name: "melody", title: "plain", speak: "plain"},
	}
	var out bytes.Buffer
	if err := printTable(&out, choices{rooms: 50, players: 8, times: 3}, peers, [][]result{cpu(8, 5, 9), cpu(16, 12, 99), nil, cpu(40)}); err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(out.String(), "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	want := `| the limit | 8.0 | 1.0 | 0.5 | 90 | 100.0 % | 0.25 | 2.0 | 0.00 | 0.0 | 0.0 |
| ours | 16.0 | 2.0 | 1.0 | 90 | 100.0 % | 0.25 | 2.0 | 0.00 | 0.0 | 0.0 |
| plain | 40.0 | 5.0 | 2.5 | 90 | 100.0 % | 0.25 | 2.0 | 0.00 | 0.0 | 0.0 |
`
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("the middle of each line's three, by the limit's and by ours; who was left out has no line: %s", diff)
	}
}

func TestWithoutTheLimitNothingIsComparedWithIt(t *testing.T) {
	var out bytes.Buffer
	if err := printTable(&out, choices{rooms: 1, players: 8}, []peer{{name: "melody", title: "plain", speak: "plain"}}, [][]result{{{CPU: 5}}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "| plain | 5.0 | – | – |") {
		t.Errorf("want dashes where there is nothing to compare with:\n%s", out.String())
	}
}

// The bare loop and melody speak for all: the others need npm.
func TestServersAreMeasuredInTurn(t *testing.T) {
	for _, tool := range []string{"taskset", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs ", tool)
		}
	}
	if runtime.NumCPU() < 2 {
		t.Skip("needs a core for who measures, and one for who is measured")
	}
	t.Chdir("../../../..")
	c := choices{rooms: 10, players: 2, times: 1, span: 1500 * time.Millisecond, warm: 100 * time.Millisecond, server: "0", load: "1", names: []string{"write", "melody"}}
	var out bytes.Buffer
	if err := run(t.Context(), c, &out); err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"C, write(2)", "Go, melody"} {
		var cpu, limit, bytes float64
		i := strings.Index(out.String(), "| "+title)
		if i < 0 {
			t.Fatalf("no line of %s:\n%s", title, out.String())
		}
		_, figures, _ := strings.Cut(out.String()[i+2:], "|")
		if _, err := fmt.Sscanf(figures, "%f | %f | – | %f", &cpu, &limit, &bytes); err != nil || cpu <= 0 || limit < .5 || bytes < 250 {
			t.Errorf("%s: %q: want its CPU, how far from the limit, and a whole state's bytes (%v)", title, figures, err)
		}
	}
	if _, err := os.Stat("cmd/loadtest/peers/limit"); err == nil {
		t.Error("it left what it built among the sources")
	}
}
