package main

import (
	"context"
	"errors"

	"tickroom/game/replay"
	"tickroom/game/room"
	"tickroom/lobby"
	"tickroom/net/link"
	"tickroom/net/wire"
)

// host is where links find the rooms of the lobby: the lobby and the channel do
// not know each other, this is what they have in common.
type host struct{ lobby *lobby.Lobby }

// Await implements link.Host.
func (h host) Await(ctx context.Context, ticket string) error {
	return refused(h.lobby.Await(ctx, ticket))
}

// Join implements link.Host.
func (h host) Join(ctx context.Context, ticket string, l *link.Link) (link.Member, error) {
	if s, ok := h.lobby.ScreeningOf(ticket); ok {
		return watch(s, l)
	}
	r, err := h.lobby.RoomOf(ctx, ticket)
	if err != nil {
		return nil, refused(err)
	}
	m, err := r.Join(ctx, ticket, l)
	if err != nil {
		return nil, refused(err)
	}
	return m, nil
}

// watch makes a link the viewer's of a screening.
func watch(s *replay.Screening, l *link.Link) (link.Member, error) {
	m, err := s.Join(l)
	if err != nil {
		return nil, refused(err)
	}
	return m, nil
}

// refused is a room's or the lobby's no in the words of links.
func refused(err error) error {
	if elsewhere, ok := errors.AsType[*lobby.ElsewhereError](err); ok {
		return &link.MovedError{URL: elsewhere.URL}
	}
	for _, no := range []struct{ err, is error }{
		{room.ErrTicket, link.ErrTicket},
		{lobby.ErrNoRoom, link.ErrTicket},
		{room.ErrClosed, link.ErrOver},
		{lobby.ErrGone, link.ErrOver},
		{room.ErrMoved, link.ErrGoingAway},
		{lobby.ErrDraining, link.ErrGoingAway},
		{room.ErrBusy, link.ErrBusy},
		{replay.ErrClosed, link.ErrOver},
		{lobby.ErrUnplayable, link.ErrFailed},
	} {
		if errors.Is(err, no.err) {
			return no.is
		}
	}
	return err
}

// relink makes the link of a room that another process had.
func relink(h *link.Hub, ticket, name string, had wire.Outbox) (room.Link, func(*room.Member, uint32)) {
	l := h.Restore(ticket, name, had)
	return l, func(m *room.Member, received uint32) { l.Restored(m, received) }
}
