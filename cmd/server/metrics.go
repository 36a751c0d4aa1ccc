package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tickroom/net/wire"
)

// metrics is everything /metrics shows. It is the Meter of the rooms and of
// the channel; what is a state and not a count is asked for when scraped.
type metrics struct {
	registry *prometheus.Registry

	tickLate   prometheus.Histogram
	tickCost   prometheus.Histogram
	tickOver   prometheus.Counter
	refused    *prometheus.CounterVec
	panics     *prometheus.CounterVec
	keep       *prometheus.HistogramVec
	journal    *prometheus.HistogramVec
	chunks     prometheus.Counter
	links      prometheus.Gauge
	closed     *prometheus.CounterVec
	frames     *prometheus.CounterVec
	frameBytes *prometheus.CounterVec
	replaced   prometheus.Counter
	desyncs    prometheus.Counter
}

// tickBuckets tell a good tick (well under a millisecond) from a late one (a
// whole tick of 30 Hz and more), in seconds.
var tickBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .02, .033, .066, .133, .5}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
		m.registry.MustRegister(h)
		return h
	}
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		m.registry.MustRegister(c)
		return c
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		m.registry.MustRegister(c)
		return c
	}
	m.tickLate = histogram("tickroom_tick_late_seconds", "How long after its time a tick began.", tickBuckets)
	m.tickCost = histogram("tickroom_tick_cost_seconds", "How long a tick took.", tickBuckets)
	m.tickOver = counter("tickroom_ticks_over_budget_total", "Ticks that took longer than their period.")
	m.refused = counters("tickroom_commands_refused_total", "Commands that the rules refused.", "game")
	m.panics = counters("tickroom_rules_panics_total", "Matches ended by a panic of the rules.", "game")
	m.closed = counters("tickroom_links_closed_total", "Links that ended, by close code; 0 is the peer going.", "code")
	m.frames = counters("tickroom_frames_total", "Frames on the channel.", "direction")
	m.frameBytes = counters("tickroom_frame_bytes_total", "Bytes of the frames on the channel.", "direction")
	m.replaced = counter("tickroom_snapshots_replaced_total", "Snapshots that a newer one replaced before they were sent.")
	m.desyncs = counter("tickroom_desyncs_total", "Views that a client had otherwise than it was sent them; each was sent anew.")
	m.links = prometheus.NewGauge(prometheus.GaugeOpts{Name: "tickroom_links", Help: "Connections on the channel."})
	m.keep = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tickroom_store_match_seconds", Help: "Tries to store a match, by how they went.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"result"})
	m.chunks = counter("tickroom_journal_chunks_total", "Pieces of rooms' journals that were written.")
	m.journal = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tickroom_journal_write_seconds", Help: "Tries to write a batch of the journal, by how they went.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"result"})
	m.registry.MustRegister(m.links, m.keep, m.journal,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// room.Meter.

func (m *metrics) Tick(late, cost time.Duration, over bool) {
	m.tickLate.Observe(late.Seconds())
	m.tickCost.Observe(cost.Seconds())
	if over {
		m.tickOver.Inc()
	}
}
func (m *metrics) Refused(game string)  { m.refused.WithLabelValues(game).Inc() }
func (m *metrics) Panicked(game string) { m.panics.WithLabelValues(game).Inc() }
func (m *metrics) Kept(took time.Duration, err error) {
	m.keep.WithLabelValues(outcome(err)).Observe(took.Seconds())
}

// journal.Meter.

func (m *metrics) Written(took time.Duration, chunks int, err error) {
	m.journal.WithLabelValues(outcome(err)).Observe(took.Seconds())
	if err == nil {
		m.chunks.Add(float64(chunks))
	}
}

// outcome is how a try to store something went.
func outcome(err error) string {
	if err != nil {
		return "failed"
	}
	return "stored"
}

// link.Meter.

func (m *metrics) Opened() { m.links.Inc() }
func (m *metrics) Closed(code wire.CloseCode) {
	m.links.Dec()
	m.closed.WithLabelValues(strconv.Itoa(int(code))).Inc()
}
func (m *metrics) Received(bytes int) { m.frame("in", bytes) }
func (m *metrics) Sent(bytes int)     { m.frame("out", bytes) }
func (m *metrics) Replaced()          { m.replaced.Inc() }
func (m *metrics) Desynced()          { m.desyncs.Inc() }

func (m *metrics) frame(direction string, bytes int) {
	m.frames.WithLabelValues(direction).Inc()
	m.frameBytes.WithLabelValues(direction).Add(float64(bytes))
}

// rooms shows the rooms as they are when somebody asks.
type rooms struct {
	server *server
	rooms  *prometheus.Desc
	seats  *prometheus.Desc
	watch  *prometheus.Desc
	keep   *prometheus.Desc
	paused *prometheus.Desc
	coming *prometheus.Desc
}

func newRooms(s *server) *rooms {
	return &rooms{
		server: s,
		rooms:  prometheus.NewDesc("tickroom_rooms", "Rooms, by game and phase.", []string{"game", "phase"}, nil),
		seats:  prometheus.NewDesc("tickroom_seats", "Seats that are not open, by game and state.", []string{"game", "state"}, nil),
		watch:  prometheus.NewDesc("tickroom_watchers", "Members who look on, by game.", []string{"game"}, nil),
		keep:   prometheus.NewDesc("tickroom_results_waiting", "Matches that ended and wait for the store.", nil, nil),
		paused: prometheus.NewDesc("tickroom_rooms_paused", "Rooms that stand still until their journal is written.", nil, nil),
		coming: prometheus.NewDesc("tickroom_rooms_coming", "Rooms of other processes that are on their way here.", nil, nil),
	}
}

func (c *rooms) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, ch) }

func (c *rooms) Collect(ch chan<- prometheus.Metric) {
	type pair struct{ game, label string }
	phases, seats, watchers := map[pair]int{}, map[pair]int{}, map[string]int{}
	for r := range c.server.lobby.Rooms() {
		status, name := r.Status(), r.Game().Name
		phases[pair{name, string(status.Phase)}]++
		watchers[name] += status.Watchers
		for _, m := range status.Members {
			seats[pair{name, m.State.String()}]++
		}
	}
	gauge := func(d *prometheus.Desc, n int, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	for p, n := range phases {
		gauge(c.rooms, n, p.game, p.label)
	}
	for p, n := range seats {
		gauge(c.seats, n, p.game, p.label)
	}
	for name, n := range watchers {
		gauge(c.watch, n, name)
	}
	keeping, paused := c.server.waiting()
	gauge(c.keep, keeping)
	gauge(c.paused, paused)
	gauge(c.coming, c.server.lobby.Coming())
}
