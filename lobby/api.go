package lobby

import (
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"
)

// Handler serves /v1 (all but the channel), /openapi.json and /docs.
func (l *Lobby) Handler() http.Handler {
	speakProblem()
	r := chi.NewRouter()
	r.Use(l.vouch, l.recoverer, l.crossOrigin(), l.limit(addressRate, l.address), l.identify, l.limit(playerRate, byPlayer))
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) { writeProblem(w, problemOf(errNothing)) })
	r.MethodNotAllowed(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Allow", strings.Join(methods(r, req.URL.Path), ", "))
		writeProblem(w, problemOf(errMethod))
	})
	api := humachi.New(r, describe())
	api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	l.playerCalls(api)
	l.gameCalls(api)
	l.roomCalls(api)
	l.eventCalls(api)
	l.seatCalls(api)
	l.matchCalls(api)
	l.logCalls(api)
	l.replayCalls(api)
	r.Get(hearsPath, l.answerNeighbour)
	r.Method(http.MethodGet, "/docs", docs(api.OpenAPI()))
	return r
}

// describe is the head of the OpenAPI description.
func describe() huma.Config {
	c := huma.DefaultConfig("tickroom", "1")
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema links in answers
	c.RejectUnknownQueryParameters = true
	c.Info.Description = "Multiplayer game rooms: open one, take a seat, play on the channel with the ticket. " +
		"Errors are application/problem+json with a stable code, and each call lists its own. " +
		"429 and 503 say in Retry-After how many seconds to wait. " +
		"Lists are items and next_cursor: give it as cursor to read on."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"player": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The token of POST /v1/players."},
	}
	return c
}

// call is one operation: id, method, path, what it does, its status, and why it
// may be refused beside what every call may be.
func call(id, method, path, summary string, status int, refusals ...error) huma.Operation {
	o := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status,
		Tags: []string{tag(path)}, MaxBodyBytes: maxBody,
	}
	document(&o, append(refusals, errBadToken, errTooOften, errInternal)...)
	return o
}

// own makes a call one that needs a player's token.
func own(o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{"player": {}}}
	document(&o, errNobody)
	return o
}

// withBody makes a call one that a body comes with.
func withBody(o huma.Operation) huma.Operation {
	document(&o, errMalformed, errSlow, errTooLarge, errMediaType, errInvalid)
	return o
}

func tag(path string) string {
	_, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name, _, _ = strings.Cut(name, "/")
	return name
}

// methods are those that a path has.
func methods(r chi.Router, path string) []string {
	all := []string{http.MethodGet, http.MethodPost, http.MethodDelete}
	return slices.DeleteFunc(all, func(m string) bool { return !r.Match(chi.NewRouteContext(), m, path) })
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
			writeProblem(w, problemOf(errInternal))
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
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty" doc:"Give it as cursor to read on; absent at the end."`
}
