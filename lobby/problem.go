package lobby

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"tickroom/game/room"
)

// Problem is an error's body: RFC 9457 with a stable code for programs.
type Problem struct {
	huma.ErrorModel
	Code string `json:"code" example:"full" doc:"What went wrong, for programs. Stable."`
}

type problemRow struct {
	err    error
	status int
	code   string
}

// problems is the one table from an error to a status and a code, and each
// call's documentation is made from it. The first of a status is also what huma
// says when it refuses with that status by itself.
var problems = []problemRow{
	{errMalformed, http.StatusBadRequest, "malformed"},
	{errNobody, http.StatusUnauthorized, "no-token"},
	{errBadToken, http.StatusUnauthorized, "bad-token"},
	{ErrPrivate, http.StatusForbidden, "private"},
	{errNotYours, http.StatusForbidden, "not-yours"},
	{errNothing, http.StatusNotFound, "not-found"},
	{ErrNoGame, http.StatusNotFound, "no-game"},
	{ErrNoRoom, http.StatusNotFound, "no-room"},
	{ErrNoCode, http.StatusNotFound, "no-code"},
	{errNoMatch, http.StatusNotFound, "no-match"},
	{room.ErrNotSeated, http.StatusNotFound, "no-seat"},
	{errMethod, http.StatusMethodNotAllowed, "method"},
	{errSlow, http.StatusRequestTimeout, "timeout"},
	{room.ErrFull, http.StatusConflict, "full"},
	{ErrLocked, http.StatusConflict, "locked"},
	{ErrTooMany, http.StatusConflict, "too-many-rooms"},
	{ErrStillOpen, http.StatusConflict, "still-open"},
	{ErrDelayed, http.StatusConflict, "delayed"},
	{errOtherRules, http.StatusConflict, "other-rules"},
	{ErrGone, http.StatusGone, "gone"},
	{room.ErrClosed, http.StatusGone, "gone"},
	{room.ErrOver, http.StatusGone, "over"},
	{errNoLog, http.StatusGone, "no-log"},
	{errTooLarge, http.StatusRequestEntityTooLarge, "too-large"},
	{errMediaType, http.StatusUnsupportedMediaType, "media-type"},
	{errInvalid, http.StatusUnprocessableEntity, "invalid"},
	{errTooOften, http.StatusTooManyRequests, "too-many"},
	{errInternal, http.StatusInternalServerError, "internal"},
	{ErrDraining, http.StatusServiceUnavailable, "draining"},
	{room.ErrMoved, http.StatusServiceUnavailable, "draining"},
	{ErrBusy, http.StatusServiceUnavailable, "busy"},
	{room.ErrBusy, http.StatusServiceUnavailable, "busy"},
	{errStreams, http.StatusServiceUnavailable, "busy"},
	{errLogs, http.StatusServiceUnavailable, "busy"},
	{errScreenings, http.StatusServiceUnavailable, "busy"},
	{errStore, http.StatusServiceUnavailable, "no-store"},
	{errUnreachable, http.StatusServiceUnavailable, "no-server"},
	{errMisled, http.StatusServiceUnavailable, "no-server"},
}

// Errors of the API itself.
var (
	errMalformed = errors.New("the body is not JSON")
	errNobody    = errors.New("this call needs a player's token: Authorization: Bearer")
	errBadToken  = errors.New("the token is not one of ours, or has expired")
	errNotYours  = errors.New("only who played in a private match may see it")
	errNothing   = errors.New("there is nothing here")
	errNoMatch   = errors.New("no such match")
	errMethod    = errors.New("the method is none of this address")
	errSlow      = errors.New("the body took too long to arrive")
	errNoLog     = errors.New("this server cannot read the log of this match")
	errTooLarge  = errors.New("the body is too large")
	errMediaType = errors.New("the body must be application/json")
	errInvalid   = errors.New("the request is not valid")
	errTooOften  = errors.New("too many calls: wait as Retry-After says")
	errInternal  = errors.New("something went wrong on our side")
	errStreams   = errors.New("too many live lists are open")
	errLogs      = errors.New("too many logs are being read")
	errStore     = errors.New("the database does not answer")
)

// retryAfter is what a 503 suggests, in seconds.
const retryAfter = "5"

// problem makes the answer of an error. What is wrong on our side is logged,
// and its text is not told.
func (l *Lobby) problem(err error) error {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if wrong, ok := errors.AsType[OptionErrors](err); ok {
		return invalidOptions(wrong)
	}
	p := problemOf(err)
	ours := p.Status == http.StatusInternalServerError || errors.Is(err, errStore)
	if ours && !errors.Is(err, context.Canceled) { // else the client has gone, which is no fault
		l.cfg.Log.Error("request failed", "err", err)
	}
	if h := headers(p.Status); len(h) > 0 {
		return huma.ErrorWithHeaders(p, h)
	}
	return p
}

// problemOf looks an error up in the table.
func problemOf(err error) *Problem {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return newProblem(p.status, p.code, sentence(p.err))
		}
	}
	return problemOf(errInternal)
}

// headers are what goes with a status.
func headers(status int) http.Header {
	switch status {
	case http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {retryAfter}}
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {"Bearer"}}
	}
	return nil
}

// invalid is a request with something wrong in one place.
func invalid(location, text string, value any) *Problem {
	return newProblem(http.StatusUnprocessableEntity, "invalid", sentence(errInvalid),
		&huma.ErrorDetail{Location: location, Message: text, Value: value})
}

func invalidOptions(wrong OptionErrors) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", sentence(errInvalid))
	for _, o := range wrong {
		p.Add(&huma.ErrorDetail{Location: "body.options." + o.Option, Message: o.Text})
	}
	return p
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
// of a call, problems of the table too. huma keeps this in one global.
var speakProblem = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		p := newProblem(status, "internal", sentence(errInternal), errs...)
		if i := slices.IndexFunc(problems, func(row problemRow) bool { return row.status == status }); i >= 0 {
			p.Code, p.Detail = problems[i].code, sentence(problems[i].err)
		}
		return p
	}
})

// writeProblem answers outside of huma: for what chi and middleware refuse.
func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	maps.Copy(h, headers(p.Status))
	h.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) // a client that is gone needs no answer
}

const problemType = "application/problem+json"

// document says in a call's description how it may be refused: each status with
// its codes.
func document(o *huma.Operation, errs ...error) {
	if o.Responses == nil {
		o.Responses = map[string]*huma.Response{}
	}
	for _, p := range problems {
		if !slices.Contains(errs, p.err) {
			continue
		}
		status := strconv.Itoa(p.status)
		if r := o.Responses[status]; r != nil {
			if !strings.HasSuffix(r.Description, " "+p.code) { // in the table, those of one code are neighbours
				r.Description += ", " + p.code
			}
			continue
		}
		o.Responses[status] = &huma.Response{
			Description: http.StatusText(p.status) + ": " + p.code,
			Content:     map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
		}
	}
}
