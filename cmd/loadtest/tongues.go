package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"tickroom/game"
	"tickroom/game/swarm"
	"tickroom/net/wire"
)

// tongues are the servers of peers/ by name.
var tongues = map[string]*tongue{
	// plain is our frames over nothing but WebSockets: of the loop in C, which says
	// no more of a state than its tick, and of melody.
	"plain": {
		join: func(ctx context.Context, url string, room int) (*socket, error) {
			return dialSocket(ctx, fmt.Sprintf("%s/state/%d", url, room), "", nil)
		},
		state: func(op byte, b []byte) (uint32, bool) {
			if op != opBinary || len(b) < 2 || wire.Kind(b[1]) != wire.KindSnapshot {
				return 0, false
			}
			return tickOf(b)
		},
		answer: nothing,
		steer: func(b []byte, buttons, aim int) []byte {
			frame, err := wire.Encode(wire.Input{Tick: game.Tick(1), Data: swarm.Controls{Buttons: buttons, Aim: aim}})
			if err != nil {
				panic(err) // it is fixed
			}
			return append(b, frame...)
		},
		op: opBinary,
	},
	"ws": {
		join: func(ctx context.Context, url string, room int) (*socket, error) {
			return dialSocket(ctx, fmt.Sprintf("%s/state/%d", url, room), "", nil)
		},
		state:  func(_ byte, b []byte) (uint32, bool) { return tickInJSON(b, `{"type":"state","tick":`) },
		answer: nothing,
		steer: func(b []byte, buttons, aim int) []byte {
			return fmt.Appendf(b, `{"type":"input","buttons":%d,"aim":%d}`, buttons, aim)
		},
		op: opText,
	},
	// socketio: Engine.IO's 0 opens, 2 and 3 are ping and pong, 4 is a message; in
	// it Socket.IO's 0 connects and 2 is an event.
	"socketio": {
		join: func(ctx context.Context, url string, room int) (*socket, error) {
			return dialSocket(ctx, fmt.Sprintf("%s/socket.io/?EIO=4&transport=websocket&room=state/%d", url, room), "", nil)
		},
		hello: []byte("40"),
		state: func(_ byte, b []byte) (uint32, bool) { return tickInJSON(b, `42["state",{"tick":`) },
		answer: func(_ byte, b []byte) []byte {
			if len(b) == 1 && b[0] == '2' {
				return []byte("3")
			}
			return nil
		},
		steer: func(b []byte, buttons, aim int) []byte {
			return fmt.Appendf(b, `42["input",{"buttons":%d,"aim":%d}]`, buttons, aim)
		},
		op: opText,
	},
	// colyseus: the low five bits of the first byte are 10 joined, 14 the whole
	// state, 15 a patch, 19 an input. The eighth bit says that 8 bytes of clock
	// follow. A patch begins with the fields of the root that changed: its tick.
	"colyseus": {
		join: joinColyseus,
		state: func(_ byte, b []byte) (uint32, bool) {
			if len(b) < 14 || b[0]&0x1f != 15 && b[0]&0x1f != 14 || b[0]&0x80 == 0 || b[9] != 0x80 {
				return 0, false
			}
			return binary.LittleEndian.Uint32(b[10:]), true
		},
		answer: func(_ byte, b []byte) []byte {
			if len(b) > 0 && b[0]&0x1f == 10 {
				return []byte{10}
			}
			return nil
		},
		steer: func(b []byte, buttons, aim int) []byte {
			return append(b, 19, 0x80, byte(buttons), 0x81, byte(aim), byte(aim>>8))
		},
		op: opBinary,
	},
}

func nothing(byte, []byte) []byte { return nil }

// joinColyseus takes a seat in any room, over HTTP, and goes there. So its rooms
// fill one after the other, and ours are only counted.
func joinColyseus(ctx context.Context, url string, _ int) (*socket, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/matchmake/joinOrCreate/state", strings.NewReader("{}"))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var seat struct{ ProcessID, RoomID, SessionID string }
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&seat); err != nil {
		return nil, fmt.Errorf("matchmake: %s: %w", resp.Status, err)
	}
	return dialSocket(ctx, fmt.Sprintf("%s/%s/%s?sessionId=%s", url, seat.ProcessID, seat.RoomID, seat.SessionID), "", nil)
}

// tickInJSON reads the number that follows what a state begins with.
func tickInJSON(b []byte, begins string) (uint32, bool) {
	rest, ok := bytes.CutPrefix(b, []byte(begins))
	if !ok {
		return 0, false
	}
	digits, _, ok := bytes.Cut(rest, []byte(","))
	n, err := strconv.ParseUint(string(digits), 10, 32)
	return uint32(n), ok && err == nil
}
