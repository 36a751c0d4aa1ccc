package lobby

import (
	"context"
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"
	"github.com/go-chi/httprate"

	"tickroom/game/room"
)

// Handler serves /v1 (all but the channel), /openapi.json and /docs.
func (l *Lobby) Handler() http.Handler {
	speakProblem()
	r := chi.NewRouter()
	r.Use(l.recoverer, l.crossOrigin(), l.limitBy(addressRate, l.address), l.identify, l.limitBy(playerRate, byPlayer))
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, newProblem(http.StatusNotFound, "not-found", "There is nothing at "+r.URL.Path+"."))
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, newProblem(http.StatusMethodNotAllowed, "method", r.Method+" is not a method of "+r.URL.Path+"."))
	})
	api := humachi.New(r, describe())
	l.playerCalls(api)
	l.gameCalls(api)
	l.roomCalls(api)
	l.seatCalls(api)
	l.matchCalls(api)
	r.Method(http.MethodGet, "/docs", docs(api.OpenAPI()))
	return r
}

// describe is the head of the OpenAPI description.
func describe() huma.Config {
	c := huma.DefaultConfig("tickroom", "1")
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema links in answers
	c.Info.Description = "Multiplayer game rooms: open one, take a seat, play on the channel with the ticket. " +
		"Errors are application/problem+json with a stable code."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"player": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The token of POST /v1/players."},
	}
	return c
}

// call is one operation: id, method, path, what it does, its status and errors.
func call(id, method, path, summary string, status int, errs ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status, Errors: errs,
		Tags: []string{tag(path)}, MaxBodyBytes: maxBody,
	}
}

// own makes a call one that needs a player's token.
func own(o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{"player": {}}}
	o.Errors = append(o.Errors, http.StatusUnauthorized)
	return o
}

func tag(path string) string {
	_, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name, _, _ = strings.Cut(name, "/")
	return name
}

// recoverer makes a panic of ours an answer and a line in the log.
func (l *Lobby) recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			l.cfg.Log.Error("request panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			writeProblem(w, newProblem(http.StatusInternalServerError, "internal", "Something went wrong on our side."))
		}()
		next.ServeHTTP(w, r)
	})
}

// crossOrigin lets pages of the listed sites call; of others none, which is
// what browsers do when nothing is said.
func (l *Lobby) crossOrigin() func(http.Handler) http.Handler {
	if len(l.cfg.Origins) == 0 { // to the library an empty list would mean everybody
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.Handler(cors.Options{
		AllowedOrigins: l.cfg.Origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "Content-Type"},
		ExposedHeaders: []string{"Retry-After"},
		MaxAge:         600,
	})
}

// limitBy refuses more than rate calls a minute of one key; "" is not limited.
func (l *Lobby) limitBy(rate int, key func(*http.Request) string) func(http.Handler) http.Handler {
	limiter := httprate.NewRateLimiter(rate, time.Minute, httprate.WithLimitHandler(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, newProblem(http.StatusTooManyRequests, "too-many", "Too many calls. Wait as Retry-After says."))
	}))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if k := key(r); k != "" && limiter.RespondOnLimit(w, r, k) {
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// address is who calls: the connection's, or what the nearest proxy says.
func (l *Lobby) address(r *http.Request) string {
	if l.cfg.TrustProxy {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// caller is what a call needs to know of its request.
type caller struct {
	player  room.Player // zero: nobody
	channel string      // where the channel is, as this caller reached us
}

type callerKey struct{}

// identify reads the token, if there is one. A bad one is refused at once, so
// that nobody acts as nobody by mistake.
func (l *Lobby) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := caller{channel: l.channelURL(r)}
		if header := r.Header.Get("Authorization"); header != "" {
			token, ok := strings.CutPrefix(header, "Bearer ")
			player, err := l.tokens.read(token)
			if !ok || err != nil {
				writeProblem(w, newProblem(http.StatusUnauthorized, "bad-token", sentence(errBadToken)))
				return
			}
			c.player = player
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

func (l *Lobby) channelURL(r *http.Request) string {
	scheme := "ws"
	if r.TLS != nil || l.cfg.TrustProxy && r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "wss"
	}
	return scheme + "://" + r.Host + "/v1/play"
}

func callerOf(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

func byPlayer(r *http.Request) string { return callerOf(r.Context()).player.ID }

// player is who calls. errNobody if they did not say.
func player(ctx context.Context) (room.Player, error) {
	p := callerOf(ctx).player
	if p.ID == "" {
		return p, errNobody
	}
	return p, nil
}

// answer is a call's body.
type answer[T any] struct{ Body T }

// reply makes a call's answer of a value or an error.
func reply[T any](l *Lobby, v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, l.problem(err)
	}
	return &answer[T]{v}, nil
}

// page is a list's body.
type page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty" doc:"Give it as cursor to read on; absent at the end."`
}

var errBadCursor = errors.New("not a cursor of this list")
