// Package directtest has connections in memory that can do all that package
// direct asks of a socket, for tests in a time of their own: they hold some bytes
// on their way, as networks do, and nothing of them waits for the world outside.
package directtest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	"tickroom/net/direct"
)

// held is how many bytes one direction holds, about what the kernel does.
const held = 64 << 10

// End is one end of a pipe. It is a direct.Socket.
type End struct {
	in, out *stream
}

// Pipe makes two ends.
func Pipe() (near, far *End) {
	up, down := newStream(), newStream()
	return &End{in: down, out: up}, &End{in: up, out: down}
}

func (e *End) TryRead(p []byte) (int, error)  { return e.in.take(p) }
func (e *End) TryWrite(p []byte) (int, error) { return e.out.put(p) }

func (e *End) AwaitRead(try func() bool) error  { return e.in.await(&e.in.reader, try) }
func (e *End) AwaitWrite(try func() bool) error { return e.out.await(&e.out.writer, try) }

func (e *End) Hush(bytes int) error {
	e.in.change(func() { e.in.least = bytes })
	return nil
}

// Hushed is how many bytes wake who reads.
func (e *End) Hushed() int {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	return e.in.least
}

// Stop has the kernel take nothing more of what is written here.
func (e *End) Stop() { e.out.change(func() { e.out.room = 0 }) }

// Go on as before.
func (e *End) GoOn() { e.out.change(func() { e.out.room = held }) }

func (e *End) Read(p []byte) (n int, err error) {
	waited := e.AwaitRead(func() bool {
		n, err = e.TryRead(p)
		return err != direct.ErrWait
	})
	if waited != nil {
		return 0, waited
	}
	return n, err
}

func (e *End) Write(p []byte) (n int, err error) {
	waited := e.AwaitWrite(func() bool {
		var m int
		m, err = e.TryWrite(p[n:])
		n += m
		return err != nil && err != direct.ErrWait || n == len(p)
	})
	if waited != nil {
		return n, waited
	}
	return n, err
}

// Close ends both directions. What was written arrives.
func (e *End) Close() error {
	e.in.change(func() { e.in.reader.closed, e.in.data = true, nil })
	e.out.change(func() { e.out.writer.closed = true })
	return nil
}

func (e *End) LocalAddr() net.Addr  { return address{} }
func (e *End) RemoteAddr() net.Addr { return address{} }

func (e *End) SetDeadline(t time.Time) error {
	_ = e.SetReadDeadline(t)
	return e.SetWriteDeadline(t)
}

func (e *End) SetReadDeadline(t time.Time) error {
	e.in.change(func() { e.in.reader.by = t })
	return nil
}

func (e *End) SetWriteDeadline(t time.Time) error {
	e.out.change(func() { e.out.writer.by = t })
	return nil
}

type address struct{}

func (address) Network() string { return "pipe" }
func (address) String() string  { return "127.0.0.1:1" }

// stream is one direction.
type stream struct {
	mu      sync.Mutex
	data    []byte
	room    int // for data; 0 takes none
	least   int // bytes that wake the reader
	reader  side
	writer  side
	changed chan struct{} // closed when anything does
}

// side is who reads or writes.
type side struct {
	by     time.Time
	closed bool
}

func newStream() *stream { return &stream{room: held, least: 1, changed: make(chan struct{})} }

func (s *stream) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how()
	s.tell()
}

func (s *stream) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *stream) take(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.reader.closed:
		return 0, net.ErrClosed
	case len(s.data) > 0:
	case s.writer.closed:
		return 0, io.EOF
	default:
		return 0, direct.ErrWait
	}
	n := copy(p, s.data)
	s.data = s.data[n:]
	s.tell()
	return n, nil
}

func (s *stream) put(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.writer.closed:
		return 0, net.ErrClosed
	case s.reader.closed:
		return 0, io.ErrClosedPipe
	}
	n := min(len(p), max(0, s.room-len(s.data)))
	if n == 0 && len(p) > 0 {
		return 0, direct.ErrWait
	}
	s.data = append(s.data, p[:n]...)
	s.tell()
	return n, nil
}

// await is AwaitRead or AwaitWrite, of the side that waits.
func (s *stream) await(who *side, try func() bool) error {
	for {
		changed, by, err := s.state(who)
		if err != nil {
			return err
		}
		if try() {
			return nil
		}
		for woken := false; !woken && err == nil; {
			wait(changed, by)
			changed, by, err = s.state(who)
			woken = s.wakes(who)
		}
		if err != nil {
			return err
		}
	}
}

// state is what to wait for, or why not to.
func (s *stream) state(who *side) (changed chan struct{}, by time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case who.closed:
		return nil, by, net.ErrClosed
	case !who.by.IsZero() && !time.Now().Before(who.by):
		return nil, by, os.ErrDeadlineExceeded
	}
	return s.changed, who.by, nil
}

// wakes says whether a side has something to do.
func (s *stream) wakes(who *side) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who == &s.reader {
		return s.writer.closed || len(s.data) >= s.least
	}
	return s.reader.closed || len(s.data) < s.room
}

func wait(changed chan struct{}, by time.Time) {
	if by.IsZero() {
		<-changed
		return
	}
	timer := time.NewTimer(time.Until(by))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}
