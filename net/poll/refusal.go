package poll

import (
	"errors"
	"net/http"
)

// refusal is an answer that is no frames. PROTOCOL.md lists them for clients.
type refusal struct {
	status int
	text   string
}

func (e *refusal) Error() string { return e.text }

var (
	errBody   = &refusal{http.StatusBadRequest, "the body is not frames, or not those that are due"}
	errOrigin = &refusal{http.StatusForbidden, "pages of this site may not connect"}
	errMethod = &refusal{http.StatusMethodNotAllowed, "want POST"}
	errLate   = &refusal{http.StatusRequestTimeout, "the body did not come in time"}
	errSkips  = &refusal{http.StatusConflict, "this request skips others"}
	errTwo    = &refusal{http.StatusConflict, "another request is not answered yet"}
	errGone   = &refusal{http.StatusGone, "there is no such connection, or no more"}
	errLarge  = &refusal{http.StatusRequestEntityTooLarge, "the body is too large"}
	errType   = &refusal{http.StatusUnsupportedMediaType, "want Content-Type " + frames}
	errFull   = &refusal{http.StatusServiceUnavailable, "no more connections now"}
)

// refuse answers with what an error says.
func refuse(w http.ResponseWriter, err error) {
	answer := &refusal{http.StatusInternalServerError, "a fault of ours"}
	errors.As(err, &answer)
	if answer.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, answer.text, answer.status)
}
