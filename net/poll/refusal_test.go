package poll_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/poll"
	"tickroom/net/wire"
)

// asksUntil polls for as long as a context lasts.
func (p *player) asksUntil(ctx context.Context) *http.Response {
	p.polls++
	r, err := http.NewRequestWithContext(ctx, "POST", "http://play.test/v1/play/poll", bytes.NewReader(framed(wire.Post{Conn: p.conn, N: p.polls})))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	response, err := p.http.Do(r)
	if err != nil {
		return nil
	}
	return response
}

func TestWhichPagesMayConnect(t *testing.T) {
	play(t, poll.Config{Origins: []string{"https://friend.example"}}, func(s *stage) {
		for _, c := range []struct {
			why, origin string
			status      int
		}{
			{"a program sends no origin", "", 200},
			{"our own page", "https://play.test", 200},
			{"a page of the list", "https://friend.example", 200},
			{"a foreign page", "https://evil.example", 403},
			{"a page without an origin to name", "null", 403},
		} {
			var header []string
			if c.origin != "" {
				header = []string{"Origin", c.origin}
			}
			response := s.post("poll", hello("ann", "L"+c.origin, 0, 1), header...)
			readable := response.Header.Get("Access-Control-Allow-Origin")
			s.wants(response, c.status, c.why)
			if want := c.origin; c.status == 200 && readable != want {
				s.Errorf("%s: pages of %q may read the answer, want %q", c.why, readable, want)
			}
			if c.status != 200 && readable != "" {
				s.Errorf("%s: it may read why", c.why)
			}
		}
	})
}

func TestAPageOfAnotherSiteAsksFirst(t *testing.T) {
	play(t, poll.Config{Origins: []string{"https://friend.example"}}, func(s *stage) {
		for _, path := range []string{"stream", "poll", "say"} {
			response := s.request("OPTIONS", path, nil, "Origin", "https://friend.example",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
			h := response.Header
			s.wants(response, 204, "a preflight of a page on the list")
			if h.Get("Access-Control-Allow-Origin") != "https://friend.example" || h.Get("Access-Control-Allow-Methods") != "POST" ||
				!strings.EqualFold(h.Get("Access-Control-Allow-Headers"), "content-type") || h.Get("Access-Control-Allow-Credentials") != "" {
				s.Errorf("%s: answered %v; want POST of a content type, without credentials", path, h)
			}
			if !slices.Contains(h.Values("Vary"), "Origin") {
				s.Errorf("%s: a cache would give this answer to other sites", path)
			}
			s.wants(s.request("OPTIONS", path, nil, "Origin", "https://evil.example"), 403, "a preflight of a foreign page")
		}
	})
}

func TestRequestsThatAreNone(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		whole := hello("ann", "L", 0, 1)
		for _, c := range []struct {
			why, path string
			body      []byte
			status    int
		}{
			{"no such request", "shout", whole, 404},
			{"an empty body", "stream", nil, 400},
			{"an empty body", "poll", nil, 400},
			{"an empty body", "say", nil, 400},
			{"a frame that is cut", "stream", whole[:len(whole)-1], 400},
			{"two frames where one is due", "stream", append(slices.Clip(whole), whole...), 400},
			{"a poll with more than its post", "poll", append(framed(wire.Post{Conn: "x", N: 1}), whole...), 400},
			{"a say without a post", "say", whole, 400},
			{"a frame above the limit", "stream", wire.AppendFrame(nil, make([]byte, wire.MaxFrame+1)), 413},
			{"a body above the limit", "poll", make([]byte, 1<<20), 400}, // its first frame is empty, and another follows
			{"a post above the limit", "say", wire.AppendFrame(nil, make([]byte, 1000)), 413},
			{"a name that was guessed", "poll", framed(wire.Post{Conn: strings.Repeat("A", 26), N: 1}), 410},
			{"a name that was guessed", "say", framed(wire.Post{Conn: strings.Repeat("A", 26), N: 1}, wire.Ping{}), 410},
			{"no name", "say", framed(wire.Post{N: 1}, wire.Ping{}), 410},
		} {
			s.wants(s.post(c.path, c.body), c.status, c.why)
		}
		s.wants(s.request("GET", "stream", nil), 405, "what is asked for is no page")
		s.wants(s.post("stream", whole, "Content-Type", "text/plain"), 415, "what a page may send without asking first")
		if len(s.room.all()) > 0 || len(s.meter.closed) > 0 {
			s.Errorf("room %q, meter %v; want nothing begun by any of these", s.room.all(), s.meter.closed)
		}
	})
}

func TestAnswersAreNotKeptOrChangedOnTheWay(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		response := s.post("poll", hello("ann", "L", 0, 1))
		h := response.Header
		s.wants(response, 200, "a connection opens")
		if h.Get("Content-Type") != "application/octet-stream" || !strings.Contains(h.Get("Cache-Control"), "no-store") || h.Get("X-Accel-Buffering") != "no" {
			s.Errorf("answered with %v", h)
		}
	})
}

func TestRequestsOutOfTurnEndTheConnection(t *testing.T) {
	for name, c := range map[string]struct {
		does   func(p *player) *http.Response
		status int
	}{
		"a poll that skips others": {func(p *player) *http.Response {
			p.polls = 5
			return p.asks()
		}, 409},
		"a say that skips others": {func(p *player) *http.Response {
			p.says = 5
			return p.tries(wire.Ping{})
		}, 409},
		"two polls at once": {func(p *player) *http.Response {
			go p.asks()
			synctest.Wait()
			return p.asks()
		}, 409},
		"two says at once": {func(p *player) *http.Response {
			half, more := io.Pipe()
			go p.request("POST", "say", half)
			_, _ = more.Write(framed(wire.Post{Conn: p.conn, N: 1}))
			synctest.Wait()
			defer more.Close()
			return p.tries(wire.Ping{})
		}, 409},
		"frames that are cut": {func(p *player) *http.Response {
			body := framed(wire.Post{Conn: p.conn, N: 1}, wire.Ping{T: 5})
			return p.post("say", body[:len(body)-1])
		}, 400},
		"a frame above the limit": {func(p *player) *http.Response {
			return p.post("say", wire.AppendFrame(framed(wire.Post{Conn: p.conn, N: 1}), make([]byte, wire.MaxFrame+1)))
		}, 413},
		"more than the limit at once": {func(p *player) *http.Response {
			body := framed(wire.Post{Conn: p.conn, N: 1})
			for range 20 {
				body = wire.AppendFrame(body, make([]byte, 4<<10))
			}
			return p.post("say", body)
		}, 413},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, poll.Config{}, func(s *stage) {
				p := s.polling("ann")
				s.wants(c.does(p), c.status, name)
				if c.status != 409 { // it is told why, over the connection that it has
					got := p.messages(p.wants(p.asks(), 200, "bye waits for the next poll"))
					if bye, ok := got[len(got)-1].(wire.Bye); !ok || bye.Code.ComeBack() {
						s.Errorf("told %#v, want bye and not to come back", got)
					}
				}
				synctest.Wait()
				s.wants(p.tries(wire.Ping{}), 410, "the connection has ended")
				if !s.room.heard("ann gone") {
					s.Errorf("the room heard %q; want the seat held", s.room.all())
				}
			})
		})
	}
}

func TestAStreamIsNotPolled(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		s.wants(p.asks(), 409, "its frames have a way already, and two would mix them")
		if m := p.read(); m != nil {
			s.Errorf("the stream said %#v, want its end", m)
		}
	})
}

func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p := s.streams("ann")
		half, more := io.Pipe()
		var asking sync.WaitGroup
		asking.Go(func() { p.request("POST", "say", half) })
		_, _ = more.Write(framed(wire.Post{Conn: p.conn, N: 1}, wire.Input{Tick: 1, Data: aim{}}))
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if len(s.room.all()) > 0 {
			s.Errorf("the room heard %q of a request that did not come whole, and may come again", s.room.all())
		}
		p.saying(wire.Input{Tick: 2, Data: aim{}})
		if got, want := s.room.all(), []string{"ann input 2"}; !slices.Equal(got, want) {
			s.Errorf("the room heard %q, want %q: the number was not used up", got, want)
		}
		more.Close()
		asking.Wait()
	})
}

func TestAFloodIsSlowedAndThenCut(t *testing.T) {
	play(t, poll.Config{}, func(s *stage) {
		p, began := s.streams("ann"), time.Now()
		var messages []wire.Message
		for range 2000 {
			messages = append(messages, wire.Input{Tick: 1, Data: aim{}})
		}
		s.wants(p.tries(messages...), 204, "it came, and what became of it is said in the stream")
		p.hearsEnd(wire.CloseFlood, "too much for too long")
		if took := time.Since(began); took < wire.MaxSlow || took > wire.MaxSlow+time.Second {
			s.Errorf("cut after %v; want %v of being slowed first: a network that stalled is no flood", took, wire.MaxSlow)
		}
	})
}
