package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// descriptors is the poller for TCP on Linux: epoll over descriptors of our own,
// in the thread of whoever waits. The runtime's poller would wake a goroutine for
// each message.
type descriptors struct {
	epoll  int
	open   map[int32]*socket
	events []syscall.EpollEvent
	buf    []byte
}

func newPoller(secure bool) (poller, error) {
	if secure {
		return newStreams(), nil
	}
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return &descriptors{epoll: epoll, open: map[int32]*socket{}, events: make([]syscall.EpollEvent, 256), buf: make([]byte, 64<<10)}, nil
}

func (p *descriptors) add(s *socket) error {
	fd, err := detach(s.net)
	if err != nil {
		return fmt.Errorf("descriptor: %w", err)
	}
	s.fd, s.net, s.write = fd, nil, writeDescriptor
	p.open[int32(fd)] = s
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	if err := syscall.EpollCtl(p.epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
		p.drop(s)
		return fmt.Errorf("epoll: %w", err)
	}
	return nil
}

// detach takes a connection's descriptor out of the runtime's hands.
func detach(c net.Conn) (fd int, err error) {
	defer c.Close()
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return 0, errors.New("the server said to go where there is TLS, from where there is none")
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0, err
	}
	var dup error
	err = raw.Control(func(own uintptr) { fd, dup = syscall.Dup(int(own)) })
	return fd, errors.Join(err, dup)
}

// writeDescriptor does not wait: descriptors that were the runtime's never do.
func writeDescriptor(s *socket, b []byte) (int, error) {
	n, err := syscall.Write(s.fd, b)
	return max(n, 0), err
}

func (p *descriptors) drop(s *socket) {
	if p.open[int32(s.fd)] == s {
		delete(p.open, int32(s.fd))
		syscall.Close(s.fd)
	}
}

func (p *descriptors) wait(most time.Duration) {
	ms := int((max(most, 0) + time.Millisecond - 1) / time.Millisecond)
	n, _ := syscall.EpollWait(p.epoll, p.events[:cap(p.events)], ms) // the only error is a signal
	p.events = p.events[:max(n, 0)]
}

func (p *descriptors) read(ended func(*socket, error)) {
	for _, e := range p.events {
		s := p.open[e.Fd]
		if s == nil {
			continue // dropped by one before it
		}
		if err := p.take(s); err != nil {
			p.drop(s)
			ended(s, err)
		}
	}
	p.events = p.events[:0]
}

// take reads what is there of one socket, and no more than a buffer of it: the
// others have waited as long.
func (p *descriptors) take(s *socket) error {
	n, err := syscall.Read(s.fd, p.buf)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return nil
	case err != nil:
		return fmt.Errorf("read: %w", err)
	case n == 0:
		return errGone
	}
	return s.heard(p.buf[:n], now())
}

func (p *descriptors) close() {
	for _, s := range p.open {
		syscall.Close(s.fd)
	}
	syscall.Close(p.epoll)
}
