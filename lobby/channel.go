package lobby

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"tickroom/game/room"
	"tickroom/store"
)

// channelPath is where the channel is, on every server. The room that a ticket is
// for stands behind it, so that a server can tell whose business it is before the
// ticket is said; it is no secret, and the ticket is checked all the same.
const channelPath = "/v1/play"

const roomParam = "?room="

// channel is where a caller finds the channel of a room here: as they reached us,
// also where players reach each server alone. Who asks there is told where the room
// is, and a link comes back to where it began when that server is no more: were it
// to begin there, it would know no other place.
func channel(ctx context.Context, id string) string {
	return callerOf(ctx).channel + roomParam + id
}

// channelAt is the channel of a room at a server that players reach alone.
func channelAt(s store.Server, id string) string {
	return "ws" + strings.TrimPrefix(s.Public, "http") + channelPath + roomParam + id // https is wss
}

// ElsewhereError says that a room is at another server, which players reach alone:
// URL is the channel there.
type ElsewhereError struct{ URL string }

func (e *ElsewhereError) Error() string { return "the room is at " + e.URL }

// Refuge is where a link goes on whose server stops: the channel at another that
// players reach alone, for what the ticket is for; "" is where it was. It does not
// wait.
func (l *Lobby) Refuge(ticket string) string {
	id, ok := room.TicketRoom(ticket)
	others := slices.DeleteFunc(slices.Clone(l.others()), func(s store.Server) bool { return s.Public == "" || s.Full })
	if !ok || len(others) == 0 {
		return ""
	}
	return channelAt(slices.MinFunc(others, byLoad), id)
}

// Forward is in front of the channel: what is for a room of another server goes
// there, unless players reach that alone, which they are told by the link.
func (l *Lobby) Forward(next http.Handler) http.Handler {
	return l.vouch(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, before := forwardedFrom(r.Context())
		id := r.URL.Query().Get("room")
		if before || id == "" || l.alone() {
			next.ServeHTTP(w, r)
			return
		}
		s, found, err := l.serverOfRoom(r.Context(), id)
		alone := s.Public != "" || l.cfg.Self.Public != "" // or was, and leaves
		if err != nil || !found || alone {
			next.ServeHTTP(w, r) // the link says where to go, or what is wrong
			return
		}
		keepBody(r, maxSaid)()
		// A stream is read for long.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		if err := l.forward(w, r, s, l.roads.posts, false); err != nil {
			writeProblem(w, problemOf(err))
		}
	}))
}
