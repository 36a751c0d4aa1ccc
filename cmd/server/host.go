package main

import (
	"context"
	"errors"

	"tickroom/game/room"
	"tickroom/lobby"
	"tickroom/net/link"
)

// host is where links find the rooms of the lobby: the lobby and the channel do
// not know each other, this is what they have in common.
type host struct{ lobby *lobby.Lobby }

// Join implements link.Host.
func (h host) Join(ctx context.Context, ticket string, l *link.Link) (link.Member, error) {
	r, ok := h.lobby.RoomOf(ticket)
	if !ok {
		return nil, link.ErrTicket
	}
	m, err := r.Join(ctx, ticket, l)
	switch {
	case errors.Is(err, room.ErrTicket):
		return nil, link.ErrTicket
	case errors.Is(err, room.ErrClosed):
		return nil, link.ErrOver
	case errors.Is(err, room.ErrBusy):
		return nil, link.ErrBusy
	case err != nil:
		return nil, err
	}
	return m, nil
}
