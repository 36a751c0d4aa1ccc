package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// pipe passes connections on to a server, and counts what passes.
type pipe struct {
	// Set once.
	listener net.Listener
	to       string
	kind     kind
	job      string
	busy     sync.WaitGroup

	// Guarded by mu.
	mu    sync.Mutex
	open  []net.Conn
	began time.Time // zero until it counts
	sum   tally
}

// tally is what passed, each way, and in how long.
type tally struct {
	up, down way
	took     time.Duration
}

// way is one direction.
type way struct {
	messages int
	bytes    [setup + 1]int // by class; parts are with the messages
}

func openPipe(to string, k kind, job string) (*pipe, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &pipe{listener: l, to: to, kind: k, job: job}
	p.busy.Go(p.accept)
	return p, nil
}

func (p *pipe) addr() string { return p.listener.Addr().String() }

// begin counts from here on.
func (p *pipe) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began = time.Now()
}

func (p *pipe) counted() tally {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sum.took = time.Since(p.began)
	return p.sum
}

func (p *pipe) close() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.open {
		c.Close()
	}
	p.mu.Unlock()
	p.busy.Wait()
}

func (p *pipe) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		far, err := net.Dial("tcp", p.to)
		if err != nil {
			near.Close()
			continue
		}
		p.mu.Lock()
		p.open = append(p.open, near, far)
		p.mu.Unlock()
		p.busy.Go(func() { p.carry(near, far, &p.sum.up, false) })
		p.busy.Go(func() { p.carry(far, near, &p.sum.down, true) })
	}
}

// carry copies one direction until it ends, and then ends the other.
func (p *pipe) carry(from, to net.Conn, w *way, down bool) {
	f := &frames{down: down, each: func(f frame) { p.count(w, f) }}
	_, _ = io.Copy(to, io.TeeReader(from, writer(f.pass)))
	from.Close()
	to.Close()
}

func (p *pipe) count(w *way, f frame) {
	c := p.kind(p.job, f)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.began.IsZero() {
		return
	}
	if c == message {
		w.messages++
	}
	if c == part {
		c = message
	}
	w.bytes[c] += f.size
}

// writer makes a function an io.Writer that takes all.
type writer func([]byte)

func (w writer) Write(b []byte) (int, error) {
	w(b)
	return len(b), nil
}
