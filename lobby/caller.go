package lobby

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/httprate"

	"tickroom/game/room"
)

// caller is what a call needs to know of its request.
type caller struct {
	player  room.Player // zero: nobody
	address string      // as calls are counted by
	channel string      // where the channel of all rooms is, as this caller reached us
}

type callerKey struct{}

func callerOf(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

// player is who calls. errNobody if they did not say.
func player(ctx context.Context) (room.Player, error) {
	p := callerOf(ctx).player
	if p.ID == "" {
		return p, errNobody
	}
	return p, nil
}

// identify reads the token, if there is one. A bad one is refused at once, so
// that nobody acts as nobody by mistake.
func (l *Lobby) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := caller{address: l.address(r), channel: l.channelURL(r)}
		if header := r.Header.Get("Authorization"); header != "" {
			scheme, token, _ := strings.Cut(header, " ")
			player, err := l.tokens.read(strings.TrimSpace(token))
			if err != nil || !strings.EqualFold(scheme, "Bearer") {
				writeProblem(w, problemOf(errBadToken))
				return
			}
			c.player = player
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

// address is who calls: the connection's, or what the nearest proxy says, which
// is the last of X-Forwarded-For; those before it are what the client says. Of
// an IPv6 address it is the /64, all of which one household has.
func (l *Lobby) address(r *http.Request) string {
	if from, ok := forwardedFrom(r.Context()); ok {
		return from.address
	}
	text := r.RemoteAddr
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	if l.cfg.TrustProxy {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
			text = last
		}
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Unmap().Is4() {
		return text
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}

func (l *Lobby) channelURL(r *http.Request) string {
	scheme := "ws"
	if l.scheme(r) == "https" {
		scheme = "wss"
	}
	return scheme + "://" + r.Host + channelPath
}

// scheme is how a caller reached us, or who forwarded them.
func (l *Lobby) scheme(r *http.Request) string {
	if from, ok := forwardedFrom(r.Context()); ok {
		return from.scheme
	}
	if r.TLS != nil || l.cfg.TrustProxy && r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https"
	}
	return "http"
}

func byPlayer(r *http.Request) string { return callerOf(r.Context()).player.ID }

// limiter refuses more than so many calls a minute of one key.
type limiter struct{ *httprate.RateLimiter }

func newLimiter(rate int) limiter {
	only := httprate.ResponseHeaders{RetryAfter: "Retry-After"} // limits lie over each other: the rest would mislead
	return limiter{httprate.NewRateLimiter(rate, time.Minute, httprate.WithResponseHeaders(only))}
}

// lets counts a call, or refuses it. The key "" is not limited.
func (t limiter) lets(w http.ResponseWriter, r *http.Request, key string) bool {
	if key == "" || !t.OnLimit(w, r, key) {
		return true
	}
	writeProblem(w, problemOf(errTooOften))
	return false
}

// limit bounds all calls of one key.
func (l *Lobby) limit(rate int, key func(*http.Request) string) func(http.Handler) http.Handler {
	t := newLimiter(rate)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if t.lets(w, r, key(r)) {
				next.ServeHTTP(w, r)
			}
		})
	}
}

// limited bounds one kind of call from one address.
func limited(rate int, o huma.Operation) huma.Operation {
	t := newLimiter(rate)
	o.Middlewares = append(o.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		if t.lets(w, r, callerOf(ctx.Context()).address) {
			next(ctx)
		}
	})
	return o
}
