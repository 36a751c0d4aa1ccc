package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickroom/game"
	"tickroom/net/wire"
)

// alone is a player whose lobby says no to everything, and writes down what was asked.
func alone(t *testing.T) (*player, *[]string) {
	t.Helper()
	var asked []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusConflict)
	}))
	t.Cleanup(api.Close)
	l, err := newLoad(config{url: api.URL, game: "swarm", speak: tickroom}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.poll.close)
	p := newPlayer(l, l.crowd.(*lobby), guest{}, 0, 1)
	p.seat, p.phase = ticket{Ticket: "t", URL: api.URL + "/v1/play", Room: "one"}, playing
	return p, &asked
}

func TestHowALinkThatBrokeIsGoneOnWith(t *testing.T) {
	for name, c := range map[string]struct {
		err        error
		over       bool
		leaving    bool
		asks       []string
		reconnects uint64
		refused    uint64
	}{
		"a network that broke":             {err: errGone, asks: []string{"GET /v1/play"}, reconnects: 1},
		"a server that stops":              {err: closedError{4000, ""}, asks: []string{"GET /v1/play"}, reconnects: 1},
		"a proxy that went away":           {err: closedError{1006, ""}, asks: []string{"GET /v1/play"}, reconnects: 1},
		"a server that will come back":     {err: &statusError{status: 503}, asks: []string{"GET /v1/play"}, reconnects: 1},
		"a seat that was given up":         {err: closedError{4503, ""}, refused: 1},
		"something that was said wrong":    {err: closedError{1009, ""}, refused: 1},
		"a ticket that is none":            {err: &statusError{status: 403}, refused: 1},
		"a match that is over":             {err: errOver, over: true, asks: []string{"POST /v1/rooms/one/again"}},
		"a room that closed after a match": {err: closedError{4506, ""}, over: true, asks: []string{"POST /v1/rooms/one/again"}},
		"leaving":                          {err: closedError{4505, ""}, leaving: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, asked := alone(t)
			p.over, p.load.leaving = c.over, c.leaving
			again, pause := p.ended(c.err, time.Second)
			if pause != 0 || p.playing() {
				t.Errorf("the first try is after %v, and it plays on: %v; want at once, and not", pause, p.playing())
			}
			if again != nil {
				if _, err := again(context.Background()); err == nil {
					t.Error("the way back leads somewhere, and nobody is there")
				}
			}
			if diff := cmp.Diff(c.asks, *asked); diff != "" {
				t.Errorf("where it went: %s", diff)
			}
			if got := p.load.tally; got.reconnects != c.reconnects || got.refused != c.refused {
				t.Errorf("%d come back, %d refused; want %d, %d", got.reconnects, got.refused, c.reconnects, c.refused)
			}
		})
	}
}

func TestTriesToComeBackAreEverFurtherApart(t *testing.T) {
	p, _ := alone(t)
	p.stayed = 10 * time.Second // not yet, for any of these
	var longest time.Duration
	for n := range 20 {
		_, pause := p.ended(errGone, time.Second)
		if n == 0 && pause > 0 || pause > mostPause {
			t.Fatalf("try %d is after %v, want the first at once and none after more than %v", n+1, pause, mostPause)
		}
		longest = max(longest, pause)
	}
	if longest < leastPause {
		t.Errorf("20 tries, and none was more than %v after the last", longest)
	}
	if _, pause := p.ended(errGone, time.Minute); pause != 0 {
		t.Errorf("after a connection that held, the next try is after %v, want at once", pause)
	}
}

func TestWhatWasAskedGoesOnAsTheServerSays(t *testing.T) {
	for name, c := range map[string]struct {
		linked wire.Linked
		kept   []uint32
		lost   uint64
	}{
		"resumed: the replies follow":              {wire.Linked{Resumed: true, Received: 2}, []uint32{1, 2, 3}, 0},
		"behind: two were done, their answers not": {wire.Linked{Why: "behind", Received: 2}, []uint32{3}, 0},
		"unknown: nobody knows":                    {wire.Linked{Why: "unknown"}, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := alone(t)
			p.n, p.phase = 3, greeting
			p.socket = &socket{said: new(uint64), write: func(_ *socket, b []byte) (int, error) { return len(b), nil }}
			for n := range uint32(3) {
				p.asked = append(p.asked, asked{n: n + 1})
			}
			p.linked(c.linked)
			var kept []uint32
			for _, a := range p.asked {
				kept = append(kept, a.n)
			}
			if diff := cmp.Diff(c.kept, kept); diff != "" || p.load.tally.lost != c.lost {
				t.Errorf("%d lost, want %d; still asked: %s", p.load.tally.lost, c.lost, diff)
			}
		})
	}
}

func TestAnAnswerIsOfTheFirstThatIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		n                       uint32
		code                    string
		doubled, early, refused uint64
	}{
		"done":            {n: 5},
		"refused":         {n: 5, code: "over", refused: 1},
		"a second time":   {n: 4, doubled: 1},
		"before its turn": {n: 6, early: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := alone(t)
			p.asked = []asked{{n: 5}, {n: 6}}
			p.answered(wire.Reply{N: c.n, Code: c.code}, time.Second)
			if got := p.load.tally; got.duplicated != c.doubled || got.outOfOrder != c.early || got.refused != c.refused {
				t.Errorf("%d doubled, %d out of order, %d refused", got.duplicated, got.outOfOrder, got.refused)
			}
		})
	}
}

func TestTicksAreReadInEveryForm(t *testing.T) {
	for _, tick := range []uint32{0, 1, 127, 128, 255, 256, 65535, 65536, 1<<32 - 1} {
		frame, err := wire.Encode(wire.Input{Tick: game.Tick(tick), Data: struct{}{}})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := tickOf(frame); !ok || got != tick {
			t.Errorf("tick %d is read as %d, %v", tick, got, ok)
		}
	}
	for _, frame := range []string{"", "\x93\x11", "\x93\x11\xcd\x01", "\x93\x11\xce\x01\x02\x03", "\x93\x11\xa1x"} {
		if tick, ok := tickOf([]byte(frame)); ok {
			t.Errorf("% x is no tick, and is read as %d", frame, tick)
		}
	}
}
