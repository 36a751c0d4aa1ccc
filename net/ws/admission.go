package ws

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tickroom/net/wire"
)

// allowed says whether the page that asks may connect: one of our own, of a
// site on the list, or no page at all.
func (s *Server) allowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	if strings.EqualFold(u.Host, r.Host) {
		return true
	}
	return slices.ContainsFunc(s.cfg.Origins, func(o string) bool {
		return o == "*" || strings.EqualFold(o, origin)
	})
}

func offersSubprotocol(r *http.Request) bool {
	for _, line := range r.Header.Values("Sec-Websocket-Protocol") {
		for name := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(name) == wire.Subprotocol {
				return true
			}
		}
	}
	return false
}
