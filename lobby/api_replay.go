package lobby

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

type replayBody struct {
	Ticket    string    `json:"ticket" doc:"The right to watch: the first thing said on the channel. Keep it for coming back."`
	URL       string    `json:"url" doc:"Where the channel is."`
	Room      string    `json:"room" format:"uuid" doc:"The screening, as the channel names it."`
	Match     string    `json:"match" format:"uuid"`
	Game      string    `json:"game"`
	Seat      int       `json:"seat" doc:"-1: whose eyes it is seen with is said on the channel."`
	TickRate  int       `json:"tick_rate"`
	Begins    game.Tick `json:"begins" doc:"The first tick with players enough, where it starts; 0 while there are none."`
	Ticks     game.Tick `json:"ticks" doc:"The last; of a match that is live, the last that is kept by now."`
	Live      bool      `json:"live" doc:"The match is still played, and is shown as it is played."`
	Hidden    bool      `json:"hidden" doc:"The game hides something: while the match is live it is seen as who watches sees it, whatever is asked."`
	Delay     int       `json:"delay" doc:"How many seconds late while it is live: as many as asked for, or as the game asks for at least."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it is closed unless its viewer has connected."`
}

type replayOf struct {
	ID   string `path:"id" doc:"Of the match, which is that of its room."`
	Body *replayWish
}

// A call without a body wishes nothing special.
type replayWish struct {
	Delay int `json:"delay,omitempty" minimum:"0" maximum:"3600" doc:"Show a match that is still played so many seconds late."`
}

func (w *replayWish) delay() int {
	if w == nil {
		return 0
	}
	return w.Delay
}

func (l *Lobby) replayCalls(api huma.API) {
	o := call("watch-match", http.MethodPost, "/v1/matches/{id}/replay",
		"Watch a match that has ended, or is still played: as a room, with show on the channel for speed, seeking and whose eyes", 201,
		ErrPrivate, errNotYours, errNoMatch, errNoLog, errOtherRules, errLogs, errScreenings, errStore, ErrDraining, room.ErrBusy)
	huma.Register(api, l.playedElsewhere(own(withBody(o))), func(ctx context.Context, in *replayOf) (*answer[replayBody], error) {
		v, err := l.watchMatch(ctx, in.ID, in.Body.delay())
		if err != nil {
			return nil, l.problem(err)
		}
		l.announce(ctx, v.screening)
		return reply(l, replayBody{
			Ticket: v.ticket, URL: channel(ctx, v.id), Room: v.id, Match: v.record.Match.ID, Game: v.record.Match.Game,
			Seat: int(game.Watcher), TickRate: v.record.Match.TickRate, Begins: v.record.Begins(), Ticks: v.record.Ticks(),
			Live: v.record.Runs(), Hidden: v.record.Game.Hidden, Delay: v.delay, ExpiresAt: v.Expires().UTC(),
		}, nil)
	})
}

// playedElsewhere makes a call on a match one that is forwarded to the server where
// it is still played. One that has ended is the same at all.
func (l *Lobby) playedElsewhere(o huma.Operation) huma.Operation {
	return l.forwards(o, false, func(r *http.Request, c huma.Context) (store.Server, bool, error) {
		id, ok := canonical(c.Param("id"))
		if !ok || errors.Is(l.ended(r.Context(), id), ErrGone) {
			return store.Server{}, false, nil
		}
		s, found, err := l.serverOfRoom(r.Context(), id)
		if errors.Is(err, ErrGone) { // just now
			err = nil
		}
		return s, found, err
	})
}

// watchMatch opens a screening for who calls, if they may see the match: while it is
// played they must be let into its room, and then it is as with what was played.
func (l *Lobby) watchMatch(ctx context.Context, id string, delay int) (viewing, error) {
	p, err := player(ctx)
	if err != nil {
		return viewing{}, err
	}
	e, noRoom := l.entryFor(p.ID, id)
	if noRoom == nil && !e.over() {
		v, err := l.watchRoom(ctx, e, p, delay)
		if !errors.Is(err, errNotKept) {
			return v, err
		}
	}
	m, err := l.match(ctx, id)
	switch {
	case err == nil:
	case errors.Is(err, errNoMatch) && (errors.Is(noRoom, ErrPrivate) || errors.Is(noRoom, room.ErrBusy)):
		return viewing{}, noRoom
	default:
		return viewing{}, err
	}
	record, err := l.record(ctx, m)
	if err != nil {
		return viewing{}, err
	}
	return l.screen(record, p, nil, 0)
}

// watchRoom opens a screening of the match of an open room. errNotKept.
func (l *Lobby) watchRoom(ctx context.Context, e *entry, p room.Player, delay int) (viewing, error) {
	record, err := l.soFar(ctx, e)
	switch {
	case err != nil:
		return viewing{}, err
	case !record.Runs(): // it has just ended
		return l.screen(record, p, nil, 0)
	}
	return l.screen(record, p, e, max(delay, e.game.WatchDelay))
}
