package main

import (
	"slices"
	"testing"
	"time"

	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// empty is the body of a call that wishes nothing special.
var empty = struct{}{}

// listed is the ids of the rooms that a player's server lists.
func (p *player) listed() (ids []string) {
	p.Helper()
	var list struct{ Items []struct{ ID string } }
	p.call("GET", "/v1/rooms", nil, 200, &list)
	for _, r := range list.Items {
		ids = append(ids, r.ID)
	}
	return ids
}

type openedRoom struct{ ID, Code, Status string }

// opens opens a room.
func (p *player) opens(body map[string]any) (r openedRoom) {
	p.Helper()
	p.call("POST", "/v1/rooms", body, 201, &r)
	return r
}

// takes takes a seat in a room.
func (p *player) takes(room string) (t ticket) {
	p.Helper()
	p.call("POST", "/v1/rooms/"+room+"/seats", empty, 201, &t)
	return t
}

func TestARoomOfOneServerIsOpenThroughAll(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann, bob, cid := c.arrives("Ann").at("a"), c.arrives("Bob").at("b"), c.arrives("Cid").at("c")
		r := ann.opens(map[string]any{"game": counting.Name})
		if at := c.serverOf(r.ID); at != "a" {
			c.Fatalf("opened at %q: it was asked for at a, which has room", at)
		}
		for _, p := range []*player{ann, bob, cid} {
			if got := p.listed(); !slices.Equal(got, []string{r.ID}) {
				c.Errorf("through %s the list is %v, want the room: at once, and once", p.via, got)
			}
			var seen openedRoom
			p.call("GET", "/v1/rooms/"+r.ID, nil, 200, &seen)
			if seen.Code != r.Code {
				c.Errorf("through %s the room is %+v, want %+v", p.via, seen, r)
			}
		}
		a := ann.joins(counting, ann.takes(r.ID))
		b := bob.joins(counting, bob.takes(r.ID))
		var byCode ticket
		cid.call("POST", "/v1/codes/"+r.Code+"/seats", empty, 201, &byCode)
		d := cid.joins(counting, byCode)
		c.pass(time.Second)
		for i, s := range []*plays{a, b, d} {
			if s.ticket.Room != r.ID || s.ticket.Seat != i {
				c.Errorf("%s sits in %s at %d, want %d of %s", s.name, s.ticket.Room, s.ticket.Seat, i, r.ID)
			}
			if err := s.Command(c.Context(), count{By: i + 1}); err != nil {
				c.Errorf("%s counts: %v", s.name, err)
			}
		}
		c.pass(time.Second)
		for _, s := range []*plays{a, b, d} {
			if v, _ := last[wire.Snapshot](s, "views come"); v.View.(sum).Sum != 6 {
				c.Errorf("%s sees %v, want what all did", s.name, v.View)
			}
		}
		bob.call("DELETE", "/v1/rooms/"+r.ID+"/seats/me", nil, 204, nil)
		c.pass(time.Second)
		b.closedWith(wire.CloseLeft, "he left, through another server")
	})
}

// Every transport reaches a room through a server that does not have it.
func TestEveryTransportIsForwarded(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann := c.arrives("Ann").at("a")
		r := ann.opens(map[string]any{"game": counting.Name})
		for i, over := range []client.Transport{client.WebSocket, client.Stream, client.Poll} {
			p := c.arrives(over.String()).at("b")
			s := p.joinsOver(over, counting, p.takes(r.ID))
			c.pass(40 * time.Second) // longer than a server gives an ordinary answer
			if err := s.Command(c.Context(), count{By: 1}); err != nil {
				c.Errorf("over %v: %v", over, err)
			}
			c.pass(time.Second)
			if v, _ := last[wire.Snapshot](s, "views come"); v.View.(sum).Sum != i+1 {
				c.Errorf("over %v the sum is %v, want %d", over, v.View, i+1)
			}
			if drops := s.dropped(); len(drops) > 0 {
				c.Errorf("over %v the connection was lost: %+v", over, drops)
			}
		}
	})
}

func TestTwoWhoWantAnySeatMeetThroughTwoServers(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		first := c.arrives("Ann").at("a").sits(counting, nil)
		second := c.arrives("Bob").at("b").sits(counting, nil)
		if first.Room != second.Room {
			c.Errorf("seated in %s and %s: want one room", first.Room, second.Room)
		}
		tickets := make(chan ticket, 24)
		for i := range cap(tickets) {
			p := c.arrives("p").at([]string{"a", "b", "c"}[i%3])
			go func() { tickets <- p.sits(relay.Game, nil) }()
		}
		rooms := map[string]int{}
		for range cap(tickets) {
			rooms[(<-tickets).Room]++
		}
		if len(rooms) != 1 {
			c.Errorf("24 who asked at once are in %v: want one room of 32 seats", rooms)
		}
	})
}

// Who has a seat already is given it again, through whatever server.
func TestAskingAgainThroughAnotherServerGivesTheSameSeat(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann := c.arrives("Ann").at("a")
		first := ann.sits(counting, nil)
		for _, via := range []string{"b", "c", "a"} {
			c.pass(time.Second)
			if again := ann.at(via).sits(counting, nil); again.Ticket != first.Ticket {
				c.Errorf("through %s %+v, want %+v", via, again, first)
			}
		}
	})
}

func TestAPrivateRoomIsPrivateThroughEveryServer(t *testing.T) {
	among(t, games, "a b", func(c *cluster) {
		ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
		r := ann.opens(map[string]any{"game": counting.Name, "private": true})
		c.pass(time.Second)
		if got := bob.listed(); len(got) > 0 {
			c.Errorf("the list is %v, want nothing", got)
		}
		bob.call("GET", "/v1/rooms/"+r.ID, nil, 403, nil)
		bob.call("POST", "/v1/rooms/"+r.ID+"/seats", empty, 403, nil)
		if other := bob.sits(counting, nil); other.Room == r.ID {
			c.Error("who wants any seat was put into a private room")
		}
		ann.at("b").call("GET", "/v1/rooms/"+r.ID, nil, 200, nil)
		bob.call("POST", "/v1/codes/"+r.Code+"/seats", empty, 201, nil)
		bob.call("GET", "/v1/rooms/"+r.ID, nil, 200, nil)
	})
}

func TestARoomThatEndedHasEndedThroughEveryServer(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("b")
		r := ann.opens(map[string]any{"game": counting.Name})
		one := ann.joins(counting, ann.takes(r.ID))
		two := bob.joins(counting, bob.takes(r.ID))
		c.pass(time.Second)
		bob.call("POST", "/v1/rooms/"+r.ID+"/again", empty, 409, nil)
		if err := one.Command(c.Context(), count{By: 2, End: true}); err != nil {
			c.Fatal(err)
		}
		c.pass(2 * time.Minute)
		two.closedWith(wire.CloseOver, "the match is over, and so is the time to read the result")
		for _, via := range []string{"a", "b", "c"} {
			if got := ann.at(via).listed(); len(got) > 0 {
				c.Errorf("through %s the list is %v, want nothing", via, got)
			}
			ann.call("GET", "/v1/rooms/"+r.ID, nil, 410, nil)
		}
		var first, second ticket
		ann.at("c").call("POST", "/v1/rooms/"+r.ID+"/again", empty, 201, &first)
		bob.at("b").call("POST", "/v1/rooms/"+r.ID+"/again", empty, 201, &second)
		if first.Room != second.Room || first.Room == r.ID {
			c.Errorf("again they sit in %s and %s, want one new room", first.Room, second.Room)
		}
	})
}

// A replay is watched at the server that was asked; the link may come in at any.
func TestAReplayIsWatchedThroughEveryServer(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann, bob := c.arrives("Ann").at("a"), c.arrives("Bob").at("a")
		one := ann.comes(counting, nil)
		bob.comes(counting, nil)
		c.pass(time.Second)
		if err := one.Command(c.Context(), count{By: 7, End: true}); err != nil {
			c.Fatal(err)
		}
		c.pass(5 * time.Second)
		for _, via := range []string{"a", "b", "c"} { // each link comes in at the next server
			var seat ticket
			ann.at(via).call("POST", "/v1/matches/"+one.ticket.Room+"/replay", empty, 201, &seat)
			s := ann.joins(counting, seat)
			c.pass(5 * time.Second)
			if v, _ := last[wire.Snapshot](s, "it is shown"); v.View.(sum).Sum != 7 {
				c.Errorf("asked for at %s it shows %v in the end, want 7", via, v.View)
			}
		}
	})
}

// A match that is still played is watched where it is played, whoever was asked.
func TestAMatchThatIsPlayedIsWatchedThroughEveryServer(t *testing.T) {
	among(t, games, "a b c", func(c *cluster) {
		ann := c.arrives("Ann").at("a")
		one := ann.comes(counting, nil)
		c.arrives("Bob").at("a").comes(counting, nil)
		c.pass(time.Second)
		if err := one.Command(c.Context(), count{By: 7}); err != nil {
			c.Fatal(err)
		}
		c.pass(5 * time.Second)
		for _, via := range []string{"a", "b", "c"} {
			cid := c.arrives("Cid").at(via)
			var seat ticket
			cid.call("POST", "/v1/matches/"+one.ticket.Room+"/replay", empty, 201, &seat)
			s := cid.joins(counting, seat)
			c.pass(10 * time.Second)
			if v, _ := last[wire.Snapshot](s, "it is shown"); v.View.(sum).Sum != 7 {
				c.Errorf("asked for through %s it shows %v, want 7", via, v.View)
			}
		}
	})
}
