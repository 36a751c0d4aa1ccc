package client

import (
	"tickroom/game"
	"tickroom/net/wire"
)

// Show says what of a replay is to be shown: from which tick on (wire.Here is
// where it stands), how fast in percent, and as which seat saw it. A snapshot
// answers it. ErrAway: say it again, once back.
func (c *Client) Show(t game.Tick, speed uint, seat game.Seat) error {
	return c.tell(wire.Show{Tick: t, Speed: speed, Seat: seat})
}
