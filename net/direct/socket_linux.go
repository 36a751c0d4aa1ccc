package direct

import (
	"io"
	"net"
	"syscall"
	"unsafe"
)

// tcp is a Socket over TCP, read and written beside Go's poller, which only
// waits. The calls into it are made once: each would be garbage otherwise.
type tcp struct {
	*net.TCPConn
	raw syscall.RawConn

	read, write transfer
}

// transfer is one try to read or to write. Its fields are guarded by whoever
// reads or writes the Conn.
type transfer struct {
	p     []byte
	n     int
	errno syscall.Errno
	try   func(fd uintptr)
}

func socketOf(nc net.Conn) (Socket, bool) {
	conn, ok := nc.(*net.TCPConn)
	if !ok {
		return nil, false
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, false
	}
	s := &tcp{TCPConn: conn, raw: raw}
	s.read.try = func(fd uintptr) { s.read.do(syscall.SYS_READ, fd) }
	s.write.try = func(fd uintptr) { s.write.do(syscall.SYS_WRITE, fd) }
	return s, true
}

// do makes a call that cannot wait: sockets of Go's never do. So Go's scheduler
// is not told of it, which would cost as much as the call.
func (t *transfer) do(call, fd uintptr) {
	for {
		n, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(t.p))), uintptr(len(t.p)))
		if t.n, t.errno = int(n), errno; errno != syscall.EINTR {
			return
		}
	}
}

func (s *tcp) TryRead(p []byte) (int, error) {
	n, err := s.transfer(&s.read, p)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}

func (s *tcp) TryWrite(p []byte) (int, error) { return s.transfer(&s.write, p) }

// transfer holds the descriptor while it is used, so that it is not another's.
func (s *tcp) transfer(t *transfer, p []byte) (int, error) {
	t.p = p
	err := s.raw.Control(t.try)
	t.p = nil
	switch {
	case err != nil:
		return 0, err
	case t.errno == syscall.EAGAIN:
		return 0, ErrWait
	case t.errno != 0:
		return 0, t.errno
	}
	return t.n, nil
}

func (s *tcp) AwaitRead(try func() bool) error {
	return s.raw.Read(func(uintptr) bool { return try() })
}

func (s *tcp) AwaitWrite(try func() bool) error {
	return s.raw.Write(func(uintptr) bool { return try() })
}

func (s *tcp) Hush(bytes int) error {
	var wrong error
	err := s.raw.Control(func(fd uintptr) {
		wrong = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVLOWAT, bytes)
	})
	if err != nil {
		return err
	}
	return wrong
}
