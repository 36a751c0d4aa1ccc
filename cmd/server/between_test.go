package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// between is something that connections go through, to where it says each time.
type between struct {
	to      func() (net.Conn, error)
	running sync.WaitGroup

	// Guarded by mu.
	mu   sync.Mutex
	open map[net.Conn]bool
}

// accept carries connections until the test ends.
func (b *between) accept(t *testing.T, l net.Listener, to func() (net.Conn, error)) {
	b.to, b.open = to, map[net.Conn]bool{}
	b.running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			b.running.Go(func() { b.carry(near) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		b.cutAll()
		b.running.Wait()
	})
}

func (b *between) carry(near net.Conn) {
	b.note(near, true)
	defer b.note(near, false)
	far, err := b.to()
	if err != nil {
		return
	}
	b.note(far, true)
	defer b.note(far, false)
	b.running.Go(func() {
		io.Copy(far, near)
		far.Close()
	})
	io.Copy(near, far)
}

// note keeps a connection that is open, and closes one that is not to be any more.
func (b *between) note(c net.Conn, open bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open {
		b.open[c] = true
		return
	}
	delete(b.open, c)
	c.Close()
}

func (b *between) cutAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.open {
		c.Close()
	}
}

// lifeline is one server's way to the database, in our hands.
type lifeline struct {
	between
	database string // through it

	// Guarded by between's mu.
	isCut bool
}

// lifelineTo makes one to a PostgreSQL that listens on a socket of this machine.
func lifelineTo(t *testing.T, database string) *lifeline {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	name := ".s.PGSQL." + q.Get("port")
	real, ours := filepath.Join(q.Get("host"), name), t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(ours, name))
	if err != nil {
		t.Fatal(err)
	}
	q.Set("host", ours)
	u.RawQuery = q.Encode()
	l := &lifeline{database: u.String()}
	l.accept(t, listener, func() (net.Conn, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.isCut {
			return nil, errors.New("cut")
		}
		return net.Dial("unix", real)
	})
	return l
}

// cut ends what goes through it, for good.
func (l *lifeline) cut() {
	l.mu.Lock()
	l.isCut = true
	l.mu.Unlock()
	l.cutAll()
}

// front is one address for several servers: each connection goes to the next of
// those that say they are ready.
type front struct {
	between
	addr   string
	asking http.Client

	// Guarded by between's mu.
	servers []string
	ready   map[string]bool
	next    int
}

func newFront(t *testing.T) *front {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{addr: listener.Addr().String(), ready: map[string]bool{}, asking: http.Client{Timeout: time.Second}}
	f.accept(t, listener, f.anyServer)
	ctx, cancel := context.WithCancel(context.Background())
	f.running.Go(func() { f.ask(ctx) })
	t.Cleanup(f.asking.CloseIdleConnections)
	t.Cleanup(cancel)
	return f
}

func (f *front) add(server string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.servers = append(f.servers, server)
}

// anyServer connects to the next that is ready.
func (f *front) anyServer() (net.Conn, error) {
	f.mu.Lock()
	var well []string
	for _, s := range f.servers {
		if f.ready[s] {
			well = append(well, s)
		}
	}
	f.next++
	n := f.next
	f.mu.Unlock()
	if len(well) == 0 {
		return nil, errors.New("nobody is ready")
	}
	return net.Dial("tcp", well[n%len(well)])
}

// ask asks all whether they are ready, again and again.
func (f *front) ask(ctx context.Context) {
	for ctx.Err() == nil {
		f.mu.Lock()
		servers := f.servers
		f.mu.Unlock()
		for _, s := range servers {
			resp, err := f.asking.Get("http://" + s + "/readyz")
			if err == nil {
				resp.Body.Close()
			}
			f.mu.Lock()
			f.ready[s] = err == nil && resp.StatusCode == http.StatusOK
			f.mu.Unlock()
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}
