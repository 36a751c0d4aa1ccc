package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Opcodes of RFC 6455.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// socket is one WebSocket, past its handshake. Whoever has it in a poller owns it.
type socket struct {
	owner *booked
	net   net.Conn
	fd    int    // in a poller that reads descriptors
	rest  []byte // read, and not yet a whole message
	out   []byte // said, and not yet in the kernel
	write func(*socket, []byte) (int, error)
	said  *uint64 // bytes
}

var errTooLong = errors.New("a message is longer than any server says")

// dialSocket connects and upgrades.
func dialSocket(ctx context.Context, target, protocol string, header http.Header) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	u, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, u)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	s, err := upgrade(c, u, protocol, header)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		c.Close()
	}
	return s, err
}

func dial(ctx context.Context, u *url.URL) (net.Conn, error) {
	secure := u.Scheme == "wss" || u.Scheme == "https"
	addr := u.Host
	if u.Port() == "" {
		addr = net.JoinHostPort(u.Hostname(), map[bool]string{true: "443", false: "80"}[secure])
	}
	if secure {
		return new(tls.Dialer).DialContext(ctx, "tcp", addr)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", addr)
}

func upgrade(c net.Conn, u *url.URL, protocol string, header http.Header) (*socket, error) {
	key := make([]byte, 16)
	rand.Read(key)
	asked := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if asked.Header == nil {
		asked.Header = http.Header{}
	}
	asked.Header.Set("Connection", "Upgrade")
	asked.Header.Set("Upgrade", "websocket")
	asked.Header.Set("Sec-WebSocket-Version", "13")
	asked.Header.Set("Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key))
	if protocol != "" {
		asked.Header.Set("Sec-WebSocket-Protocol", protocol)
	}
	if err := asked.Write(c); err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	r := bufio.NewReader(c)
	answer, err := http.ReadResponse(r, asked)
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	if answer.StatusCode != http.StatusSwitchingProtocols || !strings.EqualFold(answer.Header.Get("Upgrade"), "websocket") {
		defer answer.Body.Close()
		return nil, &statusError{call: "upgrade", status: answer.StatusCode, wait: retryAfter(answer.Header)}
	}
	early, _ := r.Peek(r.Buffered()) // it is there: no error
	return &socket{net: c, rest: append([]byte(nil), early...)}, nil
}

// heard takes bytes that were read, and gives the messages in them to the owner.
func (s *socket) heard(b []byte, at moment) error {
	if len(s.rest) > 0 {
		s.rest = append(s.rest, b...)
		b = s.rest
	}
	for {
		op, payload, n, err := cut(b)
		if err != nil {
			return err
		}
		if n == 0 {
			s.rest = append(s.rest[:0], b...)
			return nil
		}
		b = b[n:]
		if op == opPing {
			s.say(opPong, payload)
			continue
		}
		if err := s.owner.hear(op, payload, n, at); err != nil {
			return err
		}
	}
}

// cut takes the first frame off the bytes: n is its size, or 0 when it is not all
// there. Servers do not mask, and none of those measured splits a message.
func cut(b []byte) (op byte, payload []byte, n int, err error) {
	if len(b) < 2 {
		return 0, nil, 0, nil
	}
	size, head := uint64(b[1]&0x7f), 2
	switch {
	case size == 126 && len(b) >= 4:
		size, head = uint64(binary.BigEndian.Uint16(b[2:])), 4
	case size == 127 && len(b) >= 10:
		size, head = binary.BigEndian.Uint64(b[2:]), 10
	case size >= 126:
		return 0, nil, 0, nil
	}
	if size > maxMessage {
		return 0, nil, 0, errTooLong
	}
	if n = head + int(size); len(b) < n {
		return 0, nil, 0, nil
	}
	return b[0] & 0x0f, b[head:n], n, nil
}

// say sends a message, without waiting. What the kernel does not take goes out
// before the next; when too much of that waits, the message is dropped.
func (s *socket) say(op byte, payload []byte) bool {
	if len(s.out) > maxUnsent {
		s.flush()
		if len(s.out) > maxUnsent {
			return false
		}
	}
	before := len(s.out)
	s.out = appendFrame(s.out, op, payload)
	*s.said += uint64(len(s.out) - before)
	s.flush()
	return true
}

// flush writes what waits. An error is found out by who reads.
func (s *socket) flush() {
	n, _ := s.write(s, s.out)
	s.out = s.out[:copy(s.out, s.out[n:])]
}

// appendFrame masks with zeros: a mask hides from proxies, not from anybody, and
// what is measured does not go by one.
func appendFrame(b []byte, op byte, payload []byte) []byte {
	b = append(b, 0x80|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = append(b, 0x80|126, byte(n>>8), byte(n))
	default:
		b = append(b, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// closing reads a close frame: 1005 is one without a code.
func closing(payload []byte) (code int, text string) {
	if len(payload) < 2 {
		return 1005, ""
	}
	return int(binary.BigEndian.Uint16(payload)), string(payload[2:])
}

// statusError is an answer that says no.
type statusError struct {
	call   string
	status int
	text   string
	wait   time.Duration // before asking again; 0 is never
}

func (e *statusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %d %s %s", e.call, e.status, http.StatusText(e.status), e.text))
}
