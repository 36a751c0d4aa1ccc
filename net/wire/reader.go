package wire

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// reader takes msgpack values from bytes that nobody vouches for. It is
// written out here, not left to a library, because it must be strict and must
// not allocate on the word of a declared length: every length is held against
// the bytes that are left before anything is made of it. It reads what the
// protocol has: nil, bool, integers, str, bin and arrays; everything else (map,
// float, extension) is an error.
type reader struct {
	b    []byte // what is left
	size int    // of all
}

func newReader(b []byte) *reader { return &reader{b, len(b)} }

// Codes of the msgpack specification.
const (
	codeNil     = 0xc0
	codeFalse   = 0xc2
	codeTrue    = 0xc3
	codeBin8    = 0xc4
	codeUint8   = 0xcc
	codeInt8    = 0xd0
	codeStr8    = 0xd9
	codeArray16 = 0xdc

	fixNegative  = 0xe0 // and above: -32 to -1
	fixPositive  = 0x7f // and below: 0 to 127
	fixStr       = 0xa0 // low 5 bits are the length
	fixArray     = 0x90 // low 4 bits are the length
	fixStrBits   = 0x1f
	fixArrayBits = 0x0f
)

func (r *reader) fail(format string, args ...any) error {
	return fmt.Errorf("byte %d: %s", r.size-len(r.b), fmt.Sprintf(format, args...))
}

// want fails with what stands there instead.
func (r *reader) want(what string) error {
	if len(r.b) == 0 {
		return r.fail("the frame ends where %s should be", what)
	}
	return r.fail("want %s, found code %#02x", what, r.b[0])
}

// code is the next byte, not yet taken; at the end it is one that msgpack
// never uses, so that callers need not ask twice.
func (r *reader) code() byte {
	if len(r.b) == 0 {
		return 0xc1
	}
	return r.b[0]
}

func (r *reader) isArray() bool {
	c := r.code()
	return c&^fixArrayBits == fixArray || c == codeArray16 || c == codeArray16+1
}

// null takes a nil if there is one.
func (r *reader) null() bool {
	if r.code() != codeNil {
		return false
	}
	r.b = r.b[1:]
	return true
}

func (r *reader) bool() (bool, error) {
	c := r.code()
	if c != codeTrue && c != codeFalse {
		return false, r.want("a bool")
	}
	r.b = r.b[1:]
	return c == codeTrue, nil
}

// number takes the code and the big-endian number of n bytes that follows it.
func (r *reader) number(n int, what string) (uint64, error) {
	if len(r.b) < 1+n {
		return 0, r.fail("the frame ends within %s", what)
	}
	var wide [8]byte
	copy(wide[8-n:], r.b[1:1+n])
	r.b = r.b[1+n:]
	return binary.BigEndian.Uint64(wide[:]), nil
}

// integer takes an integer of any form; negative says that u is the two's
// complement of one below zero.
func (r *reader) integer() (u uint64, negative bool, err error) {
	c := r.code()
	switch {
	case c <= fixPositive || c >= fixNegative:
		r.b = r.b[1:]
		return uint64(int64(int8(c))), c >= fixNegative, nil
	case c >= codeUint8 && c < codeUint8+4:
		u, err = r.number(1<<(c-codeUint8), "an integer")
		return u, false, err
	case c >= codeInt8 && c < codeInt8+4:
		bits := 8 << (c - codeInt8)
		u, err = r.number(bits/8, "an integer")
		i := int64(u<<(64-bits)) >> (64 - bits)
		return uint64(i), i < 0, err
	}
	return 0, false, r.want("an integer")
}

func (r *reader) int() (int64, error) {
	u, negative, err := r.integer()
	if err == nil && !negative && u > 1<<63-1 {
		err = r.fail("%d does not fit 64 bits with a sign", u)
	}
	return int64(u), err
}

func (r *reader) uint() (uint64, error) {
	u, negative, err := r.integer()
	if err == nil && negative {
		err = r.fail("%d is negative", int64(u))
	}
	return u, err
}

func (r *reader) str() (string, error) {
	b, err := r.run(fixStr, fixStrBits, codeStr8, "a string")
	if err == nil && !utf8.Valid(b) {
		err = r.fail("a string is not UTF-8")
	}
	return string(b), err
}

// bin takes bytes, still part of the frame.
func (r *reader) bin() ([]byte, error) {
	return r.run(codeNil, 0, codeBin8, "bytes") // no short form: codeNil never gets here
}

// run takes a header with a length, in the short form or in the three forms
// from code on, and the bytes that it announces.
func (r *reader) run(fix, fixBits, code byte, what string) ([]byte, error) {
	c := r.code()
	var n uint64
	var err error
	switch {
	case fixBits != 0 && c&^fixBits == fix:
		n = uint64(c & fixBits)
		r.b = r.b[1:]
	case c >= code && c < code+3:
		n, err = r.number(1<<(c-code), "the length of "+what)
	default:
		err = r.want(what)
	}
	if err != nil {
		return nil, err
	}
	if n > uint64(len(r.b)) {
		return nil, r.fail("%s of %d bytes does not fit the %d left", what, n, len(r.b))
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b, nil
}

// list takes the head of an array whose elements take at least so many bytes each.
func (r *reader) list(least int) (int, error) {
	c := r.code()
	var n uint64
	var err error
	switch {
	case c&^fixArrayBits == fixArray:
		n = uint64(c & fixArrayBits)
		r.b = r.b[1:]
	case c == codeArray16 || c == codeArray16+1:
		n, err = r.number(2<<(c-codeArray16), "the length of an array")
	default:
		err = r.want("an array")
	}
	if err == nil && n > uint64(len(r.b)/least) {
		err = r.fail("an array of %d does not fit the %d bytes left", n, len(r.b))
	}
	return int(n), err
}

// arrayOf takes the head of an array of exactly n.
func (r *reader) arrayOf(n int) error {
	got, err := r.list(1)
	if err == nil && got != n {
		err = r.fail("want an array of %d, found one of %d", n, got)
	}
	return err
}

// end fails if anything is left.
func (r *reader) end() error {
	if len(r.b) > 0 {
		return r.fail("%d bytes too many", len(r.b))
	}
	return nil
}
