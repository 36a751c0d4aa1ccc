package lobby

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"tickroom/game"
	"tickroom/net/wire"
)

// logBody describes what writeLog writes.
type logBody struct {
	Match   matchBody   `json:"match"`
	Entries []entryBody `json:"entries" nullable:"false"`
}

type entryBody struct {
	Tick    game.Tick `json:"tick" doc:"The tick it was part of."`
	Seat    game.Seat `json:"seat"`
	State   string    `json:"state,omitempty" enum:"open,held,taken,given_up" doc:"What the seat became; absent for a command."`
	Command any       `json:"command,omitempty" doc:"What the seat did; absent for a change of state."`
}

func (l *Lobby) logCalls(api huma.API) {
	o := call("get-log", http.MethodGet, "/v1/matches/{id}/log", "A match with its log: all it takes to play it again", 200,
		errNotYours, errNoMatch, errNoLog, errLogs, errStore)
	o.Responses["200"] = &huma.Response{
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[logBody](), true, "LogBody")},
		},
	}
	reading := make(chan struct{}, maxLogs) // holds a token for each log in memory
	huma.Register(api, o, func(ctx context.Context, in *matchPath) (*huma.StreamResponse, error) {
		select {
		case reading <- struct{}{}:
		default:
			return nil, l.problem(errLogs)
		}
		match, log, err := l.matchLog(ctx, in.ID)
		if err != nil {
			<-reading
			return nil, l.problem(err)
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer func() { <-reading }()
			_, w := humachi.Unwrap(ctx)
			w.Header().Set("Content-Type", "application/json")
			if err := writeLog(patient{w}, match, log); err != nil {
				panic(http.ErrAbortHandler) // half a log must not look like a whole one
			}
		}}, nil
	})
}

// matchLog reads a log the caller may see. errNoLog when it is of a game, or of
// a version of one, that this server does not have.
func (l *Lobby) matchLog(ctx context.Context, id string) (matchBody, game.Log, error) {
	m, err := l.match(ctx, id)
	if err != nil {
		return matchBody{}, nil, err
	}
	g, ok := l.cfg.Catalog.Get(m.Game)
	if !ok {
		return matchBody{}, nil, errNoLog
	}
	raw, err := l.cfg.Store.MatchLog(ctx, m.ID)
	if err != nil {
		return matchBody{}, nil, fmt.Errorf("%w: log of match %s: %w", errStore, m.ID, err)
	}
	log, err := wire.DecodeLog(g, raw)
	if err != nil {
		l.cfg.Log.Warn("log cannot be read", "match", m.ID, "version", m.Version, "err", err)
		return matchBody{}, nil, errNoLog
	}
	return showMatch(m), log, nil
}

// writeLog writes a log entry by entry: as one value it would be many times
// what it is in memory.
func writeLog(w io.Writer, match matchBody, log game.Log) error {
	out := bufio.NewWriterSize(w, 32<<10)
	head, err := json.Marshal(match)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `{"match":%s,"entries":[`, head)
	for i, e := range log {
		if i > 0 {
			out.WriteByte(',')
		}
		entry, err := json.Marshal(showEntry(e))
		if err != nil {
			return err
		}
		if _, err := out.Write(entry); err != nil {
			return err
		}
	}
	out.WriteString("]}\n")
	return out.Flush()
}

func showEntry(e game.Entry) entryBody {
	if e.Command == nil {
		return entryBody{Tick: e.Tick, Seat: e.Seat, State: e.State.String()}
	}
	return entryBody{Tick: e.Tick, Seat: e.Seat, Command: wire.Plain(e.Command)}
}

// patient writes an answer that may be long: the server's deadline is for whole
// answers, here each piece has one.
type patient struct{ http.ResponseWriter }

func (p patient) Write(b []byte) (int, error) {
	// What has no deadlines is no socket, and takes all at once.
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(time.Now().Add(writeWithin))
	return p.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (p patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
