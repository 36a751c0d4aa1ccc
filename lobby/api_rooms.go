package lobby

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"tickroom/game/room"
)

type roomBody struct {
	ID        string         `json:"id" format:"uuid"`
	Game      string         `json:"game"`
	Code      string         `json:"code,omitempty" doc:"To join by. Of a private room only its members and who opened it see it."`
	Invite    string         `json:"invite,omitempty" doc:"The page's path that joins by the code."`
	Private   bool           `json:"private"`
	Status    string         `json:"status" enum:"waiting,running,over,closed"`
	Seats     int            `json:"seats"`
	Free      int            `json:"free" doc:"Seats that can be taken now."`
	Players   []seatedBody   `json:"players"`
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
		Options map[string]int `json:"options,omitempty" doc:"As GET /v1/games lists them; the rest get their defaults."`
	}
}

type roomQuery struct {
	Game   string `query:"game"`
	Status string `query:"status" enum:"waiting,running,over"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	Cursor string `query:"cursor"`
}

type roomPath struct {
	ID string `path:"id"`
}

func (l *Lobby) roomCalls(api huma.API) {
	huma.Register(api, own(call("open-room", http.MethodPost, "/v1/rooms", "Open a room", 201, 404, 409, 422, 429, 503)),
		func(ctx context.Context, in *newRoom) (*answer[roomBody], error) {
			body, err := l.openFor(ctx, in)
			return reply(l, body, err)
		})
	huma.Register(api, call("list-rooms", http.MethodGet, "/v1/rooms", "Public rooms, newest first", 200, 422),
		func(_ context.Context, in *roomQuery) (*answer[page[roomBody]], error) {
			return reply(l, l.list(in), nil)
		})
	sse.Register(api, call("follow-rooms", http.MethodGet, "/v1/rooms/events", "Public rooms as they change: all at first, then each that changed", 200, 503),
		map[string]any{"room": roomBody{}, "gone": goneBody{}, "beat": beatBody{}}, l.followRooms)
	huma.Register(api, call("get-room", http.MethodGet, "/v1/rooms/{id}", "One room", 200, 403, 404),
		func(ctx context.Context, in *roomPath) (*answer[roomBody], error) {
			e, err := l.entry(in.ID)
			if err != nil {
				return nil, l.problem(err)
			}
			p := callerOf(ctx).player
			if e.private && !e.knows(p.ID) {
				return nil, l.problem(ErrPrivate)
			}
			return reply(l, e.show(), nil)
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
	e, err := l.open(opening{game: g, private: in.Body.Private, options: in.Body.Options, opener: p.ID})
	if err != nil {
		return roomBody{}, err
	}
	return e.show(), nil
}

// list is a page of public rooms. The cursor is the last room's id: ids are in
// the order of opening.
func (l *Lobby) list(in *roomQuery) page[roomBody] {
	entries := l.entries()
	slices.Reverse(entries)
	out := page[roomBody]{Items: []roomBody{}}
	for _, e := range entries {
		if !e.listed() || in.Cursor != "" && e.id >= in.Cursor || in.Game != "" && e.Game().Name != in.Game {
			continue
		}
		if in.Status != "" && string(e.Status().Phase) != in.Status {
			continue
		}
		if len(out.Items) == in.Limit {
			out.NextCursor = out.Items[len(out.Items)-1].ID
			break
		}
		out.Items = append(out.Items, e.show())
	}
	return out
}

type goneBody struct {
	ID string `json:"id" format:"uuid"`
}

// beatBody is sent when nothing changed for a while, so that nobody in between
// takes the stream for dead.
type beatBody struct{}

// followRooms tells the list and then its changes. A stream refused for want
// of room ends at once; the browser comes back by itself.
func (l *Lobby) followRooms(ctx context.Context, _ *struct{}, send sse.Sender) {
	if send.Data(beatBody{}) != nil { // the head goes out even when there are no rooms
		return
	}
	tell := func(changed map[*entry]bool) error {
		for e := range changed {
			if err := send.Data(e.news()); err != nil {
				return err
			}
		}
		return nil
	}
	// The error is the reader's going, or too many of them; both end the stream.
	_ = l.feed.follow(ctx, l.entries, tell, func() error { return send.Data(beatBody{}) })
}

// news is what a live list is told of a room.
func (e *entry) news() any {
	if !e.listed() || e.Status().Phase == room.Closed {
		return goneBody{e.id}
	}
	return e.show()
}

// listed says whether lists show the room.
func (e *entry) listed() bool { return !e.private && !e.Game().Unlisted }

// knows says whether a player may see a private room.
func (e *entry) knows(playerID string) bool {
	return playerID != "" && (e.opener == playerID || e.has(playerID))
}

func (e *entry) show() roomBody {
	s := e.Status()
	b := roomBody{
		ID: e.id, Game: e.Game().Name, Code: e.code, Invite: "/?join=" + e.code, Private: e.private,
		Status: string(s.Phase), Seats: e.Setup().Seats, Free: s.Free, Players: []seatedBody{}, Watchers: s.Watchers,
		Options: e.Setup().Options, CreatedAt: e.openedAt.UTC(),
	}
	for _, m := range s.Members {
		b.Players = append(b.Players, seatedBody{ID: m.Player.ID, Name: m.Player.Name, Seat: int(m.Seat), State: m.State.String()})
	}
	return b
}
