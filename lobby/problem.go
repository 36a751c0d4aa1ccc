package lobby

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/store"
)

// Problem is an error's body: RFC 9457 with a stable code for programs.
type Problem struct {
	huma.ErrorModel
	Code string `json:"code" example:"full" doc:"What went wrong, for programs. Stable."`
}

// problems is the one table from an error to a status and a code.
var problems = []struct {
	err    error
	status int
	code   string
}{
	{ErrDraining, http.StatusServiceUnavailable, "draining"},
	{ErrBusy, http.StatusServiceUnavailable, "busy"},
	{room.ErrBusy, http.StatusServiceUnavailable, "busy"},
	{ErrNoGame, http.StatusNotFound, "no-game"},
	{ErrNoRoom, http.StatusNotFound, "no-room"},
	{ErrNoCode, http.StatusNotFound, "no-code"},
	{errNoMatch, http.StatusNotFound, "no-match"},
	{store.ErrNotFound, http.StatusNotFound, "not-found"},
	{room.ErrNotSeated, http.StatusNotFound, "no-seat"},
	{ErrPrivate, http.StatusForbidden, "private"},
	{errNotYours, http.StatusForbidden, "not-yours"},
	{errNobody, http.StatusUnauthorized, "no-token"},
	{errBadToken, http.StatusUnauthorized, "bad-token"},
	{room.ErrFull, http.StatusConflict, "full"},
	{ErrLocked, http.StatusConflict, "locked"},
	{ErrTooMany, http.StatusConflict, "too-many-rooms"},
	{ErrStillOpen, http.StatusConflict, "still-open"},
	{ErrGone, http.StatusGone, "gone"},
	{room.ErrClosed, http.StatusGone, "gone"},
	{room.ErrOver, http.StatusGone, "over"},
}

// Errors of the API itself.
var (
	errNobody   = errors.New("this call needs a player's token: Authorization: Bearer")
	errBadToken = errors.New("the token is not one of ours, or has expired")
	errNotYours = errors.New("only who played in a private match may see it")
	errNoMatch  = errors.New("no such match")
)

// retryAfter is what a 503 suggests, in seconds.
const retryAfter = "5"

// problem makes the answer of an error. One that is in no table is ours: it is
// logged, and its text is not told.
func (l *Lobby) problem(err error) error {
	if err == nil {
		return nil
	}
	if o, ok := errors.AsType[*game.OptionError](err); ok {
		return newProblem(http.StatusUnprocessableEntity, "invalid", "The request is not valid.",
			&huma.ErrorDetail{Location: "body.options." + o.Option, Message: o.Text})
	}
	for _, p := range problems {
		if errors.Is(err, p.err) {
			answer := error(newProblem(p.status, p.code, sentence(p.err)))
			if p.status == http.StatusServiceUnavailable {
				answer = huma.ErrorWithHeaders(answer, http.Header{"Retry-After": {retryAfter}})
			}
			return answer
		}
	}
	l.cfg.Log.Error("request failed", "err", err)
	return newProblem(http.StatusInternalServerError, "internal", "Something went wrong on our side.")
}

// sentence makes an error's text one for people.
func sentence(err error) string {
	text := err.Error()
	return string(text[0]-'a'+'A') + text[1:] + "."
}

func newProblem(status int, code, detail string, errs ...error) *Problem {
	p := &Problem{Code: code}
	p.Status, p.Title, p.Detail = status, http.StatusText(status), detail
	for _, e := range errs {
		p.Add(e)
	}
	return p
}

// speakProblem makes huma's own refusals, of what does not fit the description
// of a call, problems with a code too. huma keeps this in one global.
var speakProblem = sync.OnceFunc(func() {
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		return newProblem(status, codeOf[status], detail, errs...)
	}
})

var codeOf = map[int]string{
	http.StatusBadRequest:            "malformed",
	http.StatusNotFound:              "not-found",
	http.StatusMethodNotAllowed:      "method",
	http.StatusNotAcceptable:         "not-acceptable",
	http.StatusRequestTimeout:        "timeout",
	http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType:  "media-type",
	http.StatusUnprocessableEntity:   "invalid",
	http.StatusTooManyRequests:       "too-many",
	http.StatusInternalServerError:   "internal",
}

// writeProblem answers outside of huma: for what chi and middleware refuse.
func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) // a client that is gone needs no answer
}
