package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"
)

// report is what was found. Its JSON is what -json prints: times in milliseconds
// unless their name says otherwise; what is not known is 0.
type report struct {
	Server  string  `json:"server"`
	Game    string  `json:"game"`
	Rooms   int     `json:"rooms"`
	Players int     `json:"players"`
	Seconds float64 `json:"seconds"`

	States        uint64  `json:"states"`          // that arrived
	Rate          float64 `json:"rate"`            // of them, a second
	BytesPerState float64 `json:"bytes_per_state"` // on the wire, with the frame's header
	BytesSaid     float64 `json:"bytes_said"`      // by a player, a second
	CPUPerState   float64 `json:"cpu_us_per_state"`
	RSSPerConn    float64 `json:"rss_kb_per_conn"`

	Age      tail    `json:"age_ms"`
	AgeError float64 `json:"age_error_ms"` // how far all ages of a room may be off
	Late     tail    `json:"late_ms"`
	RTT      tail    `json:"rtt_ms"`
	Answer   tail    `json:"answer_ms"` // from a command to its reply

	Skipped    uint64 `json:"skipped"` // states that were due and did not come
	Lost       uint64 `json:"lost"`    // messages that must arrive
	Duplicated uint64 `json:"duplicated"`
	OutOfOrder uint64 `json:"out_of_order"`
	Reconnects uint64 `json:"reconnects"`
	Refused    uint64 `json:"refused"` // commands and players
	Desyncs    uint64 `json:"desyncs"`

	Busy float64 `json:"busy"` // share of this program's time that it worked
}

// tail is how a time is spread.
type tail struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
	Max  float64 `json:"max"`
}

func (l *load) found(took time.Duration, before, from, to process, late lateness) report {
	t := &l.tally
	r := report{
		Server: l.cfg.url, Game: l.cfg.game, Rooms: l.cfg.rooms, Players: len(l.bots), Seconds: per(took.Seconds(), 1),
		States: t.states, Rate: per(float64(t.states), took.Seconds()), BytesPerState: per(float64(t.bytes), t.states),
		BytesSaid:   per(float64(t.said-l.said)/took.Seconds(), len(l.bots)),
		CPUPerState: per(float64(to.cpu-from.cpu)/1e3, t.states),
		RSSPerConn:  per(float64(to.rss-before.rss), len(l.bots)),
		Age:         tailOf(t.age.quantile), RTT: tailOf(t.rtt.quantile), Answer: tailOf(t.answer.quantile), Late: tailOf(late.quantile),
		AgeError: ms(l.crowd.wrong()),
		Skipped:  t.skipped, Lost: t.lost, Duplicated: t.duplicated, OutOfOrder: t.outOfOrder,
		Reconnects: t.reconnects, Refused: t.refused, Desyncs: t.desyncs,
		Busy: per(float64(took-l.idle), int(took)),
	}
	if l.cfg.speak != tickroom {
		r.Game = l.cfg.speak
	}
	return r
}

func tailOf(quantile func(float64) time.Duration) tail {
	return tail{ms(quantile(.5)), ms(quantile(.99)), ms(quantile(.999)), ms(quantile(1))}
}

// ms is milliseconds, to the microsecond.
func ms(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// per divides, to three digits after the point; nothing of nothing is nothing.
func per[N uint64 | int | float64](sum float64, n N) float64 {
	if n == 0 {
		return 0
	}
	return math.Round(1000*sum/float64(n)) / 1000
}

func (r report) writeJSON(w io.Writer) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", b)
	return err
}

func (r report) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	row("server", "%s", r.Server)
	row("played", "%s, %d players in %d rooms, %.1f s", r.Game, r.Players, r.Rooms, r.Seconds)
	row("states", "%d, %.0f a second", r.States, r.Rate)
	row("bytes a state", "%.0f", r.BytesPerState)
	row("bytes a player says", "%.0f a second", r.BytesSaid)
	if r.CPUPerState > 0 {
		row("server's CPU a state", "%.1f us", r.CPUPerState)
		row("server's memory a player", "%.1f KB", r.RSSPerConn)
	}
	for _, times := range []struct {
		name string
		tail tail
	}{{"age of a state", r.Age}, {"ticks late", r.Late}, {"round trip", r.RTT}, {"answer to a command", r.Answer}} {
		if times.tail != (tail{}) {
			row(times.name, "p50 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms", times.tail.P50, times.tail.P99, times.tail.P999, times.tail.Max)
		}
	}
	row("ages may be off by", "%.2f ms", r.AgeError)
	row("states skipped", "%d", r.Skipped)
	row("lost, doubled, out of order", "%d, %d, %d", r.Lost, r.Duplicated, r.OutOfOrder)
	row("reconnects, refused, desyncs", "%d, %d, %d", r.Reconnects, r.Refused, r.Desyncs)
	row("this program was busy", "%.0f %%", 100*r.Busy)
	return t.Flush()
}

// verdict is an error if the server did not keep what it promises.
func (r report) verdict() error {
	switch {
	case r.States == 0:
		return errors.New("no state came")
	case r.Lost+r.Duplicated+r.OutOfOrder+r.Desyncs > 0:
		return fmt.Errorf("%d lost, %d doubled, %d out of order, %d desyncs", r.Lost, r.Duplicated, r.OutOfOrder, r.Desyncs)
	}
	return nil
}
