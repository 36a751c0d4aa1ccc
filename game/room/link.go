package room

import (
	"tickroom/game"
	"tickroom/net/wire"
)

// Link is what a room needs of the conversation with one member. Its methods
// never block: what does not fit any more closes the link, and the room hears
// of that through Member.Gone. Frames are shared by many links and never changed.
type Link interface {
	// Send queues what must arrive, in order.
	Send(wire.Frame)
	// Snapshot offers the newest view; one not yet on its way is replaced.
	Snapshot(wire.Frame)
	// Close says why, after what was queued, and ends the conversation. The
	// room calls nothing on the link afterwards.
	Close(code wire.CloseCode, text string)
}

var _ = game.Watcher
