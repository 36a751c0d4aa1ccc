package link_test

import (
	"fmt"
	"strings"
	"testing"

	"tickroom/net/link"
	"tickroom/net/wire"
)

const elsewhere = "wss://b.example.com/v1/play?room=7"

// refuge makes a server that, when it goes away, knows another for the ticket
// "good".
func (s *stage) refuge(url string) {
	s.hub = link.NewHub(link.Config{Host: s.room, Meter: s.meter, Refuge: func(ticket string) string {
		if ticket != "good" {
			s.t.Errorf("asked for the refuge of ticket %q", ticket)
		}
		return url
	}})
	s.connects()
}

func TestWhoComesToTheWrongServerIsToldTheRightOne(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.room.err = fmt.Errorf("room 7: %w", &link.MovedError{URL: elsewhere})
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
		s.heard("join good", "the host knows where the room is")
		s.reads(wire.Moved{URL: elsewhere}, "the client goes on there at once, and is not told that it is linked here")
		s.readsBye(wire.CloseMoved, "there is nothing more to say here")
	})
}

func TestAServerThatGoesAwaySaysWhereItsRoomsGoOn(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.port.Lost(0)
		s.refuge(elsewhere)
		s.enter()
		s.sends(1)
		s.room.link().Close(wire.CloseGoingAway, "The server is stopping.")
		s.readsReplies("what was queued comes first", 1)
		s.reads(wire.Moved{URL: elsewhere}, "the client need not look for it")
		s.readsBye(wire.CloseMoved, "the link ends here")
	})
	play(t, func(t *testing.T, s *stage) {
		s.port.Lost(0)
		s.refuge(elsewhere)
		s.room.err = link.ErrGoingAway
		s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
		s.heard("join good", "the server is stopping")
		s.reads(wire.Moved{URL: elsewhere}, "who comes while it stops is sent on as well")
		s.readsBye(wire.CloseMoved, "the link does not begin here")
	})
	play(t, func(t *testing.T, s *stage) {
		s.port.Lost(0)
		s.refuge(elsewhere)
		s.enter()
		s.room.link().Close(wire.CloseOver, "The room is closed.")
		s.readsBye(wire.CloseOver, "what is over goes on nowhere")
	})
}

func TestWithoutAnotherServerTheClientComesBackWhereItWas(t *testing.T) {
	for _, url := range []string{"", strings.Repeat("x", wire.MaxURL+1), "ws://\xff/"} {
		play(t, func(t *testing.T, s *stage) {
			s.port.Lost(0)
			s.refuge(url)
			s.enter()
			s.room.link().Close(wire.CloseGoingAway, "The server is stopping.")
			s.readsBye(wire.CloseGoingAway, "no other server is known")
		})
		play(t, func(t *testing.T, s *stage) {
			s.room.err = &link.MovedError{URL: url}
			s.says(wire.Hello{Ticket: "good", Link: s.name, Try: 1})
			s.heard("join good", "the room is elsewhere")
			s.readsBye(wire.CloseGoingAway, "nobody can be sent nowhere")
		})
	}
}
