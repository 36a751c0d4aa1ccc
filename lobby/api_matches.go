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
	Players   []playedBody   `json:"players" nullable:"false" doc:"By place, then seat."`
}

type playedBody struct {
	ID    string `json:"id" doc:"Empty for a bot, as is its name."`
	Name  string `json:"name"`
	Seat  int    `json:"seat"`
	Place int    `json:"place" doc:"1 is first; 0 has none."`
	Score int    `json:"score"`
	Left  bool   `json:"left" doc:"Left before the end."`
}

type matchQuery struct {
	Player string `query:"player" minLength:"36" maxLength:"36" format:"uuid"`
	Game   string `query:"game"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
	Cursor string `query:"cursor"`
}

type matchPath struct {
	ID string `path:"id"`
}

func (l *Lobby) matchCalls(api huma.API) {
	huma.Register(api, call("list-matches", http.MethodGet, "/v1/matches", "What was played, newest first; private matches only to who played in them", 200, errInvalid, errStore),
		func(ctx context.Context, in *matchQuery) (*answer[page[matchBody]], error) {
			matches, err := l.matches(ctx, in)
			return reply(l, matches, err)
		})
	huma.Register(api, call("get-match", http.MethodGet, "/v1/matches/{id}", "One match", 200, errNotYours, errNoMatch, errStore),
		func(ctx context.Context, in *matchPath) (*answer[matchBody], error) {
			m, err := l.match(ctx, in.ID)
			return reply(l, showMatch(m), err)
		})
}

func (l *Lobby) matches(ctx context.Context, in *matchQuery) (page[matchBody], error) {
	before, err := readCursor(in.Cursor)
	if err != nil {
		return page[matchBody]{}, invalid("query.cursor", err.Error(), in.Cursor)
	}
	found, err := l.cfg.Store.Matches(ctx, store.MatchQuery{
		PlayerID: strings.ToLower(in.Player), Game: in.Game, Viewer: callerOf(ctx).player.ID,
		Limit: in.Limit + 1, Before: before, // one more, to know whether there is more
	})
	if err != nil {
		return page[matchBody]{}, fmt.Errorf("%w: list matches: %w", errStore, err)
	}
	out := page[matchBody]{Items: []matchBody{}}
	for _, m := range found[:min(len(found), in.Limit)] {
		out.Items = append(out.Items, showMatch(m))
	}
	if len(found) > in.Limit {
		out.NextCursor = writeCursor(found[in.Limit-1])
	}
	return out, nil
}

// match finds a match the caller may see. errNoMatch, errNotYours.
func (l *Lobby) match(ctx context.Context, id string) (store.Match, error) {
	id, ok := canonical(id)
	if !ok {
		return store.Match{}, errNoMatch
	}
	m, err := l.cfg.Store.Match(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return store.Match{}, errNoMatch
	case err != nil:
		return store.Match{}, fmt.Errorf("%w: match %s: %w", errStore, id, err)
	}
	viewer := callerOf(ctx).player.ID
	played := slices.ContainsFunc(m.Players, func(p store.MatchPlayer) bool { return p.PlayerID == viewer })
	if m.Private && (viewer == "" || !played) { // a bot's id is "", as is nobody's
		return store.Match{}, errNotYours
	}
	return m, nil
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

var errBadCursor = errors.New("not a cursor of this list")

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
	id, ok := canonical(id)
	if err != nil || !ok {
		return nil, errBadCursor
	}
	return &store.MatchCursor{EndedAt: time.UnixMilli(ms), ID: id}, nil
}
