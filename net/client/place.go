package client

import (
	"errors"
	"net/url"
	"strings"

	"tickroom/net/wire"
)

// maxMoves is how often in a row we go at once where we are told, without a
// connection that held: servers that send us round and round get ordinary pauses.
const maxMoves = 4

// place is where the channel is: at the URL we began with, until a server says
// that the room is elsewhere.
type place struct {
	first string
	now   string // where the next try goes
	other string // and the one after it, if that fails
	moves int    // in a row
}

func newPlace(first string) place { return place{first: first, now: first, other: first} }

// follow goes where a server said, and says whether at once. A URL that is not
// to be trusted is nothing.
func (p *place) follow(said string) (atOnce bool) {
	to, ok := movedTo(p.first, said)
	if !ok {
		return false
	}
	p.now, p.other = to, p.first
	p.moves++
	return p.moves <= maxMoves
}

// silent is when nobody answered: the next try goes to the other place. The one we
// began with always leads to the room, and where it said the room is may be gone.
func (p *place) silent() { p.now, p.other = p.other, p.now }

// held is when a connection was a good one.
func (p *place) held() { p.moves = 0 }

// movedTo is a URL that a server said, as one of a WebSocket; false if it is none,
// or less secret than the first.
func movedTo(first, said string) (to string, ok bool) {
	if len(said) > wire.MaxURL {
		return "", false
	}
	u, err := url.Parse(said)
	if err != nil || u.Host == "" {
		return "", false
	}
	switch u.Scheme {
	case "wss", "https":
		u.Scheme = "wss"
	case "ws", "http":
		u.Scheme = "ws"
		ok = strings.HasPrefix(first, "ws:")
	}
	return u.String(), ok || u.Scheme == "wss"
}

// below is where the requests of a transport over HTTP go: one more part of the
// path, and the query as it is.
func below(channel, part string) (string, error) {
	u, err := url.Parse(channel)
	if err != nil {
		return "", err
	}
	u.Scheme = "http" + strings.TrimPrefix(u.Scheme, "ws")
	return u.JoinPath(part).String(), nil
}

// moved says whether a try ended because the room is elsewhere, where the next
// goes at once.
func (c *Client) moved(err error) bool {
	closed, ok := errors.AsType[*Closed](err)
	return ok && c.place.follow(closed.moved)
}

// there is what the next connection is made with.
func (c *Client) there() Config {
	cfg := c.cfg
	cfg.URL = c.place.now
	return cfg
}
