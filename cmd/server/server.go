package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/game/room/alarm"
	"tickroom/lobby"
	"tickroom/net/link"
	"tickroom/net/poll"
	"tickroom/net/wire"
	"tickroom/net/ws"
	"tickroom/store"
	"tickroom/store/journal"
	"tickroom/store/postgres"
	"tickroom/store/sqlite"
	"tickroom/web"
)

// Limits of the HTTP server. Long answers (server-sent events, the channel)
// set deadlines of their own.
const (
	readHeaderTimeout = 5 * time.Second  // who needs longer holds a socket on purpose
	readTimeout       = 15 * time.Second // the largest body is small
	writeTimeout      = 30 * time.Second // a long log on a slow line
	idleTimeout       = 90 * time.Second
	maxHeaderBytes    = 16 << 10
	// lastAnswers is how long a stopping server waits for answers on their way,
	// and for connections that browsers open ahead of need: players stand still
	// until the next process has the rooms.
	lastAnswers = 300 * time.Millisecond
)

// server is the parts put together: the lobby that owns the rooms, the channel
// that reaches them (over WebSockets, or over plain requests), the page, and what
// an operator asks.
type server struct {
	// Set once.
	log     *slog.Logger
	store   store.Store
	journal *journal.Journal
	lobby   *lobby.Lobby
	sockets *ws.Server
	posts   *poll.Server
	metrics *metrics
	handler http.Handler

	draining atomic.Bool
}

// parts are what a server is put together from; it closes none of them.
type parts struct {
	games game.Catalog
	store store.Store
	page  http.Handler
	log   *slog.Logger
	dial  func(ctx context.Context, network, addr string) (net.Conn, error) // to other servers; nil is TCP
	timer func() alarm.Timer                                                // of rooms; nil is alarm.Plain
}

func newServer(ctx context.Context, cfg config, p parts) (*server, error) {
	s := &server{log: p.log, store: p.store, metrics: newMetrics()}
	var err error
	s.journal, err = journal.Open(ctx, journal.Config{Store: p.store, Server: cfg.name, Address: cfg.address, Meter: s.metrics, Log: p.log})
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var hub *link.Hub
	s.lobby, err = lobby.New(ctx, lobby.Config{
		Catalog: p.games,
		Store:   p.store,
		Journal: s.journal,
		Relink: func(ticket, name string, had wire.Outbox) (room.Link, func(*room.Member, uint32)) {
			return relink(hub, ticket, name, had)
		},
		Self:       store.Server{Name: cfg.name, Address: cfg.address, Public: cfg.public},
		Dial:       p.dial,
		Log:        p.log,
		Origins:    cfg.origins,
		TrustProxy: cfg.trustProxy,
		Grace:      cfg.grace,
		SaveEvery:  saveEvery,
		Meter:      s.metrics,
		Timer:      p.timer,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lobby: %w", err), s.journal.Close(ctx))
	}
	hub = link.NewHub(link.Config{Host: host{s.lobby}, Refuge: s.refuge, Meter: s.metrics, Log: p.log})
	s.sockets = ws.New(ws.Config{Hub: hub, Origins: cfg.origins, Log: p.log})
	s.posts = poll.New(poll.Config{Hub: hub, Origins: cfg.origins, Log: p.log})
	s.metrics.registry.MustRegister(newRooms(s), newNeighbours(s.lobby))
	s.handler = s.routes(p.page)
	s.lobby.Mingle()
	s.lobby.Recover()
	return s, nil
}

// refuge is where links go on that end because this server stops.
func (s *server) refuge(ticket string) string {
	if !s.draining.Load() {
		return "" // not because of that
	}
	return s.lobby.Refuge(ticket)
}

// routes mounts everything. The channel stands outside whatever the lobby
// wraps around its calls: an upgrade must see the connection itself, and an
// answer that goes on sets deadlines of its own.
func (s *server) routes(page http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(secureHeaders)
	r.Get("/healthz", healthz)
	r.Get("/readyz", s.readyz)
	r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	r.Handle("/v1/play", s.lobby.Forward(s.sockets))
	r.Handle("/v1/play/*", s.lobby.Forward(s.posts))
	api := s.lobby.Handler()
	r.Handle("/v1/*", api)
	r.Handle("/docs", api)
	r.Handle("/openapi.json", api)
	r.Handle("/*", page)
	return r
}

func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // an invite's code stays here
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

// waiting is how many rooms wait for the store: with a result, and with what
// happens in them.
func (s *server) waiting() (keeping, paused int) {
	for r := range s.lobby.Rooms() {
		status := r.Status()
		if status.Keeping {
			keeping++
		}
		if status.Paused {
			paused++
		}
	}
	return keeping, paused
}

// stop ends everything in order: nobody new, rooms written to the end and their
// players told, then what links are left, then others may have the rooms.
func (s *server) stop(ctx context.Context) error {
	s.draining.Store(true)
	s.lobby.Leave(ctx)
	s.lobby.Drain()
	return errors.Join(s.lobby.Close(ctx), s.sockets.Shutdown(ctx), s.posts.Shutdown(ctx), s.journal.Close(ctx))
}

// httpServer serves the handler on connections.
func (s *server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			keepLittleUnsent(c)
			return ctx
		},
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// serve runs a server from its configuration until the context ends.
func serve(ctx context.Context, cfg config, stdout, stderr io.Writer) (err error) {
	log := cfg.logger(stderr)
	listener, err := net.Listen("tcp", cfg.listen)
	if err != nil {
		return err // says the address and why
	}
	defer listener.Close()
	st, err := openStore(ctx, cfg.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	page, err := web.Handler(web.Config{Dir: cfg.web})
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if cfg.address == "" {
		if cfg.address, err = addressOf(listener.Addr()); err != nil {
			return err
		}
	}
	bell, err := alarm.New()
	if err != nil {
		return err
	}
	defer bell.Close()
	s, err := newServer(ctx, cfg, parts{games: catalog, store: st, page: page, log: log, timer: bell.Timer})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\nplay at http://%s\n", versionLine(), reachable(listener.Addr()))
	return s.serveOn(ctx, listener, cfg.stopWithin)
}

// serveOn serves until the context ends, then stops in order.
func (s *server) serveOn(ctx context.Context, l net.Listener, within time.Duration) error {
	hs := s.httpServer()
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	var cause error
	served := false
	select {
	case cause = <-failed:
		served = true
	case <-s.journal.Fenced():
		cause = errors.New("another process has taken over this server's rooms: is one of the same -name running?")
	case <-ctx.Done():
		s.log.Info("stopping", "within", within)
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	err := errors.Join(s.stop(stopping), finish(stopping, hs))
	if !served {
		<-failed
	}
	return errors.Join(cause, err)
}

// finish ends the HTTP server, and what of its connections is left.
func finish(ctx context.Context, hs *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, lastAnswers)
	defer cancel()
	if err := hs.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return hs.Close()
}

// openStore opens what -database names.
func openStore(ctx context.Context, database string) (store.Store, error) {
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		return sqlite.Open(ctx, path)
	}
	if isPostgres(database) {
		return postgres.Open(ctx, database)
	}
	return nil, fmt.Errorf("database: %w", errDatabase)
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

var errDatabase = errors.New("want postgres://user:password@host/name or sqlite:PATH")

// reachable is an address a browser can open.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}
