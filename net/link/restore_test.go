package link_test

import (
	"testing"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// restores is when the process dies, and another has the link as it was saved.
// The room tells again what came later.
func (s *stage) restores(had wire.Outbox, received uint32, later ...uint32) {
	s.t.Helper()
	s.port.Lost(0)
	s.room.link().Close(wire.CloseOver, "The process is dead.")
	s.room.takeHeard()
	s.hub = link.NewHub(link.Config{Host: s.room, Meter: s.meter})
	l := s.hub.Restore("good", s.name, had)
	s.room.mu.Lock()
	s.room.last = l
	s.room.mu.Unlock()
	s.sends(later...)
	l.Restored(s.room, received)
}

func TestASavedLinkGoesOnWhereItWas(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2, 3, 4)
		s.readsReplies("all arrive", 1, 2, 3, 4)
		s.says(wire.Ack{Seen: 3})
		had := s.room.link().Outbox()
		if had.Acked != 3 || len(had.Frames) != 2 || had.Behind {
			t.Fatalf("saved %d frames after %d, want the 2 that are not acknowledged after 3", len(had.Frames), had.Acked)
		}
		s.sends(5)
		s.readsReplies("it arrives, and is not in what was saved", 5)
		s.restores(had, 7, 5, 6)
		s.comes(6) // welcome and 1 to 5
		s.heard("back", "the room need not tell anything again")
		s.readsLinked(wire.Linked{Resumed: true, Received: 7}, "the numbers of both sides go on")
		s.readsReplies("what the other process did not tell any more", 6)
		s.readsNothing("each once")
		s.says(wire.Ack{Seen: 7})
		s.sends(7)
		s.readsReplies("it is a link like any other", 7)
	})
}

func TestASavedLinkKnowsWhatIsForgotten(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		s.sends(1, 2, 3)
		s.readsReplies("all arrive", 1, 2, 3)
		s.says(wire.Ack{Seen: 4})
		s.restores(s.room.link().Outbox(), 0)
		s.comes(2)
		s.heard("renew", "what it has not seen any more is acknowledged, and gone")
		s.readsLinked(behind, "it is told all anew")
	})
}

func TestASavedLinkThatWasBehindIsToldAllAnew(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		s.enter()
		for n := range uint32(2 * wire.MaxQueueFrames) {
			s.room.link().Send(frame(t, wire.Reply{N: n}))
		}
		had := s.room.link().Outbox()
		if !had.Behind || len(had.Frames) > 0 {
			t.Fatalf("saved with %d frames, behind: %t; want nothing of a link that is behind", len(had.Frames), had.Behind)
		}
		s.restores(had, 0, 9)
		s.comes(1)
		s.heard("renew", "what was told meanwhile is lost")
		s.readsLinked(behind, "it was behind in the other process")
		s.room.link().Begin(frame(t, welcome))
		s.reads(welcome, "told anew")
		s.readsNothing("what the room told before it is void")
	})
}
