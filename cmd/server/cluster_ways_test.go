package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// alone has players reach each server by an address of its own.
func alone(c *cluster) { c.public = true }

func TestPlayersAreSentToTheServerOfTheirRoom(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
		r := ann.opens(map[string]any{"game": counting.Name})
		seat := bob.takes(r.ID)
		if want := "ws://tickroom/v1/play?room=" + r.ID; seat.URL != want {
			c.Errorf("the channel is %q, want %q: where he asked, which lives on when a server dies", seat.URL, want)
		}
		seat.URL = strings.Replace(seat.URL, "://tickroom", "://b", 1) // which is who answers there now
		s := bob.joins(counting, seat)
		c.pass(time.Second)
		if went := c.ways[&bob.cable]; !slices.Equal(went, []string{"b:80", "a:80"}) {
			c.Errorf("he went to %v, want b, which does not have the room, and then where it said", went)
		}
		if err := s.Command(c.Context(), count{By: 1}); err != nil {
			c.Errorf("Bob plays: %v", err)
		}
	}, alone)
}

// Who was sent to a server that dies comes back to where they began.
func TestPlayersOfAServerThatDiesFindTheirRoomAgain(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		c.countThrough(players, c.nodes["a"].dies)
	}, alone)
}

// Who reaches each server alone cannot come back to one that has stopped.
func TestPlayersOfAServerThatStopsAreSentToAnother(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		c.countThrough(players, func() {
			if err := c.nodes["a"].stops(); err != nil {
				c.Errorf("stopped with %v", err)
			}
		})
		for _, p := range players {
			if still := p.stoodStill(); still > 3*time.Second {
				c.Errorf("%s saw nothing for %v: where to go was said", p.name, still)
			}
		}
	}, alone)
}

// A call for a room whose server does not answer is refused, with when to ask
// again, and nobody hangs.
func TestACallForAServerThatDoesNotAnswerIsRefused(t *testing.T) {
	for name, befalls := range map[string]func(*node){"it is dead": (*node).dies, "it stands still": (*node).freezes} {
		t.Run(name, func(t *testing.T) {
			among(t, games, "a b", func(c *cluster) {
				ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
				r := ann.opens(map[string]any{"game": counting.Name})
				befalls(c.nodes["a"])
				began := time.Now()
				resp, err := c.http.Get("http://b/v1/rooms/" + r.ID)
				if err != nil {
					c.Fatal(err)
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || time.Since(began) > 6*time.Second {
					c.Errorf("%s, Retry-After %q, after %v; want 503 soon, and when to ask again", resp.Status, resp.Header.Get("Retry-After"), time.Since(began))
				}
				c.pass(15 * time.Second)
				bob.call("GET", "/v1/rooms/"+r.ID, nil, 200, nil)
			})
		})
	}
}

// What a stranger writes into the header of forwarded calls is nothing.
func TestNobodyElseCanSayWhoTheyForwardFor(t *testing.T) {
	among(t, games, "a b", func(c *cluster) {
		ann := c.arrives("Ann").at("a")
		r := ann.opens(map[string]any{"game": counting.Name})
		for _, header := range []string{"by=b&for=1.2.3.4&scheme=https&sum=00&to=a", "%", strings.Repeat("x", 1000)} {
			req, err := http.NewRequestWithContext(c.Context(), http.MethodGet, "http://b/v1/rooms/"+r.ID, nil)
			if err != nil {
				c.Fatal(err)
			}
			req.Header.Set("Tickroom-Forwarded", header)
			resp, err := c.http.Do(req)
			if err != nil {
				c.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				c.Errorf("%q: %s, want the call to be as any other", header, resp.Status)
			}
		}
		ann.call("GET", "/v1/neighbour", nil, 404, nil)
	})
}

// What a server forwards counts for who calls, so one who calls too often is refused
// and others who come by the same server are not.
func TestLimitsAreOfWhoCallsAndNotOfWhoForwards(t *testing.T) {
	among(t, games, "a b", func(c *cluster) {
		ann := c.arrives("Ann").at("a")
		r := ann.opens(map[string]any{"game": counting.Name})
		refused := 0
		ann.at("b")
		for range 400 {
			if status := ann.tries("GET /v1/rooms/" + r.ID); status == http.StatusTooManyRequests {
				refused++
			}
		}
		if refused < 200 {
			c.Errorf("%d of 400 calls of one player in no time were refused, want most: 180 a minute are allowed", refused)
		}
		c.arrives("Bob").at("b").call("GET", "/v1/rooms/"+r.ID, nil, 200, nil) // who is another, and comes by the same server
	})
}
