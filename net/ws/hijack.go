package ws

import (
	"bufio"
	"fmt"
	"net"
	"net/http"

	"tickroom/net/direct"
)

// libraryBuffer is what melody's library reads ahead and answers the handshake
// with: little, since what is small does not come to it.
const libraryBuffer = 512

// hijacked has the library sit on a connection that has a short way past it.
type hijacked struct {
	http.ResponseWriter
	conn *conn
}

// Hijack is http.Hijacker's.
func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nc, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking over the connection: %w", err)
	}
	short, ok := direct.Over(nc, h.conn)
	if !ok || rw.Reader.Buffered() > 0 { // who says something before the answer is refused by the library
		return nc, rw, nil
	}
	h.conn.short = short
	rw = bufio.NewReadWriter(bufio.NewReaderSize(short, libraryBuffer), bufio.NewWriterSize(short, libraryBuffer))
	return short, rw, nil
}

// Unwrap is http.ResponseController's.
func (h hijacked) Unwrap() http.ResponseWriter { return h.ResponseWriter }
