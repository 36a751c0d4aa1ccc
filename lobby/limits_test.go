package lobby_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tickroom/lobby"
)

func TestABodyIsJSONAndSmall(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		for _, path := range []string{"/v1/players", "/v1/rooms", "/v1/games/pair/seats", "/v1/codes/ABCDEF/seats", "/v1/rooms/x/seats"} {
			big := `{"name":"` + strings.Repeat("a", 16<<10) + `"}`
			w.call("POST", path, ann.Token, big).refused(413, "too-large", path+" needs no such body")
			for _, broken := range []string{"{", "game=pair", "{}{}", "\x00"} {
				w.call("POST", path, ann.Token, broken).refused(400, "malformed", path+": "+broken+" is not JSON")
			}
			for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/cbor"} {
				r := request("POST", path, ann.Token, `{"name":"Ann"}`)
				r.Header.Set("Content-Type", kind)
				w.do(r).refused(415, "media-type", path+" takes JSON only")
			}
			p := w.call("POST", path, ann.Token, `{"colour":"red"}`).refused(422, "invalid", path+" has no colour")
			var named []string
			for _, e := range p.Errors {
				named = append(named, e.Location)
			}
			if !strings.Contains(strings.Join(named, " "), "body.colour") {
				t.Errorf("%s: %v, want body.colour: the unknown field is named", path, named)
			}
		}
		for _, path := range []string{"/v1/players", "/v1/rooms"} {
			w.call("POST", path, ann.Token, "").refused(400, "malformed", path+" needs a body")
		}
	})
}

// TestAClassroomIsNotTooMany has sixty players behind one address open the page,
// get a name, join and look around within a minute, and do it again.
func TestAClassroomIsNotTooMany(t *testing.T) {
	tell(t, func(w *world) {
		for range 2 {
			for range 60 {
				p := w.guest("Pupil")
				w.call("GET", "/v1/games", "", "").ok(200, "a look at the games")
				for range 3 {
					w.call("GET", "/v1/rooms", p.Token, "").ok(200, "a look at the rooms")
				}
				got := w.byGame(p, house).seat("a seat")
				w.byCode(p, got.Code).seat("the code from the board")
				w.byRoom(p, got.Room).seat("a reload")
				w.call("GET", "/v1/matches?player="+p.Player.ID, p.Token, "").ok(200, "what I played")
				w.leave(p, got.Room).ok(204, "and out")
				pass(time.Second)
			}
		}
	})
}

// until makes calls until one is refused, and says how many were not.
func (w *world) until(most int, call func(i int) *answer) int {
	w.Helper()
	for i := range most {
		if a := call(i); a.status == http.StatusTooManyRequests {
			a.refused(429, "too-many", "a limit says which it is")
			if after, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
				w.Errorf("Retry-After %q, want seconds up to a minute", a.header.Get("Retry-After"))
			}
			return i
		}
	}
	return most
}

func TestOneAddressHasALimit(t *testing.T) {
	tell(t, func(w *world) {
		from := func(address string) *http.Request {
			r := request("GET", "/v1/games", "", "")
			r.RemoteAddr = address
			return r
		}
		flood := func(int) *answer { return w.do(from("203.0.113.5:999")) }
		equal(t, w.until(5000, flood), 1800, "the limit of a minute")
		w.do(from("203.0.113.5:1000")).refused(429, "too-many", "the port does not matter")
		w.do(from("203.0.113.6:999")).ok(200, "another address is another matter")
		pass(2 * time.Minute)
		w.do(from("203.0.113.5:999")).ok(200, "it is over when one waited")

		network := func(i int) *answer { return w.do(from(fmt.Sprintf("[2001:db8:1:2::%x]:7", i+1))) }
		equal(t, w.until(5000, network), 1800, "all addresses of one IPv6 network are one")
		w.do(from("[2001:db8:1:3::1]:7")).ok(200, "another network is another matter")
	})
}

// TestBehindAProxyItSaysWhoCalls: the last of the list is what our proxy saw,
// all before it is what the client claims.
func TestBehindAProxyItSaysWhoCalls(t *testing.T) {
	claim := func(w *world) func(i int) *answer {
		return func(i int) *answer {
			r := request("GET", "/v1/games", "", "")
			r.Header.Add("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i%200))
			r.Header.Add("X-Forwarded-For", fmt.Sprintf("10.0.0.%d, 203.0.113.5", i%200))
			return w.do(r)
		}
	}
	tell(t, func(w *world) {
		equal(t, w.until(5000, claim(w)), 1800, "claims of the client do not count")
		r := request("GET", "/v1/games", "", "")
		r.Header.Set("X-Forwarded-For", "203.0.113.6")
		w.do(r).ok(200, "who the proxy says is another is another")
	}, func(c *lobby.Config) { c.TrustProxy = true })
	tell(t, func(w *world) {
		i := 0
		other := func(int) *answer {
			i++
			r := request("GET", "/v1/games", "", "")
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i%200))
			return w.do(r)
		}
		equal(t, w.until(5000, other), 1800, "without a proxy nobody is believed")
	})
}

func TestOnePlayerHasALimit(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		i := 0
		fromEverywhere := func(p guest) *answer {
			i++
			r := request("GET", "/v1/players/me", p.Token, "")
			r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:1", i/250, i%250)
			return w.do(r)
		}
		equal(t, w.until(1000, func(int) *answer { return fromEverywhere(ann) }), 180, "wherever one calls from")
		fromEverywhere(ben).ok(200, "another player is another matter")
		pass(2 * time.Minute)
		fromEverywhere(ann).ok(200, "it is over when one waited")
	})
}

func TestGuestsAndCodesOfOneAddressAreFewer(t *testing.T) {
	tell(t, func(w *world) {
		made := w.until(1000, func(int) *answer { return w.call("POST", "/v1/players", "", `{"name":"Bot"}`) })
		equal(t, made, 240, "each guest is kept for ever")
		pass(2 * time.Minute)
		players := w.guests(10)
		tried := w.until(1000, func(i int) *answer { return w.byCode(players[i%10], fmt.Sprintf("%06d", i)) })
		equal(t, tried, 240, "codes are not to be guessed, by however many players")
		w.call("GET", "/v1/games", "", "").ok(200, "the rest goes on")
	})
}
