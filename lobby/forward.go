package lobby

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"

	"tickroom/store"
)

// A call on what another server has is forwarded to it, and so is the channel: one
// mechanism, which passes answers that go on and upgrades too. A header says for
// whom, and proves that a server of the same database says so. What was forwarded
// is never forwarded again.

// forwardedHeader holds an origin, and a sum over it and the request by the key
// that servers share.
const forwardedHeader = "Tickroom-Forwarded"

// origin is where a forwarded call came from.
type origin struct {
	by, to  string // servers, by name
	address string // of who calls
	scheme  string // by which they reached the first server
}

type originKey struct{}

// forwardedFrom is where a call came from that another server forwarded.
func forwardedFrom(ctx context.Context) (origin, bool) {
	o, ok := ctx.Value(originKey{}).(origin)
	return o, ok
}

// errUnreachable is of a server, errMisled of a call that was meant for another.
var (
	errUnreachable = errors.New("the server that has this does not answer: it is found elsewhere soon")
	errMisled      = errors.New("another server was meant, which was here before")
)

// roads are the ways to other servers.
type roads struct {
	calls, posts    *http.Transport
	forwarded, lost atomic.Uint64
}

func newRoads(dial func(ctx context.Context, network, addr string) (net.Conn, error)) *roads {
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialWithin}).DialContext
	}
	road := func(head time.Duration) *http.Transport {
		return &http.Transport{
			DialContext: dial, ResponseHeaderTimeout: head, DisableCompression: true,
			MaxIdleConnsPerHost: maxRoads, IdleConnTimeout: time.Minute,
		}
	}
	return &roads{calls: road(headWithin), posts: road(postWithin)}
}

func (r *roads) close() {
	r.calls.CloseIdleConnections()
	r.posts.CloseIdleConnections()
}

// Forwarded is how many calls were forwarded to other servers, and how many of
// them did not get through.
func (l *Lobby) Forwarded() (all, failed uint64) {
	return l.roads.forwarded.Load(), l.roads.lost.Load()
}

// forward has another server answer a call. The error says that it did not, and
// that nothing was answered. refusable calls are those that may be done elsewhere:
// of them "not now" is no answer.
func (l *Lobby) forward(w http.ResponseWriter, r *http.Request, to store.Server, road *http.Transport, refusable bool) error {
	target, err := url.Parse(to.Address)
	if err != nil || target.Host == "" {
		return fmt.Errorf("%w: address %q of %s", errUnreachable, to.Address, to.Name)
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l.run, cancel)()
	from := origin{by: l.cfg.Self.Name, to: to.Name, address: l.address(r), scheme: l.scheme(r)}
	before := maps.Clone(w.Header())
	var failed error
	proxy := httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host = p.In.Host // by which the caller reached us: of what is here too
			p.Out.Header.Set(forwardedHeader, l.neighbours.sign(p.Out, from))
		},
		Transport:     road,
		FlushInterval: -1,
		ModifyResponse: func(answer *http.Response) error {
			if refusable && answer.StatusCode == http.StatusServiceUnavailable {
				return errors.New(answer.Status)
			}
			clear(w.Header()) // what was said of an answer of ours: the other has said it of its own
			return nil
		},
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, err error) { failed = err },
	}
	l.roads.forwarded.Add(1)
	proxy.ServeHTTP(patient{w}, r.WithContext(ctx))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeWithin)) // for the end of it
	if failed == nil {
		return nil
	}
	l.roads.lost.Add(1)
	maps.Copy(w.Header(), before)
	if r.Context().Err() == nil {
		l.cfg.Log.Debug("call not forwarded", "server", to.Name, "address", to.Address, "path", r.URL.Path, "err", failed)
	}
	return fmt.Errorf("%w: %s: %w", errUnreachable, to.Name, failed)
}

// sign is the header of a call that is forwarded.
func (n *neighbours) sign(r *http.Request, o origin) string {
	v := url.Values{"by": {o.by}, "to": {o.to}, "for": {o.address}, "scheme": {o.scheme}}
	v.Set("sum", n.sum(r, o))
	return v.Encode()
}

func (n *neighbours) sum(r *http.Request, o origin) string {
	mac := hmac.New(sha256.New, n.key)
	fmt.Fprintf(mac, "%q %q %q %q %q %q", o.by, o.to, o.address, o.scheme, r.Method, r.URL.RequestURI())
	return hex.EncodeToString(mac.Sum(nil))
}

// vouch reads the header of a forwarded call. One that no server of ours wrote is
// nothing.
func (l *Lobby) vouch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get(forwardedHeader)
		if header == "" {
			next.ServeHTTP(w, r)
			return
		}
		v, err := url.ParseQuery(header)
		o := origin{by: v.Get("by"), to: v.Get("to"), address: v.Get("for"), scheme: v.Get("scheme")}
		switch {
		case err != nil || !hmac.Equal([]byte(v.Get("sum")), []byte(l.neighbours.sum(r, o))):
			r.Header.Del(forwardedHeader)
			next.ServeHTTP(w, r)
		case o.to != l.cfg.Self.Name:
			writeProblem(w, problemOf(errMisled))
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), originKey{}, o)))
		}
	})
}

// hearsPath is where a server asks another whether the database answers there.
// To all but servers it is nothing.
const hearsPath = "/v1/neighbour"

// hears asks another server whether the database answers there.
func (l *Lobby) hears(s store.Server) bool {
	ctx, cancel := context.WithTimeout(l.run, askWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address+hearsPath, nil)
	if err != nil {
		return false
	}
	r.Header.Set(forwardedHeader, l.neighbours.sign(r, origin{by: l.cfg.Self.Name, to: s.Name}))
	answer, err := l.roads.calls.RoundTrip(r)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusNoContent
}

// answerNeighbour says whether the database answers here.
func (l *Lobby) answerNeighbour(w http.ResponseWriter, r *http.Request) {
	if _, ok := forwardedFrom(r.Context()); !ok {
		writeProblem(w, problemOf(errNothing))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), askWithin)
	defer cancel()
	if err := l.cfg.Store.Ping(ctx); err != nil {
		writeProblem(w, problemOf(errStore))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
