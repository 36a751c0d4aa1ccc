package lobby

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

type playerBody struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

type guestBody struct {
	Player playerBody `json:"player"`
	Token  string     `json:"token" doc:"Say it in Authorization: Bearer. Good for 180 days."`
}

type newPlayer struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"96" doc:"1 to 24 characters that can be seen." example:"Ann"`
	}
}

func (l *Lobby) playerCalls(api huma.API) {
	huma.Register(api, limited(guestRate, withBody(call("create-player", http.MethodPost, "/v1/players", "Become a player", 201, errStore))),
		func(ctx context.Context, in *newPlayer) (*answer[guestBody], error) {
			name, ok := cleanName(in.Body.Name)
			if !ok {
				return nil, invalid("body.name", "must be 1 to 24 characters that can be seen", in.Body.Name)
			}
			guest, err := l.newGuest(ctx, name)
			return reply(l, guest, err)
		})
	huma.Register(api, own(call("get-me", http.MethodGet, "/v1/players/me", "Who I am", 200)),
		func(ctx context.Context, _ *struct{}) (*answer[playerBody], error) {
			p, err := player(ctx)
			return reply(l, playerBody(p), err)
		})
}

func (l *Lobby) newGuest(ctx context.Context, name string) (guestBody, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return guestBody{}, fmt.Errorf("id of a player: %w", err)
	}
	p, now := room.Player{ID: id.String(), Name: name}, time.Now()
	if err := l.cfg.Store.SavePlayer(ctx, store.Player{ID: p.ID, Name: p.Name, CreatedAt: now}); err != nil {
		return guestBody{}, fmt.Errorf("%w: save player: %w", errStore, err)
	}
	token, err := l.tokens.issue(p, now)
	return guestBody{playerBody(p), token}, err
}

type gameBody struct {
	Name         string       `json:"name"`
	Title        string       `json:"title"`
	Summary      string       `json:"summary"`
	Version      int          `json:"version" doc:"Of the rules."`
	MinSeats     int          `json:"min_seats" doc:"Players needed to begin."`
	Seats        int          `json:"seats" doc:"Most players in one match."`
	TickRate     int          `json:"tick_rate" doc:"Steps a second."`
	SnapshotRate int          `json:"snapshot_rate" doc:"Views sent a second."`
	Late         bool         `json:"late" doc:"People may join a match that has begun."`
	Replays      bool         `json:"replays" doc:"Its matches can be watched again, and from the start while they are played."`
	WatchDelay   int          `json:"watch_delay" doc:"How many seconds late a match that is played is shown at least; where it is not 0, only as a replay."`
	Options      []optionBody `json:"options" nullable:"false"`
}

type optionBody struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Default int      `json:"default"`
	Min     int      `json:"min"`
	Max     int      `json:"max"`
	Choices []string `json:"choices,omitempty" nullable:"false" doc:"What people read for each value from min to max; absent where the number says it."`
}

func (l *Lobby) gameCalls(api huma.API) {
	huma.Register(api, call("list-games", http.MethodGet, "/v1/games", "What can be played", 200),
		func(context.Context, *struct{}) (*answer[page[gameBody]], error) {
			games := page[gameBody]{Items: []gameBody{}}
			for _, g := range l.cfg.Catalog {
				if !g.Unlisted {
					games.Items = append(games.Items, showGame(g))
				}
			}
			return reply(l, games, nil)
		})
}

func showGame(g *game.Game) gameBody {
	b := gameBody{
		Name: g.Name, Title: g.Title, Summary: g.Summary, Version: g.Version, MinSeats: g.MinSeats, Seats: g.Seats,
		TickRate: g.TickRate, SnapshotRate: g.SnapshotRate, Late: g.Late, Replays: !g.Unlogged, WatchDelay: g.WatchDelay,
		Options: []optionBody{},
	}
	for _, o := range g.Options {
		b.Options = append(b.Options, optionBody(o))
	}
	return b
}
