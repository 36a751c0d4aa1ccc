package link_test

import (
	"sync"
	"time"

	"tickroom/net/link"
	"tickroom/net/wire"
)

// cable is one connection through a bad network. Frames stand in it until
// somebody moves them on, so that it can break with some under way both ways.
//
//	server --Write--> out --leaves--> down --> client
//	server <--------------- up ---------------- client
type cable struct {
	port *link.Port

	mu     sync.Mutex
	out    wire.Frame // the transport has it
	down   []wire.Frame
	up     []wire.Frame
	quick  bool // what is written has left
	silent bool // what leaves the server gets nowhere; nobody need know
	broken bool // the server will find out
	closed wire.CloseCode
	ending bool // the server is told
	lost   bool // and was
	fault  string
}

func (c *cable) Write(f wire.Frame) (left bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out != nil || c.closed != 0 || c.lost {
		c.fault = "a frame while another is on its way, or after the end"
	}
	if c.quick && !c.ending {
		if !c.silent {
			c.down = append(c.down, f)
		}
		return true
	}
	c.out = f
	return false
}

func (c *cable) Poll() {}

func (c *cable) Close(code wire.CloseCode, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed != 0 || c.lost {
		c.fault = "closed after the end"
	}
	c.closed, c.broken = code, true
}

// leaves moves a frame out of the server. One that the server cut is gone.
func (c *cable) leaves() bool {
	c.mu.Lock()
	f := c.out
	c.out = nil
	stuck := f == nil || c.ending
	if !stuck && !c.silent && c.closed == 0 {
		c.down = append(c.down, f)
	}
	c.mu.Unlock()
	if !stuck {
		c.port.Sent()
	}
	return !stuck
}

// arrives moves a frame of the client into the server.
func (c *cable) arrives() bool {
	c.mu.Lock()
	if len(c.up) == 0 || c.ending || c.closed != 0 {
		c.mu.Unlock()
		return false
	}
	f := c.up[0]
	c.up = c.up[1:]
	c.mu.Unlock()
	time.Sleep(c.port.Received(f))
	return true
}

// ends tells the server that the cable is broken.
func (c *cable) ends() bool {
	c.mu.Lock()
	first := c.broken && !c.ending
	c.ending = c.ending || c.broken
	c.mu.Unlock()
	if !first {
		return false
	}
	c.port.Lost(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost = true
	return true
}

// next is the frame that comes to the client, nil if there is none.
func (c *cable) next() (f wire.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.down) == 0 || c.silent {
		return nil
	}
	f, c.down = c.down[0], c.down[1:]
	return f
}

// over says that the client has heard all there will ever be.
func (c *cable) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken && len(c.down) == 0
}

// ended says that the server has nothing to do with it any more.
func (c *cable) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost
}

// says puts a frame under way to the server.
func (c *cable) says(f wire.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up = append(c.up, f)
}

// fails has nothing more come to the client. What it said may still arrive, the
// first few of it. The server finds out, or it does not.
func (c *cable) fails(arriving int, found bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = true
	c.up = c.up[:min(arriving, len(c.up))]
	c.broken = c.broken || found
}
