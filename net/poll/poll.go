// Package poll carries links over plain HTTP requests, where no WebSocket comes
// through: as a stream, one answer that does not end, or by polling, one answer
// after the other. What the client says comes in requests of its own.
//
//	POST stream   hello          opened, then frames to the end of the connection
//	POST poll     hello          opened, and the frames that are there
//	POST poll     post 1, 2 ...  the frames that are due, once there are any
//	POST say      post 1, 2 ...  204: the frames behind it were taken
//
// A [Server] owns its connections and their end. A connection has no goroutine
// of its own: the requests that belong to it do its work, one that answers and
// one that says at a time, and what the link writes waits in a slot for who
// answers. It understands no message but those that say which connection a
// request is of: what must arrive is net/link's business, so nothing is kept
// here and nothing is sent again. Read conn.go next, then answer.go and say.go.
//
// # Decisions that look like mistakes and are not
//
//   - A poll that comes again is answered 410, though the frames of its answer may
//     be lost: they are lost as those of a broken WebSocket are, and a client that
//     comes back with hello is told them again.
//   - A view is the last of an answer, and the link hears that it has left only
//     when the answer has, or when a poll comes for the next. Until then newer
//     views replace each other in the link: of what only the newest counts, nothing
//     else is sent to who reads slowly. The link sends a view only when nothing
//     else is due, so nothing waits behind one that could have gone with it.
//   - A poll that finds nothing waits a few milliseconds more after the first
//     frame: what a room says in one tick goes in one answer.
//   - A client that is not there any more while its poll waits has lost the
//     connection at once, though it might ask again: its seat is held from now on,
//     not in twelve seconds.
//   - A connection between two polls has nobody who could say bye. It is kept for
//     as long as the link gives bye to leave.
//   - Requests without an Origin header are let in, as over a WebSocket; package
//     origin says why.
//
// # What comes next
//
// WebTransport will stand beside this package and net/ws, with a Conn of its own:
// what must arrive on a stream, views in datagrams. Datagrams overtake each other
// and are lost, and nothing above minds: a Conn may say that a view has left as
// soon as it is handed over, every snapshot carries its tick, and a client drops
// one that is older than what it has. It must only never put into a datagram what
// must arrive: connections are ordered there, and both sides count.
package poll

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"path"
	"sync"

	"tickroom/net/link"
	"tickroom/net/origin"
	"tickroom/net/wire"
)

// Config is what a Server is made with.
type Config struct {
	Hub *link.Hub // where connections find the links they carry
	// Origins are the web sites whose pages may connect, beside our own:
	// "https://play.example.com". "*" stands for all.
	Origins []string
	// MaxConns is how many connections there may be at once; 0 means 20,000.
	// One more is answered 503.
	MaxConns int
	Log      *slog.Logger // nil is slog.Default
}

// Server is the handler of POST /v1/play/stream, poll and say; of the path only
// the last part counts. Make one with New.
type Server struct {
	// Set once.
	cfg Config

	running sync.WaitGroup // every connection, to its last call

	// Guarded by mu.
	mu       sync.Mutex
	conns    map[string]*conn // by name
	stopping bool
}

// New makes a server that is ready to be mounted.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = defaultMaxConns
	}
	return &Server{cfg: cfg, conns: map[string]*conn{}}
}

// ServeHTTP answers one request of a connection.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var serve func(http.ResponseWriter, *http.Request) error
	switch path.Base(r.URL.Path) {
	case "stream":
		serve = s.stream
	case "poll":
		serve = s.poll
	case "say":
		serve = s.say
	default:
		http.NotFound(w, r)
		return
	}
	if !origin.List(s.cfg.Origins).Allows(r) {
		refuse(w, errOrigin)
		return
	}
	allowPage(w.Header(), r)
	switch {
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "POST, OPTIONS")
		refuse(w, errMethod)
	case r.Header.Get("Content-Type") != frames:
		refuse(w, errType)
	default:
		if err := serve(w, r); err != nil {
			refuse(w, err)
		}
	}
}

// frames is what bodies hold, either way.
const frames = "application/octet-stream"

// allowPage lets a page of another site, which is on the list, send frames and
// read the answer.
func allowPage(h http.Header, r *http.Request) {
	from := r.Header.Get("Origin")
	if from == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", from)
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "POST")
		h.Set("Access-Control-Allow-Headers", "Content-Type")
		h.Set("Access-Control-Max-Age", "7200") // no browser believes it for longer
	}
}

// Shutdown lets nobody in any more, closes every connection, telling it to come
// back, and waits until all have ended. When the context ends first they are cut.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, c := range s.stop() {
		c.port.Close(wire.CloseGoingAway, "The server is stopping.")
	}
	ended := make(chan struct{})
	go func() {
		s.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	for _, c := range s.stop() {
		c.cut()
	}
	<-ended
	return context.Cause(ctx)
}

// stop lets nobody in and gives the connections there are.
func (s *Server) stop() (open []*conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	for _, c := range s.conns {
		open = append(open, c)
	}
	return open
}

// open begins a connection, if there is room, by the request that answers first.
func (s *Server) open(answering *http.ResponseController) (*conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || len(s.conns) >= s.cfg.MaxConns {
		return nil, errFull
	}
	c := newConn(s, rand.Text(), answering)
	s.conns[c.name] = c
	s.running.Add(1)
	return c, nil
}

// find is the connection a post names.
func (s *Server) find(p wire.Post) (*conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conns[p.Conn]; c != nil {
		return c, nil
	}
	return nil, errGone
}

func (s *Server) forget(c *conn) {
	s.mu.Lock()
	delete(s.conns, c.name)
	s.mu.Unlock()
	s.running.Done()
}
