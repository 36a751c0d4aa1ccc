package direct

import (
	"errors"
	"os"
	"time"
)

// Send sends a binary message. True means that the kernel has all of it; false
// that it has not, and Handler.Sent will tell, unless the connection ends. No
// Send comes before that.
func (c *Conn) Send(payload []byte) (left bool) {
	buf := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buf)
	c.writing.Lock()
	defer c.writing.Unlock()
	c.owing = true
	if err := c.push(appendFrame(buf[:0], payload)); err != nil {
		return false // it has ended, and reading finds out
	}
	left = len(c.tail) == 0
	c.owing = !left
	return left
}

// Write is the library's: a whole control frame, or the answer to the handshake.
func (c *Conn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if len(c.tail) > maxTail {
		return 0, os.ErrDeadlineExceeded
	}
	if err := c.push(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// push gives bytes to the kernel, behind what it has not taken yet.
func (c *Conn) push(b []byte) error {
	if len(c.tail) > 0 {
		c.tail = append(c.tail, b...)
		return nil
	}
	n, err := c.TryWrite(b)
	if err != nil && err != ErrWait {
		return err
	}
	if n < len(b) {
		c.tail = append(c.tail, b[n:]...)
		c.handler.Go(c.drain)
	}
	return nil
}

// drain waits for the kernel to take the tail.
func (c *Conn) drain() {
	_ = c.Socket.SetWriteDeadline(time.Now().Add(writeWithin))
	err := c.AwaitWrite(c.pushTail)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.handler.Slow()
		_ = c.Socket.Close()
	case err == nil && c.settled():
		c.handler.Sent()
	}
}

// pushTail says whether nothing is left of the tail, or ever will be sent of it.
func (c *Conn) pushTail() (done bool) {
	c.writing.Lock()
	defer c.writing.Unlock()
	for len(c.tail) > 0 {
		n, err := c.TryWrite(c.tail)
		c.tail = c.tail[n:]
		if err != nil {
			return err != ErrWait
		}
	}
	c.tail = nil
	return true
}

// settled says whether the frame that Send could not send has left now.
func (c *Conn) settled() bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	left := c.owing && len(c.tail) == 0
	c.owing = c.owing && !left
	return left
}
