package main

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"tickroom/game"
)

// mill is a game whose ticks take nearly all the time there is: one room of it for
// each core is all that a server can do.
type mill struct{ counter }

func (*mill) Step(*game.Turn) { time.Sleep(95 * time.Millisecond) }

var milling = game.Define(game.Info{
	Name: "milling", Title: "Milling", Version: 1, Seats: 4, TickRate: 10, Late: true, Events: []any{Counted{}},
}, func(*game.Turn) *mill { return new(mill) })

var busyGames = game.NewCatalog(counting, milling)

// fills has a server do all it can, with rooms that somebody plays in.
func (c *cluster) fills(name string) {
	c.Helper()
	p := c.arrives("miller").at(name)
	for range runtime.GOMAXPROCS(0) {
		p.joins(milling, p.takes(p.opens(map[string]any{"game": milling.Name, "private": true}).ID))
	}
	c.pass(15 * time.Second)
	if load := c.nodes[name].server.lobby.Load(); load < 850 {
		c.Fatalf("the load of %s is %d: this shows nothing", name, load)
	}
}

func TestAFullServerHasAnotherOpenRooms(t *testing.T) {
	among(t, busyGames, "a b c", func(c *cluster) {
		c.fills("a")
		ann := c.arrives("Ann").at("a")
		r := ann.opens(map[string]any{"game": counting.Name})
		if at := c.serverOf(r.ID); at != "b" && at != "c" {
			c.Errorf("opened at %q, want b or c: a is full", at)
		}
		for _, via := range []string{"b", "c"} { // whoever asks for any seat goes there too
			if seat := c.arrives("Bob").at(via).sits(counting, nil); seat.Room != r.ID {
				c.Errorf("seated in %s, want %s, the room with a seat", seat.Room, r.ID)
			}
		}
		if err := ann.joins(counting, ann.takes(r.ID)).Command(c.Context(), count{By: 1}); err != nil {
			c.Errorf("Ann plays: %v", err)
		}
	})
}

func TestWhereAllServersAreFullARoomIsRefused(t *testing.T) {
	among(t, busyGames, "a b", func(c *cluster) {
		c.fills("a")
		c.fills("b")
		ann := c.arrives("Ann").at("a")
		for path, body := range map[string]string{"/v1/rooms": `{"game":"counting"}`, "/v1/games/counting/seats": `{}`} {
			req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, "http://a"+path, strings.NewReader(body))
			if err != nil {
				c.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer "+ann.token)
			resp, err := c.http.Do(req)
			if err != nil {
				c.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
				c.Errorf("POST %s: %s, Retry-After %q; want 503 and when to try again", path, resp.Status, resp.Header.Get("Retry-After"))
			}
		}
		var ready readiness
		ann.call("GET", "/readyz", nil, 200, &ready)
		if ready.Load < 850 || len(ready.Neighbours) != 1 || ready.Neighbours[0] != "b" {
			c.Errorf("readyz says %+v, want the load and the neighbour", ready)
		}
	})
}

// Rooms are opened where they are asked for, until that server is clearly busier.
func TestABusierServerIsRelieved(t *testing.T) {
	among(t, busyGames, "a b", func(c *cluster) {
		opened := map[string]int{}
		for range 4 * runtime.GOMAXPROCS(0) {
			p := c.arrives("p").at("a")
			r := p.opens(map[string]any{"game": milling.Name, "private": true})
			opened[c.serverOf(r.ID)]++
			p.joins(milling, p.takes(r.ID))
			c.pass(10 * time.Second)
			if opened["b"] > 0 {
				break
			}
		}
		if opened["a"] == 0 || opened["b"] == 0 {
			c.Errorf("opened %v: want the first here, and others at the idle server", opened)
		}
	})
}

// A server that does not answer is no place for a room: it is opened here.
func TestARoomIsOpenedHereWhereTheOtherCannotBeReached(t *testing.T) {
	among(t, busyGames, "a b", func(c *cluster) {
		if runtime.GOMAXPROCS(0) == 1 {
			c.Skip("on one core a room of this game is all that a server can do")
		}
		p := c.arrives("miller").at("a")
		for range runtime.GOMAXPROCS(0) / 2 {
			p.joins(milling, p.takes(p.opens(map[string]any{"game": milling.Name, "private": true}).ID))
			c.pass(time.Second)
		}
		c.pass(15 * time.Second)
		if load := c.nodes["a"].server.lobby.Load(); load < 200 || load > 800 {
			c.Fatalf("the load is %d: a must be busier than b, and not full", load)
		}
		c.nodes["b"].dies() // and for a lease's length nobody knows
		r := c.arrives("Ann").at("a").opens(map[string]any{"game": counting.Name})
		if at := c.serverOf(r.ID); at != "a" {
			c.Errorf("opened at %q, want a", at)
		}
	})
}
