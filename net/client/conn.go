package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/game"
	"tickroom/net/wire"
)

// writeWithin is how long a frame may take into the kernel before the
// connection counts as lost.
const writeWithin = 5 * time.Second

// conn is one connection, from Hello on.
type conn struct {
	// Set once.
	ws      *websocket.Conn
	game    *game.Game
	began   time.Time // what pings count from
	welcome wire.Welcome

	// writing holds a token while somebody writes. A channel, not a mutex: who
	// waits for a mutex stops the time of a synctest bubble.
	writing chan struct{}

	// Owned by the goroutine that reads.
	bye wire.Bye
}

// dial connects, says Hello and waits for Welcome.
func dial(ctx context.Context, cfg Config) (*conn, error) {
	d := websocket.Dialer{NetDialContext: cfg.Dial, Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: dialWithin}
	ws, response, err := d.DialContext(ctx, cfg.URL, cfg.Header)
	if err != nil && response != nil {
		return nil, fmt.Errorf("the server answered %s: %w", response.Status, err)
	}
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	ws.SetReadLimit(wire.MaxServerFrame)
	c := &conn{ws: ws, game: cfg.Game, began: time.Now(), writing: make(chan struct{}, 1)}
	stop := context.AfterFunc(ctx, func() { ws.Close() })
	err = c.greet(cfg)
	if !stop() && err != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		ws.Close()
		return nil, err
	}
	return c, nil
}

func (c *conn) greet(cfg Config) error {
	if err := c.write(wire.Hello{Ticket: cfg.Ticket, Client: cfg.Name}); err != nil {
		return err
	}
	m, err := c.read()
	if err != nil {
		drop := c.drop(err)
		if drop.Code != 0 {
			return &Closed{drop.Code, drop.Text}
		}
		return fmt.Errorf("wait for welcome: %w", err)
	}
	welcome, ok := m.(wire.Welcome)
	if !ok {
		return fmt.Errorf("the server began with a %T", m)
	}
	if welcome.Game != cfg.Game.Name {
		return fmt.Errorf("the room plays %q, not %q", welcome.Game, cfg.Game.Name)
	}
	c.welcome = welcome
	return nil
}

// read waits for the next message but Bye, whose words are kept for drop.
func (c *conn) read() (wire.Message, error) {
	for {
		if err := c.ws.SetReadDeadline(time.Now().Add(wire.DeadAfter)); err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		kind, frame, err := c.ws.ReadMessage()
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		if kind != websocket.BinaryMessage {
			return nil, errors.New("read: the server sent text")
		}
		m, err := wire.DecodeServer(frame, c.game)
		if err != nil {
			return nil, err
		}
		bye, ok := m.(wire.Bye)
		if !ok {
			return m, nil
		}
		c.bye = bye
	}
}

// drop is what the end of reading means. Bye has the whole sentence and comes
// first; a connection that broke without a word has code 0.
func (c *conn) drop(err error) Drop {
	if c.bye.Code != 0 {
		return Drop{Code: c.bye.Code, Text: c.bye.Text}
	}
	if e, ok := errors.AsType[*websocket.CloseError](err); ok && e.Code != websocket.CloseAbnormalClosure {
		return Drop{Code: wire.CloseCode(e.Code), Text: e.Text}
	}
	return Drop{Text: err.Error()}
}

func (c *conn) write(m wire.Message) error {
	frame, err := wire.Encode(m)
	if err != nil {
		return err
	}
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := c.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// ping asks for the time now and every PingEvery, until over. That it cannot
// be written is found out by read.
func (c *conn) ping(over <-chan struct{}) {
	every := time.NewTicker(wire.PingEvery)
	defer every.Stop()
	for {
		_ = c.write(wire.Ping{T: uint64(time.Since(c.began).Microseconds())})
		select {
		case <-every.C:
		case <-over:
			return
		}
	}
}

// close says goodbye if it can be said at once, and ends the connection.
func (c *conn) close() {
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(100*time.Millisecond))
	_ = c.ws.Close()
}
