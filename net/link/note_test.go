package link_test

import (
	"testing"

	"tickroom/net/wire"
)

// TestANoteComesAtOnceButNotBeforeWelcome: a client can read nothing before it
// knows the game.
func TestANoteComesAtOnceButNotBeforeWelcome(t *testing.T) {
	play(t, func(t *testing.T, s *stage) {
		old, new, late := wire.Notice{Code: "paused"}, wire.Notice{Code: "playing"}, wire.Notice{Code: "keeping"}
		s.try++
		s.says(wire.Hello{Ticket: "good", Client: "test", Link: s.name, Try: s.try})
		s.heard("join good", "hello joins the room its ticket is for")
		s.room.link().Note(frame(t, old))
		s.room.link().Note(frame(t, new))
		s.readsLinked(wire.Linked{Why: "new"}, "the server has never heard of it")
		s.reads(welcome, "nothing comes before it")
		s.reads(new, "then how the room is: only the newest counts")
		s.sends(1, 2, 3)
		s.room.link().Note(frame(t, late))
		s.readsReplies("it is on its way already", 1)
		s.reads(late, "from then on a note waits for nothing that is not")
		s.readsReplies("the others follow", 2, 3)
	})
}
