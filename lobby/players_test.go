package lobby_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"tickroom/lobby"
	"tickroom/store/storetest"
)

func TestAGuestIsAPlayerFromThenOn(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("  Ann   of  Arc ")
		equal(t, ann.Player.Name, "Ann of Arc", "spaces are made single")
		me := read[struct{ ID, Name string }](w.call("GET", "/v1/players/me", ann.Token, "").ok(200, "the token says who one is"))
		equal(t, me, ann.Player, "one is who one was made")
		kept, err := w.store.Player(t.Context(), ann.Player.ID)
		if err != nil || kept.Name != "Ann of Arc" {
			t.Errorf("stored %+v, %v: a player outlives the server", kept, err)
		}
	})
}

func TestNamesAreWhatCanBeSeen(t *testing.T) {
	tell(t, func(w *world) {
		for _, name := range []string{"A", "Zoë", "张伟", "महेश", "🚀", "x_X", strings.Repeat("é", 24), "O'Neil-7"} {
			equal(t, w.guest(name).Player.Name, name, "a name like this is fine")
		}
		for name, what := range map[string]string{
			"":                      "nothing",
			" \u00a0 ":              "only spaces",
			strings.Repeat("a", 25): "25 characters",
			"a\x00b":                "a control character",
			"a\nb":                  "a line break",
			"a\u2028b":              "a line separator",
			"\u202eevil":            "text turned around",
			"a\u2066b":              "an isolate",
			"a\u200bb":              "a space of no width",
			"\u3164":                "a letter that is blank",
			"\ue000":                "a private character",
			"\U000e0041":            "a tag",
			"\u0301":                "an accent on nothing",
			"a\ufffdb":              "a broken character",
		} {
			body := `{"name":` + quote(name) + `}`
			p := w.call("POST", "/v1/players", "", body).refused(422, "invalid", what+" is no name")
			if len(p.Errors) == 0 || p.Errors[0].Location != "body.name" {
				t.Errorf("%s: %+v, want body.name: the field is named", what, p.Errors)
			}
		}
	})
}

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r < ' ' {
			b.WriteString(`\u00` + string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]))
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// TestOnlyOurTokensCount also shows that all servers of one database share the
// key: the forger here has it, and still cannot do these.
func TestOnlyOurTokensCount(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	shared := storetest.NewMemory()
	if _, err := shared.Secret(t.Context(), "player-tokens", key); err != nil {
		t.Fatal(err)
	}
	tell(t, func(w *world) {
		now := time.Now()
		good := func() jwt.MapClaims {
			return jwt.MapClaims{"sub": uuid.NewString(), "name": "Ann", "aud": "tickroom", "exp": now.Add(time.Hour).Unix()}
		}
		sign := func(m jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
			c := good()
			change(c)
			s, err := jwt.NewWithClaims(m, c).SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		as := func(token string) *answer { return w.call("GET", "/v1/players/me", token, "") }
		same := func(jwt.MapClaims) {}

		as(sign(jwt.SigningMethodHS256, key, same)).ok(200, "a token of another server of this database is good")
		as("").refused(401, "no-token", "nobody is nobody")
		for what, token := range map[string]string{
			"no token at all":    "nonsense",
			"another key":        sign(jwt.SigningMethodHS256, []byte("another"), same),
			"alg none":           sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
			"another algorithm":  sign(jwt.SigningMethodHS512, key, same),
			"expired":            sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Second).Unix() }),
			"without an end":     sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "exp") }),
			"for others":         sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["aud"] = "elsewhere" }),
			"for nobody":         sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "aud") }),
			"of no player":       sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sub"] = "" }),
			"of no proper id":    sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sub"] = "ann" }),
			"of a name to avoid": sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["name"] = "\u202eevil" }),
		} {
			a := as(token)
			a.refused(401, "bad-token", what)
			equal(t, a.header.Get("WWW-Authenticate"), "Bearer", "a 401 says how to do better")
		}
		w.call("GET", "/v1/rooms", "nonsense", "").refused(401, "bad-token", "a token that is shown must be good, also where none is needed")

		r := request("GET", "/v1/players/me", "", "")
		r.Header.Set("Authorization", "bearer "+sign(jwt.SigningMethodHS256, key, same))
		w.do(r).ok(200, "the scheme's case does not matter")
		r.Header.Set("Authorization", "Basic "+sign(jwt.SigningMethodHS256, key, same))
		w.do(r).refused(401, "bad-token", "another scheme is no token of ours")
	}, func(c *lobby.Config) { c.Store = shared })
}

func TestATokenIsGoodForHalfAYear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		ann := w.guest("Ann")
		pass(179 * 24 * time.Hour)
		w.call("GET", "/v1/players/me", ann.Token, "").ok(200, "a guest may stay away for months")
		pass(2 * 24 * time.Hour)
		w.call("GET", "/v1/players/me", ann.Token, "").refused(401, "bad-token", "not for ever")
		w.close("nothing runs")
	})
}

// TestEveryCallOfAPlayerNeedsOne has nobody try all of them.
func TestEveryCallOfAPlayerNeedsOne(t *testing.T) {
	tell(t, func(w *world) {
		id := w.open(w.guest("Ann"), pair, "").ID
		for call, body := range map[string]string{
			"GET /v1/players/me":                   "",
			"POST /v1/rooms":                       `{"game":"pair"}`,
			"POST /v1/rooms/" + id + "/seats":      "",
			"POST /v1/codes/ABCDEF/seats":          "",
			"POST /v1/games/pair/seats":            "",
			"POST /v1/rooms/" + id + "/again":      "",
			"DELETE /v1/rooms/" + id + "/seats/me": "",
		} {
			method, path, _ := strings.Cut(call, " ")
			w.call(method, path, "", body).refused(401, "no-token", call+" is a player's")
		}
	})
}

func TestGamesThatCanBePlayed(t *testing.T) {
	tell(t, func(w *world) {
		type option struct {
			Name, Title       string
			Default, Min, Max int
		}
		games := read[list[struct {
			Name, Title                      string
			Version, Seats                   int
			MinSeats, TickRate, SnapshotRate int `json:"-"`
			Late                             bool
			Options                          []option
		}]](w.call("GET", "/v1/games", "", "").ok(200, "the games are for all to see"))
		var names []string
		for _, g := range games.Items {
			names = append(names, g.Name)
			if g.Name == "choosy" {
				equal(t, len(g.Options), 2, "a game's options are listed")
				equal(t, g.Options[0], option{"length", "Length", 5, 1, 10}, "an option has its range and default")
			}
		}
		equal(t, strings.Join(names, " "), "pair trio house solo choosy chat", "in the catalog's order, without the unlisted one")
	})
}
