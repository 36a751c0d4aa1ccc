package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"

	"tickroom/game"
)

// What happens to a room, as its journal has it. With what the room was opened
// with it is all of the room: played forward, everything in it is as it was,
// to the number of the last message of every link.
//
// They are kept between builds, unlike what is said on the channel: a kind is
// never changed, only another added.
const (
	KindThrough Kind = 64
	KindTook    Kind = 65
	KindJoined  Kind = 66
	KindGone    Kind = 67
	KindBack    Kind = 68
	KindRenewed Kind = 69
	KindLeft    Kind = 70
	KindGaveUp  Kind = 71
	KindSaid    Kind = 72
	KindDid     Kind = 73
	KindSteered Kind = 74
	KindBegan   Kind = 75

	KindSavedRoom  Kind = 76
	KindSavedMatch Kind = 77

	KindMarked Kind = 78
	KindKept   Kind = 79
)

// Who counts a room's memberships from 1; N is the number of a client's message.
type (
	// Through says that the room's ticks before this one have been played. It
	// comes before everything that happened then, and ends a chunk.
	Through struct{ Tick uint64 }
	// Took is a player who was given a seat, or the right to watch.
	Took struct {
		ID, Name string
		Watches  bool
	}
	// Joined is a membership's link that was let in.
	Joined struct {
		Who  uint32
		Link string
	}
	// Gone, Back and Renewed are of the link of a membership.
	Gone    struct{ Who uint32 }
	Back    struct{ Who uint32 }
	Renewed struct{ Who uint32 }
	// Left is a seat given up on the channel, GaveUp by other ways.
	Left struct {
		Who uint32
		N   uint32
	}
	GaveUp struct{ Who uint32 }
	// Said is a line of chat.
	Said struct {
		Who  uint32
		N    uint32
		Text string
	}
	// Did is a command, done or refused.
	Did struct {
		Who  uint32
		N    uint32
		Data any
	}
	// Steered is an input that counted in the coming tick.
	Steered struct {
		Who  uint32
		Data any
	}
	// Began says when there were players enough, in milliseconds.
	Began struct{ Unix int64 }
	// Marked is the fingerprint of the match after the last tick.
	Marked struct{ Hash uint64 }
	// Kept says that the match has ended and its result is stored.
	Kept struct{}
)

func (Through) kind() Kind { return KindThrough }
func (Took) kind() Kind    { return KindTook }
func (Joined) kind() Kind  { return KindJoined }
func (Gone) kind() Kind    { return KindGone }
func (Back) kind() Kind    { return KindBack }
func (Renewed) kind() Kind { return KindRenewed }
func (Left) kind() Kind    { return KindLeft }
func (GaveUp) kind() Kind  { return KindGaveUp }
func (Said) kind() Kind    { return KindSaid }
func (Did) kind() Kind     { return KindDid }
func (Steered) kind() Kind { return KindSteered }
func (Began) kind() Kind   { return KindBegan }
func (Marked) kind() Kind  { return KindMarked }
func (Kept) kind() Kind    { return KindKept }

// AppendEntry appends an entry to a chunk of a journal.
func AppendEntry(chunk []byte, m Message) ([]byte, error) {
	f, err := Encode(m)
	if err != nil {
		return chunk, err
	}
	return AppendFrame(chunk, f), nil
}

// DecodeChunk reads the entries of a chunk, of a room where g is played. It
// trusts nothing in it.
func DecodeChunk(g *game.Game, chunk []byte) ([]Message, error) {
	var entries []Message
	for r := bytes.NewReader(chunk); ; {
		f, err := ReadFrame(r, MaxServerFrame)
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(entries), err)
		}
		m, err := decode(f, kept, func(Message) (reflect.Type, error) { return g.CommandType(), nil })
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(entries), err)
		}
		entries = append(entries, m)
	}
}
