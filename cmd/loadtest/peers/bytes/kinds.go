package main

import (
	"bytes"

	"tickroom/net/wire"
)

// class is what a frame is for.
type class int

const (
	message class = iota // the event, the state, the controls
	part                 // of the message before it
	ack                  // that something arrived, or was done
	beat                 // that somebody is alive, and what comes by the clock
	setup                // joining
)

// kind says what a frame of a peer is for while it does a job.
type kind func(job string, f frame) class

func rawKind(_ string, f frame) class {
	if f.opcode == opText {
		return message
	}
	return beat
}

// socketioKind knows Engine.IO's packets (2 ping, 3 pong, 4 message) and in
// those Socket.IO's (0 connect, 2 event, 3 ack, 5 and 6 the same with parts in
// frames that follow).
func socketioKind(_ string, f frame) class {
	switch {
	case f.opcode == opBinary:
		return part
	case f.opcode != opText || len(f.payload) < 2:
		return beat
	case bytes.HasPrefix(f.payload, []byte("42")), bytes.HasPrefix(f.payload, []byte("45")):
		return message
	case bytes.HasPrefix(f.payload, []byte("43")), bytes.HasPrefix(f.payload, []byte("46")):
		return ack
	}
	return setup
}

// colyseusKind knows the first byte: 13 is a message, 14 all of the state, 15 a
// patch of it, 19 an input, 10 joining, 18 a ping.
func colyseusKind(_ string, f frame) class {
	if f.opcode != opBinary || len(f.payload) == 0 {
		return beat
	}
	switch f.payload[0] & 0x1f {
	case 13, 15, 19:
		return message
	case 18:
		return beat
	}
	return setup
}

// tickroomKind knows the second byte, which is the kind. Relay's view says
// nothing and comes once a second: it is no message of the event's.
func tickroomKind(job string, f frame) class {
	if f.opcode != opBinary || len(f.payload) < 2 {
		return beat
	}
	switch wire.Kind(f.payload[1]) {
	case wire.KindCommand, wire.KindInput, wire.KindEvent:
		return message
	case wire.KindSnapshot:
		if job == "state" {
			return message
		}
		return beat
	case wire.KindAck, wire.KindReply:
		return ack
	case wire.KindPing, wire.KindPong:
		return beat
	}
	return setup
}
