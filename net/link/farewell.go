package link

import (
	"errors"
	"unicode/utf8"

	"tickroom/net/wire"
)

// MovedError is why a Host does not let a link in that another server lets in:
// URL is the channel there, and the client is told to go on at it.
type MovedError struct{ URL string }

func (e *MovedError) Error() string { return "the room is at " + e.URL }

// farewell is what a connection is told last: Bye and, before it, Moved, if the
// link can go on at once elsewhere.
type farewell struct {
	code wire.CloseCode
	text string
	url  string // "" is nowhere that we know
}

// farewell is what a link is told that ends here. A server that goes away says
// where another is, if there is one.
func (h *Hub) farewell(ticket string, code wire.CloseCode, text string) farewell {
	if code == wire.CloseGoingAway {
		return movedTo(h.refuge(ticket), text)
	}
	return farewell{code: code, text: text}
}

// movedTo is what a client is told of a server that it is to go to. Without one
// it comes back where it was.
func movedTo(url, otherwise string) farewell {
	if url == "" || len(url) > wire.MaxURL || !utf8.ValidString(url) {
		return farewell{code: wire.CloseGoingAway, text: otherwise}
	}
	return farewell{wire.CloseMoved, "The room goes on at another server.", url}
}

// refused is what a client is told of an error of the host.
func (h *Hub) refused(ticket string, err error) farewell {
	if moved, ok := errors.AsType[*MovedError](err); ok {
		return movedTo(moved.URL, "The room is at another server.")
	}
	code, text := refusal(err)
	if code == wire.CloseBusy {
		h.log.Warn("joining failed", "err", err)
	}
	return h.farewell(ticket, code, text)
}

// frames are what is said, in order.
func (f farewell) frames() (last []wire.Frame, err error) {
	said := []wire.Message{wire.Moved{URL: f.url}, wire.Bye{Code: f.code, Text: f.text}}
	if f.url == "" {
		said = said[1:]
	}
	for _, m := range said {
		frame, wrong := wire.Encode(m)
		if wrong != nil {
			err = errors.Join(err, wrong)
			continue
		}
		last = append(last, frame)
	}
	return last, err
}
