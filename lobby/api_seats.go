package lobby

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game/room"
)

type ticketBody struct {
	Ticket    string     `json:"ticket" doc:"The right to the seat: the first thing said on the channel. Keep it for coming back."`
	URL       string     `json:"url" doc:"Where the channel is."`
	Room      string     `json:"room" format:"uuid"`
	Game      string     `json:"game"`
	Code      string     `json:"code" doc:"To invite others by."`
	Seat      int        `json:"seat" doc:"-1 watches."`
	ExpiresAt *time.Time `json:"expires_at" doc:"When the seat is given up unless its player has connected; null while they are."`
}

type seatWish struct {
	Spectate bool `json:"spectate,omitempty" doc:"Only look on."`
}

type seatByRoom struct {
	ID   string `path:"id"`
	Body seatWish
}

type seatByCode struct {
	Code string `path:"code" doc:"Case and dashes do not matter."`
	Body seatWish
}

type seatByGame struct {
	Game string `path:"game"`
	Body struct {
		Options map[string]int `json:"options,omitempty" doc:"Only rooms that play with these will do; the rest of the options have their defaults."`
	}
}

func (l *Lobby) seatCalls(api huma.API) {
	refusals := []int{403, 404, 409, 410, 422, 429, 503}
	huma.Register(api, own(call("take-seat", http.MethodPost, "/v1/rooms/{id}/seats", "Take a seat in a room, or watch", 201, refusals...)),
		func(ctx context.Context, in *seatByRoom) (*answer[ticketBody], error) {
			return l.seat(ctx, func(p room.Player) (seating, error) {
				e, err := l.openRoom(ctx, in.ID)
				if err != nil {
					return seating{}, err
				}
				if e.private && !e.knows(p.ID) {
					return seating{}, ErrPrivate
				}
				return l.sit(ctx, e, p, in.Body.Spectate)
			})
		})
	huma.Register(api, own(call("take-seat-by-code", http.MethodPost, "/v1/codes/{code}/seats", "Take a seat by join code, or watch", 201, refusals...)),
		func(ctx context.Context, in *seatByCode) (*answer[ticketBody], error) {
			return l.seat(ctx, func(p room.Player) (seating, error) {
				e, err := l.entryByCode(in.Code)
				if err != nil {
					return seating{}, err
				}
				return l.sit(ctx, e, p, in.Body.Spectate)
			})
		})
	huma.Register(api, own(call("take-any-seat", http.MethodPost, "/v1/games/{game}/seats", "Take a seat in any open room of a game; one is opened if there is none", 201, refusals...)),
		func(ctx context.Context, in *seatByGame) (*answer[ticketBody], error) {
			return l.seat(ctx, func(p room.Player) (seating, error) {
				g, err := l.game(in.Game)
				if err != nil {
					return seating{}, err
				}
				return l.sitAnywhere(ctx, g, p, in.Body.Options)
			})
		})
	huma.Register(api, own(call("play-again", http.MethodPost, "/v1/rooms/{id}/again", "Take a seat in the room that follows one whose match is over: the same for all who ask", 201, refusals...)),
		func(ctx context.Context, in *roomPath) (*answer[ticketBody], error) {
			return l.seat(ctx, func(p room.Player) (seating, error) {
				e, err := l.openRoom(ctx, in.ID)
				if err != nil {
					return seating{}, err
				}
				if e.private && !e.knows(p.ID) {
					return seating{}, ErrPrivate
				}
				return l.sitAgain(ctx, e, p)
			})
		})
	huma.Register(api, own(call("leave-seat", http.MethodDelete, "/v1/rooms/{id}/seats/me", "Leave for good; dropping is not leaving", 204, 404, 410)),
		func(ctx context.Context, in *roomPath) (*struct{}, error) {
			return nil, l.problem(l.leave(ctx, in.ID))
		})
}

// seat answers with the ticket of where somebody was seated.
func (l *Lobby) seat(ctx context.Context, sit func(room.Player) (seating, error)) (*answer[ticketBody], error) {
	p, err := player(ctx)
	if err != nil {
		return nil, l.problem(err)
	}
	s, err := sit(p)
	if err != nil {
		return nil, l.problem(err)
	}
	b := ticketBody{
		Ticket: s.Ticket, URL: callerOf(ctx).channel, Room: s.id, Game: s.Game().Name, Code: s.code, Seat: int(s.Seat),
	}
	if !s.Expires.IsZero() {
		at := s.Expires.UTC()
		b.ExpiresAt = &at
	}
	return reply(l, b, nil)
}

func (l *Lobby) leave(ctx context.Context, id string) error {
	p, err := player(ctx)
	if err != nil {
		return err
	}
	e, err := l.openRoom(ctx, id)
	if err != nil {
		return err
	}
	return e.GiveUp(ctx, p.ID)
}

// openRoom finds an open room. ErrGone if it was there once, as the store
// knows; otherwise ErrNoRoom.
func (l *Lobby) openRoom(ctx context.Context, id string) (*entry, error) {
	e, err := l.entry(id)
	if !errors.Is(err, ErrNoRoom) {
		return e, err
	}
	if _, played := l.match(ctx, id); played == nil {
		return nil, ErrGone
	}
	return nil, ErrNoRoom
}
