package main

import "bytes"

// frames cuts one direction of a connection into WebSocket frames. It is given
// bytes as they pass, in pieces of any size.
//
//	head --a blank line, of an upgrade--> frames
//	     --of anything else-------------> rest
type frames struct {
	down  bool // from the server
	each  func(frame)
	state int
	kept  []byte // not yet enough for a head or a frame
}

const (
	inHead = iota
	inFrames
	inRest
)

// frame is one WebSocket frame. Compressed ones would not be readable: none of
// those measured compresses unless told to.
type frame struct {
	opcode  byte
	payload []byte // unmasked
	size    int    // on the wire, with header and mask
}

// Opcodes of RFC 6455.
const (
	opText   = 1
	opBinary = 2
	opPing   = 9
	opPong   = 10
)

func (f *frames) pass(b []byte) {
	if f.state == inRest {
		return
	}
	f.kept = append(f.kept, b...)
	if f.state == inHead {
		f.head()
	}
	for f.state == inFrames {
		next, n := cut(f.kept)
		if n == 0 {
			return
		}
		f.kept = f.kept[n:]
		f.each(next)
	}
}

// head reads the HTTP part: only an upgrade is followed by frames.
func (f *frames) head() {
	head, rest, whole := bytes.Cut(f.kept, []byte("\r\n\r\n"))
	if !whole {
		return
	}
	upgrade := bytes.Contains(bytes.ToLower(head), []byte("upgrade: websocket"))
	if f.down {
		upgrade = bytes.HasPrefix(head, []byte("HTTP/1.1 101"))
	}
	f.state, f.kept = inRest, nil
	if upgrade {
		f.state, f.kept = inFrames, rest
	}
}

// cut takes the first frame off the bytes; n is 0 when it is not all there.
func cut(b []byte) (f frame, n int) {
	if len(b) < 2 {
		return f, 0
	}
	size, at := uint64(b[1]&0x7f), 2
	switch extended := map[uint64]int{126: 2, 127: 8}[size]; {
	case len(b) < at+extended:
		return f, 0
	case extended > 0:
		size = 0
		for _, digit := range b[at : at+extended] {
			size = size<<8 | uint64(digit)
		}
		at += extended
	}
	var mask []byte
	if b[1]&0x80 != 0 {
		if len(b) < at+4 {
			return f, 0
		}
		mask = b[at : at+4]
		at += 4
	}
	if uint64(len(b)-at) < size {
		return f, 0
	}
	payload := bytes.Clone(b[at : at+int(size)])
	for i := range mask {
		for j := i; j < len(payload); j += 4 {
			payload[j] ^= mask[i]
		}
	}
	n = at + int(size)
	return frame{opcode: b[0] & 0x0f, payload: payload, size: n}, n
}
