package lobby

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"tickroom/net/wire"
	"tickroom/store"
)

type matchBody struct {
	ID        string         `json:"id" format:"uuid" doc:"Also the id of the room it was played in."`
	Game      string         `json:"game"`
	Private   bool           `json:"private"`
	Version   int            `json:"version" doc:"Of the rules."`
	Seats     int            `json:"seats"`
	TickRate  int            `json:"tick_rate"`
	Seed      string         `json:"seed" doc:"Of the dice: an unsigned 64-bit number in decimal."`
	Options   map[string]int `json:"options"`
	Ticks     uint32         `json:"ticks" doc:"How many were played."`
	StateHash string         `json:"state_hash" doc:"Of the state after the last tick: 16 hexadecimal digits."`
	Ending    string         `json:"ending" enum:"finished,empty,failed,stopped"`
	Reason    string         `json:"reason"`
	StartedAt time.Time      `json:"started_at"`
	EndedAt   time.Time      `json:"ended_at"`
	Players   []playedBody   `json:"players" doc:"By place, then seat."`
}

type playedBody struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Seat  int    `json:"seat"`
	Place int    `json:"place" doc:"1 is first; 0 has none."`
	Score int    `json:"score"`
	Left  bool   `json:"left" doc:"Left before the end."`
}

type logBody struct {
	Match   matchBody   `json:"match"`
	Entries []entryBody `json:"entries"`
}

type entryBody struct {
	Tick    uint32 `json:"tick" doc:"The tick it was part of."`
	Seat    int    `json:"seat"`
	State   string `json:"state,omitempty" enum:"open,held,taken,given_up" doc:"What the seat became; absent for a command."`
	Command any    `json:"command,omitempty" doc:"What the seat did; absent for a change of state."`
}

type matchQuery struct {
	Player string `query:"player" format:"uuid"`
	Game   string `query:"game"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	Cursor string `query:"cursor"`
}

type matchPath struct {
	ID string `path:"id"`
}

func (l *Lobby) matchCalls(api huma.API) {
	huma.Register(api, call("list-matches", http.MethodGet, "/v1/matches", "What was played, newest first; private matches only to who played in them", 200, 422),
		func(ctx context.Context, in *matchQuery) (*answer[page[matchBody]], error) {
			cursor, err := readCursor(in.Cursor)
			if err != nil {
				return nil, newProblem(http.StatusUnprocessableEntity, "invalid", "The request is not valid.",
					&huma.ErrorDetail{Location: "query.cursor", Message: err.Error(), Value: in.Cursor})
			}
			matches, err := l.matches(ctx, in, cursor)
			return reply(l, matches, err)
		})
	huma.Register(api, call("get-match", http.MethodGet, "/v1/matches/{id}", "One match", 200, 403, 404),
		func(ctx context.Context, in *matchPath) (*answer[matchBody], error) {
			m, err := l.match(ctx, in.ID)
			return reply(l, showMatch(m), err)
		})
	huma.Register(api, call("get-log", http.MethodGet, "/v1/matches/{id}/log", "A match with its log: all it takes to play it again", 200, 403, 404),
		func(ctx context.Context, in *matchPath) (*answer[logBody], error) {
			body, err := l.matchLog(ctx, in.ID)
			return reply(l, body, err)
		})
}

func (l *Lobby) matches(ctx context.Context, in *matchQuery, before *store.MatchCursor) (page[matchBody], error) {
	found, err := l.cfg.Store.Matches(ctx, store.MatchQuery{
		PlayerID: in.Player, Game: in.Game, Viewer: callerOf(ctx).player.ID, Limit: in.Limit, Before: before,
	})
	if err != nil {
		return page[matchBody]{}, fmt.Errorf("list matches: %w", err)
	}
	out := page[matchBody]{Items: make([]matchBody, 0, len(found))}
	for _, m := range found {
		out.Items = append(out.Items, showMatch(m))
	}
	if len(found) == in.Limit {
		out.NextCursor = writeCursor(found[len(found)-1])
	}
	return out, nil
}

// match finds a match the caller may see. errNoMatch, errNotYours.
func (l *Lobby) match(ctx context.Context, id string) (store.Match, error) {
	if uuid.Validate(id) != nil {
		return store.Match{}, errNoMatch
	}
	m, err := l.cfg.Store.Match(ctx, strings.ToLower(id))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return store.Match{}, errNoMatch
	case err != nil:
		return store.Match{}, fmt.Errorf("match %s: %w", id, err)
	}
	viewer := callerOf(ctx).player.ID
	played := slices.ContainsFunc(m.Players, func(p store.MatchPlayer) bool { return p.PlayerID == viewer })
	if m.Private && !played {
		return store.Match{}, errNotYours
	}
	return m, nil
}

func (l *Lobby) matchLog(ctx context.Context, id string) (logBody, error) {
	m, err := l.match(ctx, id)
	if err != nil {
		return logBody{}, err
	}
	g, ok := l.cfg.Catalog.Get(m.Game)
	if !ok {
		return logBody{}, ErrNoGame
	}
	raw, err := l.cfg.Store.MatchLog(ctx, m.ID)
	if err != nil {
		return logBody{}, fmt.Errorf("log of match %s: %w", id, err)
	}
	log, err := wire.DecodeLog(g, raw)
	if err != nil {
		return logBody{}, fmt.Errorf("log of match %s: %w", id, err)
	}
	body := logBody{Match: showMatch(m), Entries: make([]entryBody, 0, len(log))}
	for _, e := range log {
		b := entryBody{Tick: uint32(e.Tick), Seat: int(e.Seat)}
		if e.Command != nil {
			b.Command = wire.Plain(e.Command)
		} else {
			b.State = e.State.String()
		}
		body.Entries = append(body.Entries, b)
	}
	return body, nil
}

func showMatch(m store.Match) matchBody {
	b := matchBody{
		ID: m.ID, Game: m.Game, Private: m.Private, Version: m.Version, Seats: m.Seats, TickRate: m.TickRate,
		Seed: strconv.FormatUint(m.Seed, 10), Options: m.Options, Ticks: m.Ticks, StateHash: fmt.Sprintf("%016x", m.StateHash),
		Ending: string(m.Ending), Reason: m.Reason, StartedAt: m.StartedAt.UTC(), EndedAt: m.EndedAt.UTC(), Players: []playedBody{},
	}
	for _, p := range m.Players {
		b.Players = append(b.Players, playedBody{ID: p.PlayerID, Name: p.Name, Seat: p.Seat, Place: p.Place, Score: p.Score, Left: p.Left})
	}
	return b
}

// A cursor is the end and the id of the last match seen.
func writeCursor(m store.Match) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", m.EndedAt.UnixMilli(), m.ID))
}

func readCursor(cursor string) (*store.MatchCursor, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, errBadCursor
	}
	ended, id, _ := strings.Cut(string(b), " ")
	ms, err := strconv.ParseInt(ended, 10, 64)
	if err != nil || uuid.Validate(id) != nil {
		return nil, errBadCursor
	}
	return &store.MatchCursor{EndedAt: time.UnixMilli(ms), ID: id}, nil
}
