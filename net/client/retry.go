package client

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/net/wire"
)

// Pauses between tries to come back: the first at once, then somewhere between
// nothing and a ceiling that doubles from pauseMin to pauseMax, so that a
// thousand clients who were dropped together do not come back together.
const (
	pauseMin = 250 * time.Millisecond
	pauseMax = 8 * time.Second
	// settled is how long a connection must have held for the pauses to start
	// anew: one that is thrown out again at once must not try ever faster.
	settled = 5 * time.Second
	// dialWithin bounds one try, up to Welcome.
	dialWithin = 10 * time.Second
)

// run plays on one connection after the other until there is a reason to end.
func (c *Client) run(ctx context.Context, first *conn) {
	defer close(c.done)
	err := c.live(ctx, first)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended, c.err = true, err
	c.forget(func(asked) bool { return true })
}

func (c *Client) live(ctx context.Context, conn *conn) error {
	tries := 0
	for {
		began := time.Now()
		drop := c.play(ctx, conn)
		if time.Since(began) >= settled {
			tries = 0
		}
		keptUntil := time.Now().Add(time.Duration(c.Welcome().Grace) * time.Second)
		var err error
		if conn, err = c.comeBack(ctx, drop, &tries, keptUntil); err != nil {
			return err
		}
	}
}

// comeBack connects again, until the time the seat is kept has run out.
func (c *Client) comeBack(ctx context.Context, drop Drop, tries *int, keptUntil time.Time) (*conn, error) {
	for ; ; *tries++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !mayComeBack(drop.Code) {
			return nil, &Closed{drop.Code, drop.Text}
		}
		drop.Wait = pause(*tries, c.cfg.Chance())
		if time.Now().Add(drop.Wait).After(keptUntil) {
			return nil, ErrTooLate
		}
		c.cfg.Dropped(drop)
		if !sleep(ctx, drop.Wait) {
			continue
		}
		conn, err := c.redial(ctx)
		if err == nil {
			*tries++
			c.here(conn)
			return conn, nil
		}
		drop = dropOf(err)
	}
}

func (c *Client) redial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	return dial(ctx, c.cfg, c.hello())
}

func dropOf(err error) Drop {
	if closed, ok := errors.AsType[*Closed](err); ok {
		return Drop{Code: closed.Code, Text: closed.Text}
	}
	return Drop{Text: err.Error()}
}

// mayComeBack says whether a close code leaves hope: the protocol's by their
// range, WebSocket's own unless they blame what we sent.
func mayComeBack(code wire.CloseCode) bool {
	switch code {
	case websocket.CloseProtocolError, websocket.CloseUnsupportedData, websocket.CloseInvalidFramePayloadData,
		websocket.ClosePolicyViolation, websocket.CloseMessageTooBig:
		return false
	}
	return code < 4000 || code.ComeBack()
}

// pause is how long to wait before a try, with chance from 0 to below 1.
func pause(tries int, chance float64) time.Duration {
	if tries == 0 {
		return 0
	}
	ceiling := pauseMin
	for range tries - 1 {
		ceiling = min(2*ceiling, pauseMax)
	}
	return time.Duration(chance * float64(ceiling))
}

// sleep says whether it slept to its end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
