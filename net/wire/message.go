// Package wire is what is said on a channel: the messages, their bytes, and the
// limits on them. PROTOCOL.md beside this file specifies all of it for clients
// in other languages; testdata holds golden vectors.
//
// It is the only package that knows msgpack. It owns no state and no
// connection, blocks on nothing and trusts nothing that it decodes.
package wire

import "tickroom/game"

// Subprotocol is the name of all this in a WebSocket's handshake.
const Subprotocol = "tickroom.1"

// Message is anything in this file: one frame on the channel.
type Message interface{ kind() Kind }

// Kind is the first element of every frame.
type Kind uint8

const (
	KindHello   Kind = 1
	KindCommand Kind = 2
	KindInput   Kind = 3
	KindSay     Kind = 4
	KindPing    Kind = 5
	KindLeave   Kind = 6
	KindAck     Kind = 7
	KindPost    Kind = 8
	KindShow    Kind = 9
	KindCheck   Kind = 10

	KindWelcome  Kind = 16
	KindSnapshot Kind = 17
	KindEvent    Kind = 18
	KindReply    Kind = 19
	KindChat     Kind = 20
	KindMember   Kind = 21
	KindPong     Kind = 22
	KindOver     Kind = 23
	KindNotice   Kind = 24
	KindBye      Kind = 25
	KindLinked   Kind = 26
	KindOpened   Kind = 27
	KindMoved    Kind = 28
	KindDesync   Kind = 29
)

// MustArrive says whether messages of this kind are numbered, kept until they
// are acknowledged, sent again after a lost connection, and taken once. Of the
// others only the newest counts, or they belong to one connection. The number
// of a message is its place in the sequence of those of its side of a link,
// from 1; clients say it (N), the server's is counted.
func (k Kind) MustArrive() bool {
	switch k {
	case KindCommand, KindSay, KindLeave,
		KindWelcome, KindEvent, KindReply, KindChat, KindMember, KindOver:
		return true
	}
	return false
}

// MustArrive says it of a message.
func MustArrive(m Message) bool { return m.kind().MustArrive() }

// From client to server.
type (
	// Hello is the first message of every connection, within HelloTimeout.
	Hello struct {
		Ticket string // the right to a seat
		Client string // name and version of the client's software, for logs
		// Link is the conversation, by the name its client gave it: one that the
		// server does not know begins here.
		Link string
		// Seen is how many messages that must arrive have, on that link.
		Seen uint32
		// Try grows with every connection of the client, from 1, so that an older
		// one that comes late does not take the link back.
		Try uint32
	}
	// Command is an act. It is answered by Reply N.
	Command struct {
		N    uint32
		Data any // the game's command type
	}
	// Input is the state of the player's controls from a tick on: only the
	// newest counts, it is not answered. One that comes late counts from the
	// next tick; one that comes early waits for its tick.
	Input struct {
		Tick game.Tick
		Data any // the game's command type
	}
	// Say is a line of chat. It is answered by Reply N.
	Say struct {
		N    uint32
		Text string
	}
	// Ping asks for a Pong. T is the client's own: any number. It may come before
	// Hello, to find out whether anything comes through.
	Ping struct {
		T   uint64
		Pad string // anything: see WakeBytes
	}
	// Leave gives the seat up for good.
	Leave struct{ N uint32 }
	// Ack says how many messages that must arrive have.
	Ack struct{ Seen uint32 }
	// Post is the first frame of every HTTP request of a connection but the one
	// that opened it: where there is no WebSocket, a connection is many requests.
	Post struct {
		Conn string // as Opened named it
		N    uint32 // counts this connection's requests of one path, from 1
	}
	// Show says what of a replay is to be shown; a room takes no notice. Only
	// the newest counts.
	Show struct {
		Tick  game.Tick // from here on; Here is where it stands
		Speed uint      // in percent; 0 pauses
		Seat  game.Seat // as this seat saw it; -1 as who watches
	}
	// Check says what the client has of a view that it was shown: its ViewHash.
	// Only the newest counts.
	Check struct {
		Tick game.Tick
		Hash uint32
	}
)

// Here is the tick of a Show that stays where it is.
const Here game.Tick = 1<<32 - 1

// From server to client.
type (
	// Linked is the answer to Hello.
	Linked struct {
		// Resumed: what was not seen follows, and nothing is lost. Otherwise
		// everything is told anew, from Welcome on, counted from 1 again.
		Resumed bool
		Why     string // when not resumed: "new", "unknown", "behind"
		// Received is the number of the client's last message that arrived: it
		// sends again what came after.
		Received uint32
	}
	// Welcome begins what a link is told. Past chat and a Snapshot follow it.
	Welcome struct {
		Room         string
		Game         string
		Seat         game.Seat // -1 watches
		Tick         game.Tick
		TickRate     int
		SnapshotRate int
		Grace        int // seconds a seat is kept for who dropped
		Schema       Schema
		Options      []OptionValue
		Members      []Member // every seat that is not open
	}
	OptionValue struct {
		Name  string
		Value int
	}
	// Snapshot is a view as of a tick. A newer one makes it worthless.
	Snapshot struct {
		Tick game.Tick
		View any // the game's view type
	}
	// Event is something the match said once.
	Event struct {
		Tick game.Tick
		Name string
		Data any // the event's type
	}
	// Reply answers a Command or Say. Code is "" when it was done; else it was
	// refused and changed nothing.
	Reply struct {
		N    uint32
		Code string
		Text string
	}
	// Chat is a line somebody said.
	Chat struct {
		Seat game.Seat
		Name string
		Text string
	}
	// Member says that a seat changed state, and whose it is.
	Member struct {
		Seat  game.Seat
		State game.SeatState
		Name  string // "" when open
	}
	// Pong answers Ping with the room's clock.
	Pong struct {
		T      uint64
		Tick   game.Tick // the last tick played
		Micros uint32    // since that tick was due
	}
	// Over says that the match ended and is stored.
	Over struct {
		Tick      game.Tick
		Ending    string // "finished", "empty", "failed", "stopped"
		Reason    string // a code from the rules or the room
		Standings []Standing
	}
	Standing struct {
		Seat  game.Seat
		Name  string // "" for a bot
		Place int
		Score int
	}
	// Notice tells people how the room is now, a code and a sentence: a newer
	// one makes it worthless, and so does a new connection.
	Notice struct {
		Code, Text string
	}
	// Bye is the last message before the server closes.
	Bye struct {
		Code CloseCode
		Text string
	}
	// Opened is the first frame of the answer to the HTTP request that opened a
	// connection: the name that its other requests say. Nobody can guess it.
	Opened struct{ Conn string }
	// Moved says where the link goes on: the channel's URL at another server. Bye
	// follows it.
	Moved struct{ URL string }
	// Desync answers a Check that was wrong. A view follows it, whole.
	Desync struct{ Tick game.Tick }
)

func (Hello) kind() Kind    { return KindHello }
func (Command) kind() Kind  { return KindCommand }
func (Input) kind() Kind    { return KindInput }
func (Say) kind() Kind      { return KindSay }
func (Ping) kind() Kind     { return KindPing }
func (Leave) kind() Kind    { return KindLeave }
func (Ack) kind() Kind      { return KindAck }
func (Post) kind() Kind     { return KindPost }
func (Show) kind() Kind     { return KindShow }
func (Check) kind() Kind    { return KindCheck }
func (Welcome) kind() Kind  { return KindWelcome }
func (Snapshot) kind() Kind { return KindSnapshot }
func (Event) kind() Kind    { return KindEvent }
func (Reply) kind() Kind    { return KindReply }
func (Chat) kind() Kind     { return KindChat }
func (Member) kind() Kind   { return KindMember }
func (Pong) kind() Kind     { return KindPong }
func (Over) kind() Kind     { return KindOver }
func (Notice) kind() Kind   { return KindNotice }
func (Bye) kind() Kind      { return KindBye }
func (Linked) kind() Kind   { return KindLinked }
func (Opened) kind() Kind   { return KindOpened }
func (Moved) kind() Kind    { return KindMoved }
func (Desync) kind() Kind   { return KindDesync }
