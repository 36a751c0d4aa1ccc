package room

import "tickroom/game"

// membership is one person's right to a seat, or to watch: from being given
// out until it is given up. It outlives links. Owned by the room's goroutine.
type membership struct {
	number uint32
	player Player
	seat   game.Seat // game.Watcher when watching
	state  game.SeatState
	until  roomTick // when Held: given up at this tick
	came   bool     // has been Taken at least once
	left   bool     // gave it up before the end

	current  *Member // the newest link, nil when none yet
	received uint32  // the number of its client's last message
	here     bool    // something carries it; otherwise it keeps what must arrive

	controls controls
	chat     allowance
}

// roomTick counts the ticks of a room. It goes on where the match's own tick
// stands still: before the first player and after the end.
type roomTick int64

// seats says who has which seat. It knows no links and no rules: the room acts
// on what it returns. Owned by the room's goroutine.
type seats struct {
	at []*membership // by seat; nil is open, or given up if shut
	// shut marks seats that were given up and do not open again.
	shut []bool
}

func newSeats(n int) seats {
	return seats{at: make([]*membership, n), shut: make([]bool, n)}
}

// free counts the seats that can be taken.
func (s seats) free() int {
	n := 0
	for i := range s.at {
		if s.at[i] == nil && !s.shut[i] {
			n++
		}
	}
	return n
}

// first is the lowest seat that can be taken.
func (s seats) first() (game.Seat, bool) {
	for i := range s.at {
		if s.at[i] == nil && !s.shut[i] {
			return game.Seat(i), true
		}
	}
	return 0, false
}

// of finds a player's membership.
func (s seats) of(playerID string) *membership {
	for _, w := range s.at {
		if w != nil && w.player.ID == playerID {
			return w
		}
	}
	return nil
}

// sit gives a free seat to a membership.
func (s seats) sit(w *membership) { s.at[w.seat] = w }

// leave takes a seat from its membership and says what it becomes: open again
// if reopen, otherwise given up.
func (s seats) leave(w *membership, reopen bool) game.SeatState {
	s.at[w.seat] = nil
	if reopen {
		return game.Open
	}
	s.shut[w.seat] = true
	return game.GivenUp
}

// count is how many players are here (Taken) and how many expected (Held).
func (s seats) count() (here, expected int) {
	for _, w := range s.at {
		switch {
		case w == nil:
		case w.state == game.Taken:
			here++
		default:
			expected++
		}
	}
	return here, expected
}
