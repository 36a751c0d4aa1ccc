package wire

// CloseCode is why the server closed a connection: the WebSocket close code,
// and the first field of Bye on any transport. Its range tells the client what
// to do: 4000-4499 come back with the same ticket, 4500-4999 do not.
type CloseCode uint16

const (
	CloseGoingAway CloseCode = 4000 // the server stops
	CloseSlow      CloseCode = 4001 // what must arrive did not fit in the queue any more
	CloseDead      CloseCode = 4002 // nothing heard for DeadAfter
	CloseBusy      CloseCode = 4003 // the room's mailbox is full
	CloseFlood     CloseCode = 4004 // more frames or bytes than the limit
	CloseHello     CloseCode = 4005 // no Hello within HelloTimeout: a bad network, most likely
	CloseReplaced  CloseCode = 4006 // the same link came over another connection
	CloseMoved     CloseCode = 4007 // the room is at another server, where Moved said

	CloseProtocol  CloseCode = 4500 // not a message of this protocol
	CloseTooLarge  CloseCode = 4501 // a frame above MaxFrame
	CloseTicket    CloseCode = 4503 // no such ticket, or its seat was given up
	CloseTakenOver CloseCode = 4504 // the same ticket connected elsewhere
	CloseLeft      CloseCode = 4505 // the player left
	CloseOver      CloseCode = 4506 // the match is over and the room is closed
	CloseFailed    CloseCode = 4507 // the rules failed, or the result could not be kept
)

// ComeBack says whether a client may connect again with its ticket.
func (c CloseCode) ComeBack() bool { return c >= 4000 && c < 4500 }
