package lobby

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game"
)

type replayBody struct {
	Ticket    string    `json:"ticket" doc:"The right to watch: the first thing said on the channel. Keep it for coming back."`
	URL       string    `json:"url" doc:"Where the channel is."`
	Room      string    `json:"room" format:"uuid" doc:"The screening, as the channel names it."`
	Match     string    `json:"match" format:"uuid"`
	Game      string    `json:"game"`
	Seat      int       `json:"seat" doc:"-1: whose eyes it is seen with is said on the channel."`
	TickRate  int       `json:"tick_rate"`
	Begins    game.Tick `json:"begins" doc:"The first tick with players enough, where it starts."`
	Ticks     game.Tick `json:"ticks" doc:"The last."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it is closed unless its viewer has connected."`
}

func (l *Lobby) replayCalls(api huma.API) {
	o := call("watch-match", http.MethodPost, "/v1/matches/{id}/replay",
		"Watch a match that has ended: as a room, with show on the channel for speed, seeking and whose eyes", 201,
		errNotYours, errNoMatch, errNoLog, errOtherRules, errLogs, errScreenings, errStore, ErrDraining)
	huma.Register(api, own(o), func(ctx context.Context, in *matchPath) (*answer[replayBody], error) {
		v, err := l.watchMatch(ctx, in.ID)
		if err != nil {
			return nil, l.problem(err)
		}
		return reply(l, replayBody{
			Ticket: v.ticket, URL: callerOf(ctx).channel, Room: v.id, Match: v.record.Match.ID, Game: v.record.Match.Game,
			Seat: int(game.Watcher), TickRate: v.record.Match.TickRate, Begins: v.record.Begins(), Ticks: v.record.Ticks(),
			ExpiresAt: v.Expires().UTC(),
		}, nil)
	})
}

// watchMatch opens a screening for who calls, if they may see the match.
func (l *Lobby) watchMatch(ctx context.Context, id string) (viewing, error) {
	p, err := player(ctx)
	if err != nil {
		return viewing{}, err
	}
	m, err := l.match(ctx, id)
	if err != nil {
		return viewing{}, err
	}
	return l.screen(ctx, m, p)
}
