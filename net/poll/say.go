package poll

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"tickroom/net/wire"
)

// say is POST say: the way up.
func (s *Server) say(w http.ResponseWriter, r *http.Request) error {
	body, read := bodyOf(w, r, maxSaying)
	c, post, err := s.poster(body)
	if err != nil {
		return err
	}
	control := http.NewResponseController(w)
	if again, err := c.said(post.N, control); again || err != nil {
		_, _ = io.Copy(io.Discard, body) // what came before is nothing, whatever it is now
		return answerSaid(w, err)
	}
	defer c.saidAll()
	return c.guard(func() error {
		said, err := readSaid(body)
		if err != nil {
			c.refuse(err)
			return err
		}
		read()
		c.takes(post.N)
		c.passOn(said)
		c.extend(control)
		return answerSaid(w, nil)
	})
}

func answerSaid(w http.ResponseWriter, err error) error {
	if err == nil {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// poster is whose request it is: a body begins with a post. Of nobody's, no more
// is read.
func (s *Server) poster(body *bufio.Reader) (*conn, wire.Post, error) {
	frame, err := wire.ReadFrame(body, maxPost)
	if err != nil {
		return nil, wire.Post{}, badBody(err)
	}
	m, _ := wire.DecodeClient(frame, nil)
	post, ok := m.(wire.Post)
	if !ok {
		return nil, wire.Post{}, errBody
	}
	c, err := s.find(post)
	return c, post, err
}

// readSaid reads the frames of a body, to the end. All are whole, or none is
// taken.
func readSaid(body io.Reader) ([]byte, error) {
	said, err := io.ReadAll(body)
	if err != nil {
		return nil, badBody(err)
	}
	for r := framesOf(said); ; {
		_, err := wire.ReadFrame(r, wire.MaxFrame)
		if errors.Is(err, io.EOF) {
			return said, nil
		}
		if err != nil {
			return nil, badBody(err)
		}
	}
}

// framesOf reads what is in memory already, and needs no room of its own.
func framesOf(said []byte) *bufio.Reader { return bufio.NewReaderSize(bytes.NewReader(said), 16) }

// passOn gives the link what was said.
func (c *conn) passOn(said []byte) {
	r := framesOf(said)
	for {
		f, err := wire.ReadFrame(r, wire.MaxFrame)
		if err != nil { // the end
			return
		}
		time.Sleep(c.port.Received(f))
	}
}

// refuse closes a connection for what its client sent, as a WebSocket would be.
// One whose body did not come has a bad network, and comes back.
func (c *conn) refuse(err error) {
	switch {
	case errors.Is(err, errLarge):
		c.port.Close(wire.CloseTooLarge, "You sent more than the limit in one frame, or at once.")
	case errors.Is(err, errBody):
		c.port.Close(wire.CloseProtocol, "What you sent is not frames.")
	}
}
