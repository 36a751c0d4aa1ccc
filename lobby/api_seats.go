package lobby

import (
	"context"
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

// A call without a body wishes nothing special.
type seatWish struct {
	Spectate bool `json:"spectate,omitempty" doc:"Only look on."`
}

func (w *seatWish) spectates() bool { return w != nil && w.Spectate }

type gameWish struct {
	Options map[string]int `json:"options,omitempty" maxProperties:"32" doc:"Only rooms that play with these will do; the rest of the options have their defaults."`
}

func (w *gameWish) options() map[string]int {
	if w == nil {
		return nil
	}
	return w.Options
}

type seatByRoom struct {
	ID   string `path:"id"`
	Body *seatWish
}

type seatByCode struct {
	Code string `path:"code" doc:"Case, spaces and dashes do not matter."`
	Body *seatWish
}

type seatByGame struct {
	Game string `path:"game"`
	Body *gameWish
}

func (l *Lobby) seatCalls(api huma.API) {
	byRoom := call("take-seat", http.MethodPost, "/v1/rooms/{id}/seats", "Take a seat in a room, or watch; asking again gives the same", 201,
		ErrPrivate, ErrNoRoom, room.ErrFull, ErrLocked, ErrDelayed, ErrGone, room.ErrOver, ErrDraining, room.ErrBusy)
	huma.Register(api, l.roomElsewhere(own(withBody(byRoom))), func(ctx context.Context, in *seatByRoom) (*answer[ticketBody], error) {
		return l.seat(ctx, func(p room.Player) (seating, error) {
			e, err := l.entryFor(p.ID, in.ID)
			if err != nil {
				return seating{}, err
			}
			return l.sit(ctx, e, p, in.Body.spectates())
		})
	})
	byCode := call("take-seat-by-code", http.MethodPost, "/v1/codes/{code}/seats", "Take a seat by join code, or watch; asking again gives the same", 201,
		ErrNoCode, room.ErrFull, ErrLocked, ErrDelayed, ErrGone, room.ErrOver, ErrDraining, room.ErrBusy)
	huma.Register(api, l.codeElsewhere(limited(codeRate, own(withBody(byCode)))), func(ctx context.Context, in *seatByCode) (*answer[ticketBody], error) {
		return l.seat(ctx, func(p room.Player) (seating, error) {
			return l.sitByCode(ctx, in.Code, p, in.Body.spectates())
		})
	})
	byGame := call("take-any-seat", http.MethodPost, "/v1/games/{game}/seats", "Take a seat in any open room of a game; one is opened if there is none", 201,
		ErrNoGame, ErrTooMany, ErrDraining, ErrBusy)
	huma.Register(api, l.anySeatElsewhere(own(withBody(byGame))), func(ctx context.Context, in *seatByGame) (*answer[ticketBody], error) {
		return l.seat(ctx, func(p room.Player) (seating, error) {
			g, err := l.game(in.Game)
			if err != nil {
				return seating{}, err
			}
			return l.sitAnywhere(ctx, g, p, in.Body.options())
		})
	})
	again := call("play-again", http.MethodPost, "/v1/rooms/{id}/again", "Take a seat in the room that follows one whose match is over: the same for all who ask", 201,
		ErrPrivate, ErrNoRoom, ErrGone, ErrStillOpen, room.ErrFull, ErrLocked, ErrTooMany, ErrDraining, ErrBusy)
	huma.Register(api, l.roomElsewhere(own(again)), func(ctx context.Context, in *roomPath) (*answer[ticketBody], error) {
		return l.seat(ctx, func(p room.Player) (seating, error) { return l.sitAgain(ctx, in.ID, p) })
	})
	leave := call("leave-seat", http.MethodDelete, "/v1/rooms/{id}/seats/me", "Leave for good; dropping is not leaving", 204,
		ErrNoRoom, room.ErrNotSeated, ErrGone, room.ErrBusy)
	huma.Register(api, l.roomElsewhere(own(leave)), func(ctx context.Context, in *roomPath) (*struct{}, error) {
		p, err := player(ctx)
		if err == nil {
			err = l.giveUp(ctx, in.ID, p.ID)
		}
		return nil, l.problem(err)
	})
}

// seat answers with the ticket of where somebody was seated.
func (l *Lobby) seat(ctx context.Context, sit func(room.Player) (seating, error)) (*answer[ticketBody], error) {
	p, err := player(ctx)
	if err != nil {
		return nil, l.problem(err)
	}
	s, err := sit(p)
	if err == nil {
		err = l.kept(ctx, s.entry)
	}
	if err != nil {
		return nil, l.problem(err)
	}
	l.announce(ctx, s.entry)
	b := ticketBody{
		Ticket: s.Ticket, URL: channel(ctx, s.id), Room: s.id, Game: s.game.Name, Code: s.code, Seat: int(s.Seat),
	}
	if !s.Expires.IsZero() {
		at := s.Expires.UTC()
		b.ExpiresAt = &at
	}
	return reply(l, b, nil)
}
