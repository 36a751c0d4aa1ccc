package wire

import (
	"fmt"
	"reflect"

	"tickroom/game"
)

// What a room is between two ticks, kept in its journal among what happened: who
// begins there need not play what came before. A later build that keeps other
// fields gets kinds of its own.
type (
	// SavedRoom is all of a room while its match runs.
	SavedRoom struct {
		Chunk   uint32 // the number of the one it is in
		Tick    uint64 // of the room: those before it have been played
		Began   int64  // as Began has it; 0 is not yet
		Issued  uint32 // memberships so far
		Shut    []game.Seat
		Members []SavedMember // by number: those there are, and those who left and have played
		Played  []uint32      // numbers of who ever had a seat and came, in order
		Spoken  []uint32      // the last lines of chat, by their place in Frames
		Frames  []Frame       // what is kept for somebody, each once
		Hash    uint64        // of the match
		Match   Frame         // a SavedMatch
	}
	// SavedMember is a membership.
	SavedMember struct {
		Number           uint32
		ID, Name         string
		Seat             game.Seat
		State            game.SeatState
		Until            uint64 // when held: tick of the room
		Came, Left, Here bool
		Spent, Since     uint64 // ticks: its allowance of chat
		Link             *SavedLink
	}
	// SavedLink is the newest link of a membership.
	SavedLink struct {
		Name     string
		Received uint32
		Acked    uint32
		Behind   bool
		Kept     []uint32 // by their place in Frames
	}
	// SavedMatch is the match.
	SavedMatch game.Saved
)

func (SavedRoom) kind() Kind  { return KindSavedRoom }
func (SavedMatch) kind() Kind { return KindSavedMatch }

// Outbox is what a link keeps for its client: of what must arrive all that is
// not acknowledged, after the number that is.
type Outbox struct {
	Acked  uint32
	Frames []Frame
	Behind bool // nothing is kept: its client is to be told all anew
}

// DecodeSaved reads a SavedMatch of g. It trusts nothing in it.
func DecodeSaved(g *game.Game, f Frame) (game.Saved, error) {
	m, err := decode(f, kept, func(Message) (reflect.Type, error) {
		if g.SavedType() == nil {
			return nil, fmt.Errorf("%s saves nothing", g.Name)
		}
		return g.SavedType(), nil
	})
	if err != nil {
		return game.Saved{}, fmt.Errorf("decode saved match of %s: %w", g.Name, err)
	}
	saved, ok := m.(SavedMatch)
	if !ok {
		return game.Saved{}, fmt.Errorf("decode saved match of %s: found a %T", g.Name, m)
	}
	return game.Saved(saved), nil
}
