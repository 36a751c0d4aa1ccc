package client

import (
	"context"
	"errors"
	"sync"
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
	// joinWithin bounds the first try, up to Welcome, of each transport.
	joinWithin = 10 * time.Second
	// tryWithin and tryTrips bound the tries to come back, in time and round trips:
	// a network that swallows everything must not hold one while it works again,
	// and seven trips are enough to connect, with TLS, and to be greeted, with one
	// packet lost and sent again after a second.
	tryWithin = 1500 * time.Millisecond
	tryTrips  = 7
	// goodTrips is how many round trips a try takes when all is well.
	goodTrips = 4
)

// run plays on one connection after the other until there is a reason to end.
func (c *Client) run(ctx context.Context, first *conn) {
	defer close(c.done)
	err := c.live(ctx, first)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended, c.err = true, err
	c.lose(func(asked) bool { return true })
}

func (c *Client) live(ctx context.Context, conn *conn) error {
	tries := 0
	for {
		began := time.Now()
		drop := c.play(ctx, conn)
		better := c.goUp(ctx, conn)
		conn.close()
		if conn = better; conn != nil {
			c.here(conn)
			continue
		}
		if time.Since(began) >= settled {
			tries = 0
			c.place.held()
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
			return nil, &Closed{Code: drop.Code, Text: drop.Text}
		}
		if drop.Wait = 0; !c.place.follow(drop.moved) {
			drop.Wait = pause(*tries, c.cfg.Chance())
		}
		if time.Now().Add(drop.Wait).After(keptUntil) {
			return nil, ErrTooLate
		}
		c.cfg.Dropped(drop)
		if c.rest(ctx, drop.Wait) {
			*tries = 0
		}
		conn, woken, err := c.redial(ctx)
		if err == nil {
			*tries++
			c.here(conn)
			return conn, nil
		}
		if woken {
			*tries = 0
		}
		if drop = dropOf(err); drop.Code == 0 {
			c.place.silent()
		}
	}
}

// rest waits, until woken at most.
func (c *Client) rest(ctx context.Context, d time.Duration) (woken bool) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	case <-c.wake:
		return true
	}
	return false
}

// redial tries to connect. Woken meanwhile, it begins again: what it said may
// have been swallowed. A try that is too young to have succeeded has its chance.
func (c *Client) redial(ctx context.Context) (conn *conn, woken bool, err error) {
	rtt := c.RTT()
	within, chance := tryWithin+tryTrips*max(rtt, rttGuess/2), goodTrips*rtt+answerSlack
	for {
		try, cancel := context.WithCancelCause(ctx)
		began := time.Now()
		var listens sync.WaitGroup
		listens.Go(func() {
			if c.wokenIn(try) && sleep(try, chance-time.Since(began)) {
				cancel(errWoken)
			}
		})
		conn, err = c.dial(try, within)
		cancel(nil)
		listens.Wait()
		if err == nil || context.Cause(try) != errWoken {
			return conn, woken, err
		}
		woken = true
	}
}

// wokenIn waits for Wake, or for the end of a try.
func (c *Client) wokenIn(try context.Context) bool {
	select {
	case <-c.wake:
		return true
	case <-try.Done():
		return false
	}
}

var errWoken = errors.New("told to try again at once")

func dropOf(err error) Drop {
	if closed, ok := errors.AsType[*Closed](err); ok {
		return Drop{Code: closed.Code, Text: closed.Text, moved: closed.moved}
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
