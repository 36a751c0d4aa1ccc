package lobby

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game/room"
)

type roomBody struct {
	ID        string         `json:"id" format:"uuid"`
	Game      string         `json:"game"`
	Code      string         `json:"code" doc:"To join by."`
	Invite    string         `json:"invite" doc:"The page's path that joins by the code."`
	Private   bool           `json:"private"`
	Status    string         `json:"status" enum:"waiting,running,over,closed"`
	Seats     int            `json:"seats"`
	Free      int            `json:"free" doc:"Seats that can be taken now."`
	Players   []seatedBody   `json:"players" nullable:"false"`
	Watchers  int            `json:"watchers"`
	Options   map[string]int `json:"options"`
	CreatedAt time.Time      `json:"created_at"`
}

type seatedBody struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Seat  int    `json:"seat"`
	State string `json:"state" enum:"held,taken" doc:"held: expected, or dropped and may come back."`
}

type newRoom struct {
	Body struct {
		Game    string         `json:"game" example:"arena"`
		Private bool           `json:"private,omitempty" doc:"Not in lists; joined by its code."`
		Options map[string]int `json:"options,omitempty" maxProperties:"32" doc:"As GET /v1/games lists them; the rest get their defaults."`
	}
}

type roomQuery struct {
	Game   string `query:"game"`
	Status string `query:"status" enum:"waiting,running,over"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	Cursor string `query:"cursor" format:"uuid"`
}

type roomPath struct {
	ID string `path:"id"`
}

func (l *Lobby) roomCalls(api huma.API) {
	huma.Register(api, l.openElsewhere(own(withBody(call("open-room", http.MethodPost, "/v1/rooms", "Open a room", 201, ErrNoGame, ErrTooMany, ErrDraining, ErrBusy)))),
		func(ctx context.Context, in *newRoom) (*answer[roomBody], error) {
			body, err := l.openFor(ctx, in)
			return reply(l, body, err)
		})
	huma.Register(api, call("list-rooms", http.MethodGet, "/v1/rooms", "Public rooms, newest first", 200, errInvalid, errStore),
		func(ctx context.Context, in *roomQuery) (*answer[page[roomBody]], error) {
			rooms, err := l.list(ctx, in)
			return reply(l, rooms, err)
		})
	huma.Register(api, l.roomElsewhere(call("get-room", http.MethodGet, "/v1/rooms/{id}", "One room", 200, ErrPrivate, ErrNoRoom, ErrGone)),
		func(ctx context.Context, in *roomPath) (*answer[roomBody], error) {
			e, err := l.entryFor(callerOf(ctx).player.ID, in.ID)
			if err != nil {
				return nil, l.problem(err)
			}
			return reply(l, e.show(e.Status()), nil)
		})
}

func (l *Lobby) openFor(ctx context.Context, in *newRoom) (roomBody, error) {
	p, err := player(ctx)
	if err != nil {
		return roomBody{}, err
	}
	g, err := l.game(in.Body.Game)
	if err != nil {
		return roomBody{}, err
	}
	t, err := agree(g, in.Body.Options, in.Body.Private, p.ID)
	if err != nil {
		return roomBody{}, err
	}
	e, err := l.open(t)
	if err == nil {
		err = l.kept(ctx, e)
	}
	if err != nil {
		return roomBody{}, err
	}
	l.announce(ctx, e)
	return e.show(e.Status()), nil
}

// list is a page of public rooms, of all servers. The cursor is the last room's
// id: ids are in the order of opening. errStore.
func (l *Lobby) list(ctx context.Context, in *roomQuery) (page[roomBody], error) {
	out := page[roomBody]{Items: l.listHere(in)}
	if !l.alone() {
		others, err := l.listElsewhere(ctx, in)
		if err != nil {
			return out, err
		}
		out.Items = merge(out.Items, others)
	}
	if len(out.Items) > in.Limit {
		out.Items = out.Items[:in.Limit]
		out.NextCursor = out.Items[in.Limit-1].ID
	}
	return out, nil
}

// listHere is the rooms here: one more than were asked for, to know whether there
// is more.
func (l *Lobby) listHere(in *roomQuery) []roomBody {
	items := []roomBody{}
	for _, e := range slices.Backward(l.entries()) {
		if len(items) > in.Limit {
			break
		}
		if !e.listed() || in.Cursor != "" && e.id >= in.Cursor || in.Game != "" && e.game.Name != in.Game {
			continue
		}
		s := e.Status()
		if s.Phase == room.Closed || in.Status != "" && string(s.Phase) != in.Status {
			continue
		}
		items = append(items, e.show(s))
	}
	return items
}

func (e *entry) show(s room.Status) roomBody {
	b := roomBody{
		ID: e.id, Game: e.game.Name, Code: e.code, Invite: "/?join=" + e.code, Private: e.private,
		Status: string(s.Phase), Seats: e.Setup().Seats, Free: s.Free, Players: []seatedBody{}, Watchers: s.Watchers,
		Options: e.options, CreatedAt: e.openedAt.UTC(),
	}
	for _, m := range s.Members {
		b.Players = append(b.Players, seatedBody{ID: m.Player.ID, Name: m.Player.Name, Seat: int(m.Seat), State: m.State.String()})
	}
	return b
}
