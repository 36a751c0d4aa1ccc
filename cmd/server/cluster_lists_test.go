package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// watching is a live list as it stands.
type watching struct {
	mu    sync.Mutex
	rooms map[string]int // players, by room
}

// watches follows the live list through a server.
func (c *cluster) watches(name string) *watching {
	c.Helper()
	w := &watching{rooms: map[string]int{}}
	ctx, cancel := context.WithCancel(c.Context())
	c.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+name+"/v1/rooms/events", nil)
	if err != nil {
		c.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	go func() {
		defer resp.Body.Close()
		event := ""
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				w.hear(event, data)
			}
		}
	}()
	return w
}

func (w *watching) hear(event, data string) {
	var room struct {
		ID      string
		Players []struct{}
	}
	if json.Unmarshal([]byte(data), &room) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event {
	case "room":
		w.rooms[room.ID] = len(room.Players)
	case "gone":
		delete(w.rooms, room.ID)
	}
}

func (w *watching) players(room string) (n int, there bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, there = w.rooms[room]
	return n, there
}

func TestALiveListShowsTheRoomsOfAllServers(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
		old := ann.opens(map[string]any{"game": counting.Name})
		lists := map[string]*watching{}
		for _, name := range []string{"a", "b", "c"} {
			lists[name] = c.watches(name)
		}
		shows := func(room string, want int, why string) {
			c.Helper()
			c.pass(3 * time.Second)
			for name, list := range lists {
				if n, there := list.players(room); !there || n != want {
					c.Errorf("the list of %s has it: %v, with %d players, want %d: %s", name, there, n, want, why)
				}
			}
		}
		shows(old.ID, 0, "it was there before")
		fresh := bob.opens(map[string]any{"game": counting.Name})
		shows(fresh.ID, 0, "it was opened since")
		one := bob.joins(counting, bob.takes(fresh.ID))
		two := ann.joins(counting, ann.takes(fresh.ID))
		shows(fresh.ID, 2, "two came")

		c.nodes["b"].dies()
		delete(lists, "b")
		c.pass(20 * time.Second)
		shows(fresh.ID, 2, "its server died, and it goes on at another")
		for _, s := range []*plays{one, two} {
			s.player.at("a").call("DELETE", "/v1/rooms/"+fresh.ID+"/seats/me", nil, 204, nil)
		}
		c.pass(2 * time.Minute)
		for name, list := range lists {
			for _, id := range []string{old.ID, fresh.ID} {
				if _, there := list.players(id); there {
					c.Errorf("the list of %s still has %s, which is closed", name, id)
				}
			}
		}
	})
}

// Pages go through the rooms of all servers, without a gap and without a double.
func TestPagesGoThroughTheRoomsOfAllServers(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		var want []string
		for i := range 18 {
			p := c.arrives("p").at([]string{"a", "b", "c"}[i%3])
			want = append(want, p.opens(map[string]any{"game": counting.Name}).ID)
			c.pass(10 * time.Millisecond)
		}
		slices.Reverse(want)
		for _, via := range []string{"a", "b", "c"} {
			p := c.arrives("q").at(via)
			var got []string
			for cursor := ""; ; {
				var page struct {
					Items      []struct{ ID string }
					NextCursor string `json:"next_cursor"`
				}
				path := "/v1/rooms?limit=4&game=counting&status=waiting"
				if cursor != "" {
					path += "&cursor=" + cursor
				}
				p.call("GET", path, nil, 200, &page)
				for _, r := range page.Items {
					got = append(got, r.ID)
				}
				if cursor = page.NextCursor; cursor == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				c.Errorf("through %s %d rooms, want 18, the newest first:\n%v\n%v", via, len(got), got, want)
			}
		}
	})
}
