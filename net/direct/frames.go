package direct

import (
	"encoding/binary"
	"sync"
	"time"
)

// What RFC 6455, section 5.2, has in the first two bytes of a frame.
const (
	final, binaryFrame   = 0x80, 0x02
	opcodes, isControl   = 0x0f, 0x08
	masked, lengths      = 0x80, 0x7f
	length16, length64   = 126, 127
	maskSize, leastBytes = 4, 2
)

// header is the beginning of a frame.
type header struct {
	first  byte
	masked bool
	size   int // of itself, with the mask
	length int // of the payload
}

// headerOf reads a header; false means that not all of it is there.
func headerOf(b []byte) (h header, ok bool) {
	if len(b) < leastBytes {
		return h, false
	}
	h = header{first: b[0], masked: b[1]&masked != 0, size: leastBytes, length: int(b[1] & lengths)}
	long := 0
	switch h.length {
	case length16:
		long = 2
	case length64:
		long = 8
	}
	h.size += long
	if h.masked {
		h.size += maskSize
	}
	if len(b) < h.size {
		return h, false
	}
	switch long {
	case 2:
		h.length = int(binary.BigEndian.Uint16(b[leastBytes:]))
	case 8: // one that is absurd is the library's to refuse
		h.length = int(min(binary.BigEndian.Uint64(b[leastBytes:]), 1<<40))
	}
	return h, true
}

// small says whether a frame is a whole binary message that is not large.
func (h header) small() bool {
	return h.first == final|binaryFrame && h.masked && h.length <= maxSmall
}

// pull reads and does what has come. all goes on until there is no more: a
// goroutine that is to be woken by the next byte must have read the last one.
func (c *Conn) pull(all bool) error {
	buf := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buf)
	n := copy(buf[:], c.rest)
	n = copy(buf[:], c.handle(buf[:n]))
	for !c.lent && c.mayRead() {
		got, err := c.TryRead(buf[n:])
		if err != nil {
			c.keep(buf[:n])
			return err
		}
		drained := n+got < len(buf)
		n = copy(buf[:], c.handle(buf[:n+got]))
		if drained && !all {
			break
		}
	}
	c.keep(buf[:n])
	return nil
}

func (c *Conn) keep(b []byte) {
	if len(b) == 0 {
		c.rest = nil
		return
	}
	c.rest = append(c.rest[:0], b...)
}

// handle does the frames that are whole, and gives back what is left: less than
// one, or what is behind one that the library has.
func (c *Conn) handle(b []byte) []byte {
	for !c.lent && (c.until.IsZero() || c.mayRead()) {
		h, ok := headerOf(b)
		switch {
		case !ok:
			return b
		case c.split || !h.small():
			b = c.lend(h, b)
		case len(b) < h.size+h.length:
			return b
		default:
			payload := b[h.size : h.size+h.length]
			unmask(payload, [maskSize]byte(b[h.size-maskSize:]))
			c.until = after(c.handler.Message(payload))
			b = b[h.size+h.length:]
		}
	}
	return b
}

// after is the time when a rest is over; zero for none.
func after(rest time.Duration) time.Time {
	if rest <= 0 {
		return time.Time{}
	}
	return time.Now().Add(rest)
}

// lend gives a frame to the library, as far as it has come.
func (c *Conn) lend(h header, b []byte) (behind []byte) {
	whole := h.size + h.length
	here := min(whole, len(b))
	c.aside = append(c.aside[:0], b[:here]...)
	c.owed, c.lent = whole-here, true
	if c.owed > 0 && c.hushed { // what is left may be little
		c.hushed = c.Hush(1) != nil
	}
	if h.first&isControl == 0 { // control frames may come between the parts of a message
		c.split = h.first&final == 0
	}
	return b[here:]
}

// unmask takes the client's mask off, in place.
func unmask(b []byte, key [maskSize]byte) {
	k := binary.LittleEndian.Uint32(key[:])
	kk := uint64(k)<<32 | uint64(k)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^kk)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
}

// appendFrame appends a whole binary message of a server.
func appendFrame(b, payload []byte) []byte {
	b = append(b, final|binaryFrame)
	switch n := len(payload); {
	case n < length16:
		b = append(b, byte(n))
	case n <= 1<<16-1:
		b = binary.BigEndian.AppendUint16(append(b, length16), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, length64), uint64(n))
	}
	return append(b, payload...)
}

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}
