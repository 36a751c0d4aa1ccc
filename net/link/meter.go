package link

import "tickroom/net/wire"

// Meter counts what links do. Its methods are called from many goroutines at
// once and must not block.
type Meter interface {
	Opened()
	// Closed comes once for every Opened; code 0 means that the peer went.
	Closed(code wire.CloseCode)
	Received(bytes int) // a frame
	Sent(bytes int)     // a frame
	Replaced()          // a view, by a newer one, before it was sent
	Desynced()          // a client that has another view than it was sent
}

type noMeter struct{}

func (noMeter) Opened()               {}
func (noMeter) Closed(wire.CloseCode) {}
func (noMeter) Received(int)          {}
func (noMeter) Sent(int)              {}
func (noMeter) Replaced()             {}
func (noMeter) Desynced()             {}
