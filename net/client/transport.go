package client

import (
	"context"
	"errors"

	"tickroom/net/wire"
)

// Transport is what carries a connection.
type Transport uint8

const (
	WebSocket Transport = iota // what there is, unless something on the way does not let it through
	Stream                     // one HTTP answer that goes on; what we say goes in requests beside it
	Poll                       // one HTTP answer after the other
	// Auto takes the first of these three that works, and tries to come back to a
	// WebSocket for as long as another carries the link. See auto.go.
	Auto
)

func (t Transport) String() string { return [...]string{"WebSocket", "stream", "poll", "auto"}[t] }

// carrier is one connection of a transport: frames, both ways.
type carrier interface {
	// read waits for the next frame. One goroutine calls it.
	read() (wire.Frame, error)
	// write sends a frame, or sees to it that it will be soon. One goroutine at a
	// time calls it.
	write(wire.Frame) error
	// last is called when bye was read, and ends the connection in order.
	last()
	// close says goodbye if it can be said at once, ends the connection and waits
	// for what it started. It may be called by anybody, and again.
	close()
}

// open connects and says hello. What comes back from the far end, every piece of
// it, is a sign of life, and told with heard.
func open(ctx context.Context, cfg Config, t Transport, hello wire.Frame, heard func()) (carrier, error) {
	if t != WebSocket {
		return openPosts(ctx, cfg, t, hello, heard)
	}
	s, err := openSocket(ctx, cfg, heard)
	if err != nil {
		return nil, err
	}
	if err := s.write(hello); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// closedBy is the code with which the far end closed, and its words; 0 if it
// said nothing.
func closedBy(err error) (wire.CloseCode, string) {
	if closed, ok := errors.AsType[*Closed](err); ok {
		return closed.Code, closed.Text
	}
	return 0, err.Error()
}
