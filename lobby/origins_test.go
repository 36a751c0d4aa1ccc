package lobby_test

import (
	"net/http"
	"testing"

	"tickroom/lobby"
)

const (
	listed   = "https://play.example"
	stranger = "https://evil.example"
)

// from has a page of another site make a call; preflight asks first.
func (w *world) from(origin, method, path string, preflight bool) *answer {
	r := request(method, path, "", "")
	if preflight {
		r = request(http.MethodOptions, path, "", "")
		r.Header.Set("Access-Control-Request-Method", method)
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	}
	r.Header.Set("Origin", origin)
	return w.do(r)
}

const allowOrigin = "Access-Control-Allow-Origin"

func TestPagesOfListedSitesMayCall(t *testing.T) {
	tell(t, func(w *world) {
		equal(t, w.from(listed, "GET", "/v1/games", false).ok(200, "read").header.Get(allowOrigin), listed, "a listed site may read")
		for _, call := range []string{"POST", "DELETE"} {
			a := w.from(listed, call, "/v1/rooms", true)
			equal(t, a.header.Get(allowOrigin), listed, "a listed site may "+call)
			equal(t, a.header.Get("Access-Control-Allow-Methods"), call, "a listed site may "+call)
			equal(t, a.header.Get("Access-Control-Allow-Credentials"), "", "a token is shown, never a cookie")
		}
		a := w.from(listed, "GET", "/v1/nothing", false)
		a.refused(404, "not-found", "a refusal")
		equal(t, a.header.Get(allowOrigin), listed, "a listed site may read refusals too")

		equal(t, w.from(stranger, "GET", "/v1/games", false).header.Get(allowOrigin), "", "another site may not")
		equal(t, w.from(stranger, "POST", "/v1/rooms", true).header.Get(allowOrigin), "", "another site may not")
		equal(t, w.from(listed+".evil.example", "GET", "/v1/games", false).header.Get(allowOrigin), "", "nor one that only begins alike")
	}, func(c *lobby.Config) { c.Origins = []string{listed} })
}

func TestNoOtherSiteMayCallByDefault(t *testing.T) {
	tell(t, func(w *world) {
		for _, origin := range []string{listed, "null"} {
			equal(t, w.from(origin, "GET", "/v1/games", false).header.Get(allowOrigin), "", "nobody is listed")
			equal(t, w.from(origin, "POST", "/v1/rooms", true).header.Get(allowOrigin), "", "nobody is listed")
		}
	})
}
