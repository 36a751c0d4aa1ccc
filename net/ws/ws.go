// Package ws carries links over WebSockets, by melody.
//
// A [Server] owns its connections: the goroutine of each, and their end. It
// decides who may open one (origin, subprotocol, how many), moves whole binary
// frames between melody and a link, and makes sure that a connection that is to
// end does end, whether or not its peer reads. It understands no message: that
// is net/link. Read conn.go next.
//
// Over a socket that can be read and written without waiting, small frames do not
// come to melody at all: package direct carries them between socket and link.
// Elsewhere (TLS, other systems, a proxy within the process) melody carries them.
//
// # Decisions that look like mistakes and are not
//
//   - melody's own pings are off and its pong wait is longer than any server
//     runs: only pongs would extend it, and the link's heartbeat goes end to
//     end and counts any traffic.
//   - melody's own Close is never used: it drops the connection right behind
//     the close frame, and data still unread would then take that frame with
//     it. The close frame is written beside melody, and reading goes on until
//     the peer has answered or a short time is over.
//   - melody's queue holds two messages, since the link never has more than one
//     frame on its way. Nothing can be dropped there.
//   - A connection runs in a goroutine of its own, not in the HTTP handler's:
//     that one would keep its request's buffers for as long as people play.
//   - Requests without an Origin header are let in; package origin says why.
package ws

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/olahol/melody"

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

// Server is the handler of GET /v1/play. Make one with New.
type Server struct {
	// Set once.
	cfg    Config
	melody *melody.Melody

	running sync.WaitGroup // every connection and its closing

	// Guarded by mu.
	mu       sync.Mutex
	conns    map[*conn]struct{}
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
	s := &Server{cfg: cfg, conns: map[*conn]struct{}{}}
	s.melody = s.newMelody()
	return s
}

func (s *Server) newMelody() *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = wire.MaxFrame
	m.Config.MessageBufferSize = 2 // a frame and nothing else; see the package
	m.Config.WriteWait = writeWithin
	m.Config.PongWait = never
	m.Config.PingPeriod = never
	m.Upgrader.CheckOrigin = origin.List(s.cfg.Origins).Allows
	m.Upgrader.Subprotocols = []string{wire.Subprotocol}
	m.Upgrader.HandshakeTimeout = handshakeWithin
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.HandleConnect(func(ms *melody.Session) { of(ms).opened(ms) })
	m.HandleDisconnect(func(ms *melody.Session) { of(ms).over() })
	m.HandleMessageBinary(func(ms *melody.Session, frame []byte) { of(ms).received(frame) })
	m.HandleMessage(func(ms *melody.Session, _ []byte) { of(ms).receivedText() })
	m.HandleSentMessageBinary(func(ms *melody.Session, _ []byte) { of(ms).Sent() })
	m.HandleError(func(ms *melody.Session, err error) { of(ms).failed(err) })
	return m
}

// ServeHTTP upgrades a request to a WebSocket and returns; the connection lives
// on until it ends or Shutdown ends it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !offersSubprotocol(r) {
		http.Error(w, "want a WebSocket with subprotocol "+wire.Subprotocol, http.StatusBadRequest)
		return
	}
	c := newConn(s)
	if !s.admit(c) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "no more connections now", http.StatusServiceUnavailable)
		return
	}
	go func() {
		defer s.dismiss(c)
		c.serve(w, r)
	}()
	<-c.upgraded
}

// Shutdown lets nobody in any more, closes every link, telling it to come
// back, and waits until all connections have ended. When the context ends
// first they are cut.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, c := range s.stop() {
		c.port.Close(wire.CloseGoingAway, goingAway)
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

// stop lets nobody in and gives the connections that have a link. One that is
// being upgraded finds out by itself.
func (s *Server) stop() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	var open []*conn
	for c := range s.conns {
		if c.port != nil {
			open = append(open, c)
		}
	}
	return open
}

// admit counts a connection in, if there is room.
func (s *Server) admit(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || len(s.conns) >= s.cfg.MaxConns {
		return false
	}
	s.conns[c] = struct{}{}
	s.running.Add(1)
	return true
}

func (s *Server) dismiss(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.running.Done()
}

const goingAway = "The server is stopping."

// never is longer than any server runs.
const never = 100 * 365 * 24 * time.Hour
