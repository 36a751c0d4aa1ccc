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
	linked  wire.Linked
	welcome *wire.Welcome // nil when the link was resumed

	writing turn // one writer at a time

	// Owned by the goroutine that reads.
	bye wire.Bye
}

// dial connects, says Hello and waits for the answer.
func dial(ctx context.Context, cfg Config, hello wire.Hello) (*conn, error) {
	d := websocket.Dialer{NetDialContext: cfg.Dial, Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: dialWithin}
	ws, response, err := d.DialContext(ctx, cfg.URL, cfg.Header)
	if err != nil && response != nil {
		return nil, fmt.Errorf("the server answered %s: %w", response.Status, err)
	}
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	ws.SetReadLimit(wire.MaxServerFrame)
	c := &conn{writing: newTurn(), ws: ws, game: cfg.Game, began: time.Now()}
	stop := context.AfterFunc(ctx, func() { ws.Close() })
	err = c.greet(hello)
	if !stop() && err != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		ws.Close()
		return nil, err
	}
	return c, nil
}

// greet says Hello; the answer is Linked, and Welcome unless it was resumed.
func (c *conn) greet(hello wire.Hello) error {
	if err := c.write(hello); err != nil {
		return err
	}
	linked, err := first[wire.Linked](c)
	if err != nil || linked.Resumed {
		c.linked = linked
		return err
	}
	welcome, err := first[wire.Welcome](c)
	if err == nil && welcome.Game != c.game.Name {
		err = fmt.Errorf("the room plays %q, not %q", welcome.Game, c.game.Name)
	}
	c.linked, c.welcome = linked, &welcome
	return err
}

// first reads a message that must be the next.
func first[M wire.Message](c *conn) (M, error) {
	var none M
	m, _, err := c.read()
	if err != nil {
		if drop := c.drop(err); drop.Code != 0 {
			return none, &Closed{drop.Code, drop.Text}
		}
		return none, fmt.Errorf("wait for %T: %w", none, err)
	}
	if m, ok := m.(M); ok {
		return m, nil
	}
	return none, fmt.Errorf("the server said %T, not %T", m, none)
}

// read waits for the next message but Bye, whose words are kept for drop.
func (c *conn) read() (m wire.Message, bytes int, err error) {
	for {
		if err := c.ws.SetReadDeadline(time.Now().Add(wire.DeadAfter)); err != nil {
			return nil, 0, fmt.Errorf("read: %w", err)
		}
		kind, frame, err := c.ws.ReadMessage()
		if err != nil {
			return nil, 0, fmt.Errorf("read: %w", err)
		}
		if kind != websocket.BinaryMessage {
			return nil, 0, errors.New("read: the server sent text")
		}
		m, err := wire.DecodeServer(frame, c.game)
		if err != nil {
			return nil, 0, err
		}
		bye, ok := m.(wire.Bye)
		if !ok {
			return m, len(frame), nil
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
	return c.writeFrame(frame)
}

func (c *conn) writeFrame(frame wire.Frame) error {
	c.writing.take()
	defer c.writing.give()
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := c.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// tend acknowledges what has arrived every AckAfter, and asks for the time now
// and every PingEvery, until over. That it cannot write is found out by read.
func (c *conn) tend(over <-chan struct{}, seen func() (uint32, bool)) {
	every := time.NewTicker(wire.AckAfter)
	defer every.Stop()
	const pings = int(wire.PingEvery / wire.AckAfter)
	for n := 0; ; n++ {
		if n%pings == 0 {
			_ = c.write(wire.Ping{T: uint64(time.Since(c.began).Microseconds())})
		}
		if all, news := seen(); news {
			_ = c.write(wire.Ack{Seen: all})
		}
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

// turn is a lock that is held while a peer may keep us waiting. It is a channel
// and no mutex, so that tests in a bubble of fake time see who waits for it as
// waiting.
type turn chan struct{}

func newTurn() turn  { return make(turn, 1) }
func (t turn) take() { t <- struct{}{} }
func (t turn) give() { <-t }

func (t turn) takeUntil(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
