package wire_test

import (
	"strings"
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

var fuzzed = []*game.Game{
	allForms,
	nothing,
	define[struct {
		A []struct{ B [][]int8 }
		C *struct{ D [2]*point }
	}, struct {
		E []*string
		F [4]byte
	}]("nested", empty{}),
}

// What decodes, encodes; and what that gives decodes to the same.
func FuzzDecodeClient(f *testing.F) {
	for _, m := range vectorMessages(f, "client") {
		f.Add([]byte(encode(f, m)))
	}
	for _, b := range []string{"", "\x91", "\x93\x02\x01\xdd\xff\xff\xff\xff", "\x93\x04\x01\xdb\xff\xff\xff\xff", "\x92\x05\xcb", strings.Repeat("\x91", 100)} {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		for _, g := range fuzzed {
			m, err := wire.DecodeClient(frame, g.CommandType())
			if err != nil {
				continue
			}
			again, err := wire.DecodeClient(encode(t, m), g.CommandType())
			same(t, m, again, err, "a message has one meaning")
		}
	})
}

func FuzzDecodeServer(f *testing.F) {
	for _, m := range vectorMessages(f, "server") {
		f.Add([]byte(encode(f, m)))
	}
	f.Add([]byte("\x9c\x10\xa0\xa0\x00\x00\x00\x00\x00\x93" + strings.Repeat("\x92\xa4list", 64)))
	f.Fuzz(func(t *testing.T, frame []byte) {
		for _, g := range fuzzed {
			m, err := wire.DecodeServer(frame, g)
			if err != nil {
				continue
			}
			again, err := wire.DecodeServer(encode(t, m), g)
			same(t, m, again, err, "a message has one meaning")
		}
	})
}

func FuzzDecodeLog(f *testing.F) {
	for _, log := range []game.Log{someLog, nil} {
		b, err := wire.EncodeLog(log, someMarks...)
		check(f, err, "a log can be kept")
		f.Add(b)
	}
	f.Add(zip("\x92\x01\xdd\xff\xff\xff\xff"))
	f.Add(zip("\x92\x01\x91\x93\x01\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, g := range fuzzed {
			log, err := wire.DecodeLog(g, b)
			if err != nil {
				continue
			}
			marks, err := wire.DecodeMarks(b)
			check(t, err, "where a log is read, its marks are")
			kept, err := wire.EncodeLog(log, marks...)
			check(t, err, "what was read can be kept")
			again, err := wire.DecodeLog(g, kept)
			same(t, log, again, err, "a log has one meaning")
			againMarks, err := wire.DecodeMarks(kept)
			same(t, marks, againMarks, err, "and so have marks")
		}
	})
}
