package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// someReport is of a run of 2 s in which 8 players got 40 states each.
func someReport() report {
	l := &load{cfg: config{url: "http://here", game: "swarm", rooms: 1, speak: tickroom}, crowd: newLobby(config{}, nil), idle: 1500 * time.Millisecond}
	l.bots = make([]*booked, 8)
	l.tally = tally{measuring: true, states: 320, bytes: 320 * 90, said: 8000, reconnects: 2}
	for i := range 100 {
		l.tally.age.add(time.Duration(i) * 10 * time.Microsecond)
	}
	before, from, to := process{rss: 1000}, process{cpu: time.Second, rss: 1100}, process{cpu: time.Second + 3200*time.Microsecond, rss: 1136}
	return l.found(2*time.Second, before, from, to, nil)
}

func TestTheJSONHasEveryFigureByItsName(t *testing.T) {
	var out bytes.Buffer
	if err := someReport().writeJSON(&out); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("it is not one object: %v", err)
	}
	want := strings.Fields(`age_error_ms age_ms answer_ms busy bytes_per_state bytes_said cpu_us_per_state desyncs duplicated game late_ms lost
		out_of_order players rate reconnects refused rooms rss_kb_per_conn rtt_ms seconds server skipped states`)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("names that programs read: %s", diff)
	}
	for name, want := range map[string]float64{
		"states": 320, "rate": 160, "bytes_per_state": 90, "bytes_said": 500, "cpu_us_per_state": 10, "rss_kb_per_conn": 17, "busy": .25, "reconnects": 2,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if diff := cmp.Diff([]string{"max", "p50", "p99", "p999"}, slices.Sorted(maps.Keys(got["age_ms"].(map[string]any)))); diff != "" {
		t.Errorf("how a time is spread: %s", diff)
	}
}

func TestTheTableIsForPeople(t *testing.T) {
	var out bytes.Buffer
	if err := someReport().writeTable(&out); err != nil {
		t.Fatal(err)
	}
	want := `server                        http://here
played                        swarm, 8 players in 1 rooms, 2.0 s
states                        320, 160 a second
bytes a state                 90
bytes a player says           500 a second
server's CPU a state          10.0 us
server's memory a player      17.0 KB
age of a state                p50 0.49  p99 0.98  p99.9 0.98  max 0.99 ms
ages may be off by            0.00 ms
states skipped                0
lost, doubled, out of order   0, 0, 0
reconnects, refused, desyncs  2, 0, 0
this program was busy         25 %
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestABrokenPromiseIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		report report
		broken bool
	}{
		"all is well":      {report{States: 9, Skipped: 3, Reconnects: 2, Refused: 1}, false},
		"nothing came":     {report{}, true},
		"one was lost":     {report{States: 9, Lost: 1}, true},
		"one came twice":   {report{States: 9, Duplicated: 1}, true},
		"one came late":    {report{States: 9, OutOfOrder: 1}, true},
		"views are others": {report{States: 9, Desyncs: 1}, true},
	} {
		if err := c.report.verdict(); (err != nil) != c.broken {
			t.Errorf("%s: %v", name, err)
		}
	}
}
