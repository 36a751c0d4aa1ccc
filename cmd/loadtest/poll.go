package main

import (
	"errors"
	"io"
	"time"
)

// poller reads many sockets for one goroutine, which alone may call it.
type poller interface {
	// add takes a socket in; from then on it may be said to.
	add(*socket) error
	// drop closes a socket.
	drop(*socket)
	// wait waits until something has come, at most so long.
	wait(most time.Duration)
	// read gives what has come to each socket's heard. An error goes to ended, once.
	read(ended func(*socket, error))
	close()
}

// now is the time since the program began.
func now() moment { return time.Since(began) }

var began = time.Now()

// streams is the poller for whatever is no bare descriptor: TLS, or a system
// without epoll. A goroutine reads each socket.
type streams struct {
	open  map[*socket]bool
	came  chan piece
	gone  chan struct{} // one for each goroutine that has ended
	busy  int           // goroutines
	first []piece       // what ended a wait
}

// piece is what one read gave.
type piece struct {
	socket *socket
	bytes  []byte
	err    error
	at     moment
}

// writeWithin is how long a server that does not read may hold everybody up.
const writeWithin = time.Second

func newStreams() *streams {
	return &streams{open: map[*socket]bool{}, came: make(chan piece, 1024), gone: make(chan struct{}, 1)}
}

func (p *streams) add(s *socket) error {
	p.open[s] = true
	s.write = func(s *socket, b []byte) (int, error) {
		if err := s.net.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
			return 0, err
		}
		return s.net.Write(b)
	}
	p.busy++
	go func() {
		p.readAll(s)
		p.gone <- struct{}{}
	}()
	return nil
}

func (p *streams) readAll(s *socket) {
	for {
		b := make([]byte, 4<<10)
		n, err := s.net.Read(b)
		p.came <- piece{s, b[:n], err, now()}
		if err != nil {
			return
		}
	}
}

func (p *streams) drop(s *socket) {
	if p.open[s] {
		delete(p.open, s)
		s.net.Close()
	}
}

func (p *streams) wait(most time.Duration) {
	if most <= 0 || len(p.came) > 0 {
		return
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		select {
		case c := <-p.came:
			p.first = append(p.first, c)
			return
		case <-p.gone:
			p.busy--
		case <-timer.C:
			return
		}
	}
}

func (p *streams) read(ended func(*socket, error)) {
	for _, c := range p.first {
		p.give(c, ended)
	}
	p.first = p.first[:0]
	for range len(p.came) {
		p.give(<-p.came, ended)
	}
}

func (p *streams) give(c piece, ended func(*socket, error)) {
	if !p.open[c.socket] {
		return // dropped meanwhile
	}
	err := c.socket.heard(c.bytes, c.at)
	if err = errors.Join(err, c.err); err == nil {
		return
	}
	p.drop(c.socket)
	if errors.Is(err, io.EOF) {
		err = errGone
	}
	ended(c.socket, err)
}

// close closes all, and waits for the goroutines: what they still read is nothing.
func (p *streams) close() {
	for s := range p.open {
		s.net.Close()
	}
	for p.busy > 0 {
		select {
		case <-p.came:
		case <-p.gone:
			p.busy--
		}
	}
}

var errGone = errors.New("the connection ended")
