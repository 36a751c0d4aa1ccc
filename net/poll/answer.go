package poll

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"tickroom/net/wire"
)

// answer is the way down, of one request.
type answer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	client  context.Context // ends when the client is not there any more
}

// stream is POST stream: a connection begins, and this answer is its way down.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	hello, err := onlyFrame(w, r)
	if err != nil {
		return err
	}
	return s.begin(hello, w, r, (*conn).goOn)
}

// poll is POST poll: a connection begins, or the client comes for more.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) error {
	frame, err := onlyFrame(w, r)
	if err != nil {
		return err
	}
	m, _ := wire.DecodeClient(frame, nil) // what is no hello either is refused as one
	post, ok := m.(wire.Post)
	if !ok {
		return s.begin(frame, w, r, (*conn).deliver)
	}
	c, err := s.find(post)
	if err != nil {
		return err
	}
	a := &answer{w, http.NewResponseController(w), r.Context()}
	if err := c.polled(post.N, a.control); err != nil {
		return err
	}
	defer c.answered()
	return c.guard(func() error { return c.more(a) })
}

// begin begins a connection, says its name and has the link greet it, and then
// answers.
func (s *Server) begin(hello wire.Frame, w http.ResponseWriter, r *http.Request, answers func(*conn, *answer)) error {
	a := &answer{w, http.NewResponseController(w), r.Context()}
	c, err := s.open(a.control)
	if err != nil {
		return err
	}
	defer c.answered()
	return c.guard(func() error {
		time.Sleep(c.port.Received(hello))
		opened, err := wire.Encode(wire.Opened{Conn: c.name})
		if err != nil {
			return err
		}
		c.head(a)
		if err := c.write(a, opened); err != nil {
			c.broke(err)
			return nil
		}
		answers(c, a)
		return nil
	})
}

// goOn delivers until the connection has ended.
func (c *conn) goOn(a *answer) {
	for {
		c.deliver(a)
		c.settle()
		select {
		case <-c.news:
		case <-c.ended:
			return
		case <-a.client.Done():
			c.end(0)
			return
		}
	}
}

// more answers a poll: with what is due as soon as something is, or with nothing
// after a while.
func (c *conn) more(a *answer) error {
	c.settle()
	enough := time.NewTimer(wire.PollWait)
	defer enough.Stop()
	for f := c.due(); f == nil; f = c.due() {
		select {
		case <-c.news:
			a.gather(c.due())
		case <-enough.C:
			c.head(a)
			return nil
		case <-c.ended:
			c.extend(a.control)
			return errGone
		case <-a.client.Done():
			c.end(0)
			return nil
		}
	}
	c.head(a)
	c.deliver(a)
	return nil
}

// gather gives what belongs to the first frame of an answer a moment to come. To
// a view nothing does: it is the last.
func (a *answer) gather(first wire.Frame) {
	if first == nil || first.IsSnapshot() {
		return
	}
	more := time.NewTimer(gatherFor)
	defer more.Stop()
	select {
	case <-more.C:
	case <-a.client.Done():
	}
}

// deliver writes what is due, up to the newest view, and sends it off. That the
// last has left is told the link by settle.
func (c *conn) deliver(a *answer) {
	c.settle()
	bytes := 0
	for f := c.take(); f != nil; f = c.take() {
		if err := c.write(a, f); err != nil {
			c.broke(err)
			return
		}
		c.owed = true
		bytes += len(f)
		if f.IsSnapshot() || bytes >= maxAnswer {
			break
		}
		c.settle()
	}
	c.extend(a.control)
	if err := a.control.Flush(); err != nil {
		c.broke(err)
	}
}

// settle tells the link that the frame which was taken has left.
func (c *conn) settle() {
	if c.owed {
		c.owed = false
		c.port.Sent()
	}
}

func (c *conn) write(a *answer, f wire.Frame) error {
	c.extend(a.control)
	return wire.WriteFrame(a.w, f)
}

// broke ends a connection whose answer did not get through.
func (c *conn) broke(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.end(wire.CloseSlow)
		return
	}
	c.end(0)
}

// head begins an answer of frames. Nobody on the way is to keep it, wait for its
// end or make it smaller.
func (c *conn) head(a *answer) {
	c.extend(a.control)
	h := a.w.Header()
	h.Set("Content-Type", frames)
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
}

// onlyFrame reads a body that is one frame.
func onlyFrame(w http.ResponseWriter, r *http.Request) (wire.Frame, error) {
	body, read := bodyOf(w, r, maxOpening)
	f, err := wire.ReadFrame(body, wire.MaxFrame)
	if err != nil {
		return nil, badBody(err)
	}
	if _, err := body.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, badBody(err)
	}
	read()
	return f, nil
}

// bodyOf is a request's body, of most bytes, to be read soon. Once it has been
// read, the request may take as long as it likes.
func bodyOf(w http.ResponseWriter, r *http.Request, most int64) (body *bufio.Reader, read func()) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyWithin))
	return bufio.NewReaderSize(http.MaxBytesReader(w, r.Body, most), bytes.MinRead), func() {
		_ = control.SetReadDeadline(time.Time{})
	}
}

// badBody is the answer to a body that could not be read to its end.
func badBody(err error) error {
	_, large := errors.AsType[*http.MaxBytesError](err)
	_, largeFrame := errors.AsType[*wire.Error](err)
	switch {
	case large || largeFrame:
		return errLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errLate
	}
	return errBody
}
