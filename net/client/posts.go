package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"tickroom/net/wire"
)

// posts is a connection of HTTP requests: a stream, or one poll after the other,
// and beside it, one at a time, requests with what we say.
type posts struct {
	// Set once.
	http   *http.Client
	cfg    Config
	stream bool
	heard  func()
	name   string // as opened said it
	alive  context.Context
	cancel context.CancelCauseFunc

	speaking sync.WaitGroup
	kick     chan struct{} // has room for one: something is to be said
	room     chan struct{} // has room for one: there is room for more

	// Owned by the goroutine that reads.
	polls  uint32
	answer *bufio.Reader // of now

	// Guarded by mu.
	mu      sync.Mutex
	pending []byte    // frames to be said
	body    io.Closer // of the answer of now
}

// sayWithin is how long a request with what we say may take: as long as a server
// may slow down who says too much, and then some.
const sayWithin = wire.DeadAfter

// openPosts opens a stream or polls, by hello.
func openPosts(ctx context.Context, cfg Config, t Transport, hello wire.Frame, heard func()) (*posts, error) {
	p := &posts{
		http:   &http.Client{Transport: &http.Transport{DialContext: cfg.Dial, DisableCompression: true}},
		cfg:    cfg,
		stream: t == Stream,
		heard:  heard,
		kick:   make(chan struct{}, 1),
		room:   make(chan struct{}, 1),
	}
	p.alive, p.cancel = context.WithCancelCause(context.Background())
	stop := context.AfterFunc(ctx, func() { p.cancel(context.Cause(ctx)) })
	err := p.opens(hello)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	p.speaking.Go(p.speaks)
	return p, nil
}

func (p *posts) opens(hello wire.Frame) error {
	path := "poll"
	if p.stream {
		path = "stream"
	}
	if err := p.ask(path, wire.AppendFrame(nil, hello)); err != nil {
		return err
	}
	frame, err := wire.ReadFrame(p.answer, wire.MaxServerFrame)
	if err != nil {
		return p.lost("open", err)
	}
	m, err := wire.DecodeServer(frame, p.cfg.Game)
	if err != nil {
		return err
	}
	opened, ok := m.(wire.Opened)
	if !ok {
		return fmt.Errorf("the server said %T first, not %T", m, opened)
	}
	p.name = opened.Conn
	return nil
}

// read takes frames from the answer of now, and then asks for the next: nobody
// polls for what nobody has time to hear.
func (p *posts) read() (wire.Frame, error) {
	for {
		f, err := wire.ReadFrame(p.answer, wire.MaxServerFrame)
		if err == nil {
			return f, nil
		}
		if p.stream || !errors.Is(err, io.EOF) {
			return nil, p.lost("read", err)
		}
		p.polls++
		if err := p.ask("poll", p.post(p.polls)); err != nil {
			return nil, err
		}
	}
}

// ask makes a request whose answer is frames.
func (p *posts) ask(path string, body []byte) error {
	response, err := p.request(p.alive, path, body)
	if err != nil {
		return err
	}
	p.mu.Lock()
	older := p.body
	p.body = response.Body
	p.mu.Unlock()
	if older != nil {
		older.Close()
	}
	p.answer = bufio.NewReader(&listeningBody{response.Body, p.heard})
	return nil
}

func (p *posts) write(f wire.Frame) error {
	late := time.NewTimer(writeWithin)
	defer late.Stop()
	for !p.keep(f) {
		select {
		case <-p.room:
		case <-p.alive.Done():
			return fmt.Errorf("write: %w", context.Cause(p.alive))
		case <-late.C:
			return errors.New("write: what was said before is not taken")
		}
	}
	ring(p.kick)
	return nil
}

// keep has a frame go with the next request, if there is room.
func (p *posts) keep(f wire.Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	longer := wire.AppendFrame(p.pending, f)
	if len(longer) > wire.MaxSay {
		return false
	}
	p.pending = longer
	return true
}

func (p *posts) takePending() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	said := p.pending
	p.pending = nil
	return said
}

// speaks says what is to be said, a request after the other. One that fails ends
// the connection: who comes back says again what must arrive.
func (p *posts) speaks() {
	for n := uint32(1); ; n++ {
		select {
		case <-p.kick:
		case <-p.alive.Done():
			return
		}
		said := p.takePending()
		ring(p.room)
		if err := p.say(append(p.post(n), said...)); err != nil {
			p.cancel(err)
			return
		}
	}
}

func (p *posts) say(body []byte) error {
	ctx, cancel := context.WithTimeout(p.alive, sayWithin)
	defer cancel()
	response, err := p.request(ctx, "say", body)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close()
}

func (p *posts) request(ctx context.Context, path string, body []byte) (*http.Response, error) {
	at, err := below(p.cfg.URL, path)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(r.Header, p.cfg.Header)
	r.Header.Set("Content-Type", "application/octet-stream")
	response, err := p.http.Do(r)
	if err != nil {
		return nil, p.lost(path, err)
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		response.Body.Close()
		return nil, refused(path, response)
	}
	return response, nil
}

// refused is what an answer without frames means.
func refused(path string, response *http.Response) error {
	err := fmt.Errorf("%s: the server answered %s", path, response.Status)
	switch response.StatusCode {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusUnsupportedMediaType:
		return &Closed{Code: wire.CloseProtocol, Text: err.Error()}
	case http.StatusRequestEntityTooLarge:
		return &Closed{Code: wire.CloseTooLarge, Text: err.Error()}
	}
	return err
}

// lost is why something failed: what ended the connection, if that was it.
func (p *posts) lost(what string, err error) error {
	if p.alive.Err() != nil {
		err = context.Cause(p.alive)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// post says which connection a request belongs to.
func (p *posts) post(n uint32) []byte {
	frame, err := wire.Encode(wire.Post{Conn: p.name, N: n})
	if err != nil { // a name that is no text: the server will not know it
		return nil
	}
	return wire.AppendFrame(nil, frame)
}

// last has nothing to wait for: the server ends the answer by itself.
func (p *posts) last() {}

func (p *posts) close() {
	p.cancel(ErrClosed)
	p.speaking.Wait()
	p.mu.Lock()
	body := p.body
	p.mu.Unlock()
	if body != nil {
		body.Close()
	}
	p.http.CloseIdleConnections()
}

// listeningBody tells of every piece of an answer that is read.
type listeningBody struct {
	io.Reader
	heard func()
}

func (l *listeningBody) Read(b []byte) (int, error) {
	n, err := l.Reader.Read(b)
	if n > 0 {
		l.heard()
	}
	return n, err
}

// ring leaves word for one who waits, or will.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
