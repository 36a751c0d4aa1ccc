package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// joinsOver connects to the room of a ticket over a transport.
func (p *player) joinsOver(over client.Transport, g *game.Game, t ticket) *plays {
	p.Helper()
	s := &plays{player: p, game: g, ticket: t, deaf: gate{make(chan struct{}, 1)}}
	s.joinsBy(over, func() (net.Conn, error) { return s.dial(&s.cable) })
	return s
}

func (s *plays) joinsBy(over client.Transport, dial func() (net.Conn, error)) {
	s.Helper()
	cfg := s.config()
	cfg.Transport = over
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) { return dial() }
	var err error
	if s.Client, err = client.Join(s.Context(), cfg); err != nil {
		s.Fatalf("%s joins over %v: %v", s.name, over, err)
	}
	s.guests = append(s.guests, s)
}

func overEach(t *testing.T, games game.Catalog, story func(w *world, over client.Transport)) {
	for _, over := range []client.Transport{client.WebSocket, client.Stream, client.Poll} {
		t.Run(over.String(), func(t *testing.T) {
			within(t, games, func(w *world) { story(w, over) })
		})
	}
}

func TestAMatchIsPlayedOverAnyTransport(t *testing.T) {
	overEach(t, games, func(w *world, over client.Transport) {
		a, b := w.arrives("Ann"), w.arrives("Bob")
		ann, bob := a.joinsOver(over, counting, a.sits(counting, nil)), b.comes(counting, nil)
		w.pass(20 * time.Second) // longer than the HTTP server gives a request
		if err := ann.Command(w.Context(), count{By: 3}); err != nil {
			w.Errorf("Ann counts: %v", err)
		}
		refused, ok := errors.AsType[*game.Refusal](ann.Command(w.Context(), count{By: -1}))
		if !ok || refused.Code != "negative" {
			w.Errorf("counting down: %v, want refused with its reason", refused)
		}
		w.pass(2 * tick)
		if v, at := last[wire.Snapshot](ann, "views come"); v.View.(sum).Sum != 3 || time.Since(at) > 2*tick {
			w.Errorf("Ann sees %v of %v ago, want 3 of now", v.View, time.Since(at))
		}
		if views, _ := all[wire.Snapshot](ann); len(views) < 19*counting.SnapshotRate {
			w.Errorf("Ann saw %d views in 20 s at %d a second", len(views), counting.SnapshotRate)
		}
		if e, _ := last[wire.Event](bob, "events are for all"); e.Data != (Counted{0, 3}) {
			w.Errorf("Bob heard %v", e.Data)
		}
		if drops := ann.dropped(); len(drops) > 0 {
			w.Errorf("Ann lost her connection: %v", drops)
		}
		if err := ann.Leave(w.Context()); err != nil {
			w.Errorf("Ann leaves: %v", err)
		}
		ann.closedWith(wire.CloseLeft, "she left")
	})
}

func TestAPulledCableIsFoundOutBothEndsOverAnyTransport(t *testing.T) {
	overEach(t, games, func(w *world, over client.Transport) {
		ann, b := w.arrives("Ann").comes(counting, nil), w.arrives("Bob")
		bob := b.joinsOver(over, counting, b.sits(counting, nil))
		w.pass(20 * time.Second)
		pulled := time.Now()
		bob.cable.pull(true)
		w.pass(3 * time.Second)
		if drops := bob.dropped(); len(drops) == 0 {
			w.Error("Bob has heard nothing for 3 s, and waits on")
		}
		w.pass(10 * time.Second)
		noticed := ann.sees(1, game.Held, "Bob's cable is out")
		w.around(noticed.Sub(pulled), wire.DeadAfter-wire.PingEvery, wire.PingEvery+2*tick, "12 s after the last that was heard")
		bob.cable.pull(false)
		plugged := time.Now()
		bob.Wake()
		w.pass(time.Second)
		if _, at := last[wire.Snapshot](bob, "he is back"); at.Before(plugged) {
			w.Error("woken when the network was back, Bob still sees the past")
		}
		ann.sees(1, game.Taken, "Bob is back")
	})
}

func TestASlowReaderOverAnyTransportCostsItselfOnly(t *testing.T) {
	overEach(t, games, func(w *world, over client.Transport) {
		ann, b := w.arrives("Ann").comes(relay.Game, nil), w.arrives("Bob")
		bob := b.joinsOver(over, relay.Game, b.sits(relay.Game, nil))
		w.pass(time.Second)
		bob.deaf.Lock()
		slowest := time.Duration(0)
		for range 100 {
			began := time.Now()
			if err := ann.Command(w.Context(), relay.Command{To: relay.All, Name: "big", Data: make([]byte, 3<<10)}); err != nil {
				w.Fatalf("Ann is refused: %v", err)
			}
			slowest = max(slowest, time.Since(began))
			w.pass(250 * time.Millisecond)
		}
		ann.sees(1, game.Held, "what must arrive did not fit for Bob any more")
		if slowest > 2*time.Second/30 {
			w.Errorf("Ann waited %v for an answer, want a tick or two: Bob is not her business", slowest)
		}
		bob.deaf.Unlock()
		w.pass(10 * time.Second)
		ann.sees(1, game.Taken, "Bob reads again and came back")
	})
}

func TestAStoppedServersMatchGoesOnOverAnyTransport(t *testing.T) {
	overEach(t, games, func(w *world, over client.Transport) {
		a := w.arrives("Ann")
		ann := a.joinsOver(over, counting, a.sits(counting, nil))
		w.arrives("Bob").comes(counting, nil) // and the match begins
		w.pass(time.Second)
		began := time.Now()
		w.stop()
		w.pass(0)
		if took := time.Since(began); took > 4*time.Second {
			w.Errorf("stopping took %v with a player who reads", took)
		}
		never[wire.Over](ann, "the match goes on")
		w.starts()
		if err := ann.Command(w.Context(), count{By: 1}); err != nil {
			w.Errorf("Ann goes on: %v", err)
		}
		if welcomes, _ := all[wire.Welcome](ann); len(welcomes) != 1 {
			w.Errorf("she was welcomed %d times, want once: the conversation goes on", len(welcomes))
		}
	})
}

// A client that may use all transports finds the one that works, stays with it,
// and finds the way up again, in the middle of a match.
func TestTheWayDownAndUpAgainInMidMatch(t *testing.T) {
	within(t, games, func(w *world) {
		ann, b := w.arrives("Ann").comes(counting, nil), w.arrives("Bob")
		bob := &plays{player: b, game: counting, ticket: b.sits(counting, nil), deaf: gate{make(chan struct{}, 1)}}
		o := w.newOffice(&bob.cable)
		defer o.close()

		o.set(func(o *office) { o.refuses = true })
		bob.joinsBy(client.Auto, o.dial)
		o.carries(client.Stream, "WebSockets are refused")

		stop, counts := make(chan struct{}), new(sync.WaitGroup)
		done := [2]int{}
		for i, s := range []*plays{ann, bob} {
			counts.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(170 * time.Millisecond):
					}
					if err := s.Command(w.Context(), count{By: 1}); err != nil {
						w.Errorf("%s counts: %v", s.name, err)
						return
					}
					done[i]++
				}
			})
		}
		w.pass(10 * time.Second)

		o.set(func(o *office) { o.refuses, o.swallows, o.keeps = false, true, true })
		bob.cable.cut()
		w.pass(15 * time.Second)
		o.carries(client.Poll, "a proxy swallows what WebSockets carry, and keeps streams back")

		o.set(func(o *office) { o.keeps = false })
		bob.cable.cut()
		w.pass(10 * time.Second)
		o.carries(client.Poll, "what worked last is tried first")

		before := len(ann.states(1))
		o.set(func(o *office) { o.swallows = false })
		w.pass(2 * time.Minute)
		o.carries(client.WebSocket, "they work again")
		if after := ann.states(1)[before:]; len(after) > 0 {
			w.Errorf("Ann was told %v of Bob's seat while he changed over; want nothing: he was there all the time", after)
		}
		close(stop)
		counts.Wait()
		w.pass(time.Second)
		if total := done[0] + done[1]; len(counted(ann)) != total || !slices.Equal(counted(ann), counted(bob)) {
			w.Errorf("%d were done, Ann heard %d, Bob %d; want each once, in the same order", total, len(counted(ann)), len(counted(bob)))
		}
		if done[1] < 300 {
			w.Errorf("Bob did %d: he was away for most of it", done[1])
		}
		if welcomes, _ := all[wire.Welcome](bob); len(welcomes) != 1 {
			w.Errorf("Bob was welcomed %d times, want once: it is one link", len(welcomes))
		}
	})
}

// states is what a player was told of a seat.
func (s *plays) states(seat game.Seat) (states []game.SeatState) {
	told, _ := all[wire.Member](s)
	for _, m := range told {
		if m.Seat == seat {
			states = append(states, m.State)
		}
	}
	return states
}

// office is where somebody plays from: behind a proxy that does not think much of
// what it does not know.
type office struct {
	*world
	doors   *hall
	proxy   *httputil.ReverseProxy
	serving *http.Server
	served  chan error

	// Guarded by mu.
	mu       sync.Mutex
	refuses  bool // to open a WebSocket
	swallows bool // what WebSockets carry
	keeps    bool // an answer, until it has all of it
	polled   bool // since carries asked
	posted   bool // anything
}

func (w *world) newOffice(c *cable) *office {
	o := &office{world: w, served: make(chan error, 1), doors: newHall(make(chan net.Conn))}
	quiet := slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelDebug)
	o.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "tickroom"
		},
		Transport:      &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return w.dial(c) }, DisableKeepAlives: true},
		FlushInterval:  -1,
		ErrorLog:       quiet,
		ModifyResponse: o.keep,
	}
	o.serving = &http.Server{Handler: o, ErrorLog: quiet}
	go func() { o.served <- o.serving.Serve(o.doors) }()
	return o
}

func (o *office) close() {
	o.serving.Close()
	<-o.served
}

func (o *office) set(how func(*office)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	how(o)
}

func (o *office) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case o.doors.doors <- far:
		return near, nil
	case <-time.After(time.Second):
		return nil, errors.New("nobody listens")
	}
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	refuses, swallows := o.refuses, o.swallows
	socket := r.Header.Get("Upgrade") != ""
	o.posted = o.posted || !socket
	o.polled = o.polled || strings.HasSuffix(r.URL.Path, "/poll")
	o.mu.Unlock()
	switch {
	case socket && refuses:
		http.Error(w, "what is this?", http.StatusForbidden)
	case socket && swallows:
		<-r.Context().Done()
	case socket:
		o.proxy.ServeHTTP(w, r)
	default: // as most do: first all of the request, then the answer
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		o.proxy.ServeHTTP(w, r)
	}
}

// keep reads all of an answer before it passes any of it on. A stream's does not
// end.
func (o *office) keep(r *http.Response) error {
	o.mu.Lock()
	keeps := o.keeps
	o.mu.Unlock()
	if !keeps || r.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	whole, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(whole))
	return err
}

// carries wants a transport to be what frames come over for some seconds.
func (o *office) carries(want client.Transport, why string) {
	o.Helper()
	o.set(func(o *office) { o.polled, o.posted = false, false })
	o.pass(5 * time.Second)
	o.mu.Lock()
	defer o.mu.Unlock()
	got := client.WebSocket
	switch {
	case o.polled:
		got = client.Poll
	case o.posted:
		got = client.Stream
	}
	if got != want {
		o.Errorf("carried by %v, want %v: %s", got, want, why)
	}
}
