package store

import "context"

// Directory is how the servers of one database know of each other: who is there,
// how busy they are, and which rooms each has, as they are seen from outside.
// What is in it may be some seconds old and may be lost: rooms are in the
// [Journal], not here. A server alone never needs it.
type Directory interface {
	// Report tells the others how the caller is; its name is that of the lease.
	// ErrFenced.
	Report(context.Context, Lease, Server) error
	// Servers lists those whose lease is good and that have reported, by name.
	Servers(context.Context) ([]Server, error)
	// Show tells how rooms of the caller are seen, all or nothing. A card takes the
	// place of the one that the room had, whoever showed that; of two for one room
	// the last counts. A card with Status CardClosed stays for ClosedStays after it
	// was shown, and then goes with any Show. ErrFenced. ErrTooLarge.
	Show(context.Context, Lease, []Card) error
	// Cards lists the newest rooms first (by Room, which are as opened), of what
	// was shown under leases that are good now.
	Cards(context.Context, CardQuery) ([]Card, error)
}

// Server is one of those that share a database.
type Server struct {
	Name    string
	Address string // where other servers reach it: http://host:port
	Public  string // where players reach it alone: https://host; "" is behind one address for all
	Load    int    // thousandths of what it can do that it does
	Full    bool   // takes no more rooms: it is too busy, or stops
}

// CardClosed is the Status of a card whose room nobody may come to any more.
const CardClosed = "closed"

// Card is a room as it is seen from outside. No text of it may be longer than
// MaxCardText.
type Card struct {
	Room     string // uuid; also of what is no room but is found like one
	Server   string // who shows it; set by Show to the caller
	Code     string // to join by; "" has none
	Game     string
	Status   string // a word of the lobby's
	Terms    string // rooms that are alike have the same
	Listed   bool   // lists show it
	Joinable bool   // has a seat for anybody
	Players  []string
	Body     []byte // all of it, as who shows it encodes it
}

// CardQuery selects cards. Zero fields do not restrict. One that has none of Room,
// Code, Player, Listed, and Terms with Joinable, reads all cards there are.
type CardQuery struct {
	Room, Code, Game, Status, Terms, Player string
	NotServer                               string // of all servers but this
	Listed, Joinable                        bool   // only those that are
	Before                                  string // rooms opened before this one
	Limit                                   int    // 1 to MaxCards; 0 means MaxCards (see Page)
}
