package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/net/wire"
)

// writeWithin is how long a frame may take into the kernel before the
// connection counts as lost.
const writeWithin = 5 * time.Second

// socket is a WebSocket.
type socket struct{ ws *websocket.Conn }

func openSocket(ctx context.Context, cfg Config, heard func()) (*socket, error) {
	d := websocket.Dialer{
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := cfg.Dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &listening{c, heard}, nil
		},
		Subprotocols: []string{wire.Subprotocol},
	}
	ws, response, err := d.DialContext(ctx, cfg.URL, cfg.Header)
	if err != nil && response != nil {
		return nil, fmt.Errorf("the server answered %s: %w", response.Status, err)
	}
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	ws.SetReadLimit(wire.MaxServerFrame)
	return &socket{ws}, nil
}

func (s *socket) read() (wire.Frame, error) {
	kind, frame, err := s.ws.ReadMessage()
	if e, ok := errors.AsType[*websocket.CloseError](err); ok && e.Code != websocket.CloseAbnormalClosure {
		return nil, &Closed{Code: wire.CloseCode(e.Code), Text: e.Text}
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if kind != websocket.BinaryMessage {
		return nil, errors.New("read: the server sent text")
	}
	return frame, nil
}

func (s *socket) write(f wire.Frame) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := s.ws.WriteMessage(websocket.BinaryMessage, f); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// last waits for the close frame that follows bye, which is answered by who reads it.
func (s *socket) last() {
	for {
		if _, _, err := s.ws.NextReader(); err != nil {
			return
		}
	}
}

func (s *socket) close() {
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(100*time.Millisecond))
	_ = s.ws.Close()
}

// listening tells of every piece that is read: a long frame on a slow line is no
// silence.
type listening struct {
	net.Conn
	heard func()
}

func (l *listening) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if n > 0 {
		l.heard()
	}
	return n, err
}
