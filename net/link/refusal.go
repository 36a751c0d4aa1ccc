package link

import (
	"errors"

	"tickroom/net/wire"
)

// Why a Host lets nobody in. Any other error is taken for a fault of the
// server: the client may come back, and the error is logged.
var (
	ErrTicket    = errors.New("no such ticket")
	ErrOver      = errors.New("the room is closed")
	ErrBusy      = errors.New("the room has too much to do")
	ErrGoingAway = errors.New("the server is stopping")
	ErrFailed    = errors.New("the match could not be recovered")
)

// refusals is what a client is told of an error of Host.Join.
var refusals = []struct {
	err  error
	code wire.CloseCode
	text string
}{
	{ErrTicket, wire.CloseTicket, "There is no such ticket, or its seat was given up."},
	{ErrOver, wire.CloseOver, "The room is closed."},
	{ErrBusy, wire.CloseBusy, "The room has too much to do."},
	{ErrFailed, wire.CloseFailed, "The match could not be recovered by this server. What was played is kept."},
	{ErrGoingAway, wire.CloseGoingAway, "The server is stopping."},
}

func refusal(err error) (wire.CloseCode, string) {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.code, r.text
		}
	}
	return wire.CloseBusy, "The server could not let you in."
}
