package room

import "tickroom/net/wire"

// Link is what a room needs of the conversation with one member, whatever
// carries it, and also while nothing does: it keeps what must arrive. Its
// methods never block. Frames are shared by many links and never changed.
type Link interface {
	// Poll has what the client said passed on to the Member, as far as it has come
	// by now. Where nobody polls it comes by itself, at a greater cost.
	Poll()
	// Begin queues Welcome: all that counts is told from here on, and what was
	// queued before is void.
	Begin(wire.Frame)
	// Send queues what must arrive, in order.
	Send(wire.Frame)
	// Snapshot offers the newest view; one not yet on its way is replaced.
	Snapshot(wire.Frame)
	// Note says how the room is now, at once, if anything carries the link.
	Note(wire.Frame)
	// Outbox is what is kept of what was sent, for the room to be saved with it.
	Outbox() wire.Outbox
	// Name is what its client calls the conversation.
	Name() string
	// Close says why, after what was queued, and ends the conversation for good.
	// The room calls nothing on the link afterwards.
	Close(code wire.CloseCode, text string)
}
