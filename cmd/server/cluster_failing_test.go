package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/net/wire"
)

// Whatever call of whatever server fails, what was acknowledged is done once.
func TestAClusterOnAShakyDatabaseLosesNothing(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		players := c.crowd()
		c.countThrough(players, func() {
			c.shaky.Store(true)
			time.Sleep(10 * time.Second)
			c.nodes["a"].dies()
			time.Sleep(25 * time.Second)
			c.shaky.Store(false)
		})
	})
}

// Each call of the database in turn fails for a while: whoever asks is refused in
// words, or served; nobody is left to wait, and afterwards all is as before.
func TestAnyCallOfTheDatabaseMayFail(t *testing.T) {
	for _, method := range []string{"Report", "Servers", "Show", "Cards", "Where", "Match", "Renew", "Claim", "Rooms", "Write", "SavePlayer"} {
		t.Run(method, func(t *testing.T) {
			among(t, games, "a b", func(c *cluster) {
				ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
				r := ann.opens(map[string]any{"game": counting.Name})
				one := ann.joins(counting, ann.takes(r.ID))
				c.pass(time.Second)
				c.failing.Store(&method)
				for _, call := range []string{
					"GET /v1/rooms", "GET /v1/rooms/" + r.ID, "POST /v1/rooms/" + r.ID + "/seats", "POST /v1/codes/" + r.Code + "/seats",
					"POST /v1/games/counting/seats", "POST /v1/rooms", "GET /v1/rooms/00000000-0000-7000-8000-000000000000",
				} {
					began := time.Now()
					status := bob.tries(call)
					if status >= 500 && status != http.StatusServiceUnavailable || time.Since(began) > 10*time.Second {
						c.Errorf("%s is answered %d after %v: want a word, soon", call, status, time.Since(began))
					}
				}
				c.pass(2 * time.Second) // with all that went before less than a lease
				c.failing.Store(nil)
				c.pass(5 * time.Second)
				if err := one.Command(c.Context(), count{By: 1}); err != nil {
					c.Errorf("Ann plays on: %v", err)
				}
				s := bob.joins(counting, bob.takes(r.ID))
				c.pass(time.Second)
				if v, _ := last[wire.Snapshot](s, "views come"); v.View.(sum).Sum != 1 {
					c.Errorf("Bob sees %v, want what Ann did", v.View)
				}
				if !slices.Contains(bob.listed(), r.ID) {
					c.Error("the room is not listed any more")
				}
			})
		})
	}
}

// tries makes a call that may be refused.
func (p *player) tries(call string) (status int) {
	p.Helper()
	method, path, _ := strings.Cut(call, " ")
	body := "{}"
	if path == "/v1/rooms" {
		body = `{"game":"counting","private":true}`
	}
	req, err := http.NewRequestWithContext(p.Context(), method, "http://"+cmp.Or(p.via, plainAddress)+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	resp, err := p.http.Do(req)
	if err != nil {
		p.Errorf("%s: %v", call, err)
		return 0
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 400 && !strings.Contains(string(text), `"code":`) {
		p.Errorf("%s: %d %s %v: a refusal says which", call, resp.StatusCode, text, err)
	}
	return resp.StatusCode
}

// Servers come and go, stand still and are cut off, by chance, while people play in
// rooms of all of them.
func TestWhateverBefallsServersNothingIsLostOrTwice(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		var players []*plays
		for i := range 6 {
			p := c.arrives(fmt.Sprint("p", i)).at([]string{"a", "b", "c"}[i%3])
			if i < 2 {
				p.opens(map[string]any{"game": counting.Name})
			}
			players = append(players, p.comes(counting, nil))
		}
		c.pass(time.Second)
		ctx, cancel := context.WithTimeout(c.Context(), 4*time.Minute)
		defer cancel()
		var done atomic.Int64
		var busy sync.WaitGroup
		for i, p := range players {
			busy.Go(func() { p.keepsCounting(ctx, rand.New(rand.NewPCG(*seed, uint64(i))), &done) })
		}
		harms := c.harmByChance(ctx, rand.New(rand.NewPCG(*seed, 99)))
		busy.Wait()
		c.pass(20 * time.Second)
		byRoom := map[string][]Counted{}
		for _, p := range players {
			got := counted(p)
			if was, seen := byRoom[p.ticket.Room]; seen && !slices.Equal(got, was) {
				c.Errorf("%s heard %d events, another in the room %d", p.name, len(got), len(was))
			}
			byRoom[p.ticket.Room] = got
		}
		total := 0
		for _, events := range byRoom {
			total += len(events)
		}
		if int64(total) != done.Load() || total < 200 || harms < 8 {
			c.Errorf("%d harms; %d commands were answered as done, %d were", harms, done.Load(), total)
		}
	})
}

// harmByChance befalls one server after the other, and starts another of its name.
func (c *cluster) harmByChance(ctx context.Context, dice *rand.Rand) (harms int) {
	for ; ctx.Err() == nil; harms++ {
		time.Sleep(time.Duration(5+dice.IntN(10)) * time.Second)
		n := c.nodes[[]string{"a", "b", "c"}[dice.IntN(3)]]
		switch dice.IntN(4) {
		case 0:
			n.dies()
		case 1:
			n.freezes()
			time.Sleep(time.Duration(dice.IntN(12)) * time.Second)
			n.thaws()
		case 2:
			n.isCutOff()
		case 3:
			_ = n.stops() // whose rooms were claimed meanwhile says so
		}
		time.Sleep(time.Duration(1+dice.IntN(10)) * time.Second)
		if !n.dead.Load() {
			n.dies() // whatever is left of it
		}
		c.begins(n.name)
	}
	return harms
}
