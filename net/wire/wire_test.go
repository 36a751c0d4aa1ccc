package wire_test

import (
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vmihailenco/msgpack/v5"

	"tickroom/game"
	"tickroom/net/wire"
)

func TestMessagesSurviveTheWire(t *testing.T) {
	for _, m := range vectorMessages(t, "client") {
		got, err := wire.DecodeClient(encode(t, m), allForms.CommandType())
		same(t, m, got, err, "what a client sends is what the server reads")
	}
	extremes := wire.Snapshot{View: view{Big: 1<<64 - 1, Small: -1 << 63}}
	for _, m := range append(vectorMessages(t, "server"), extremes) {
		got, err := wire.DecodeServer(encode(t, m), allForms)
		same(t, m, got, err, "what the server sends is what a client reads")
	}
}

func TestAnEncoderUsedAgainMakesFramesOfTheirOwn(t *testing.T) {
	var e wire.Encoder
	first, err := e.Encode(wire.Say{N: 1, Text: "first"})
	check(t, err, "the zero Encoder is ready")
	if _, err := e.Encode(wire.Say{N: 2, Text: "later"}); err != nil {
		t.Fatal(err)
	}
	got, err := wire.DecodeClient(first, nil)
	same(t, wire.Say{N: 1, Text: "first"}, got, err, "a frame is shared and must not change when its encoder goes on")
}

func TestWhatIsEmptyHasOneForm(t *testing.T) {
	sent := wire.Command{Data: command{Data: []byte{}, Path: []point{}}}
	got, err := wire.DecodeClient(encode(t, sent), allForms.CommandType())
	same(t, wire.Command{Data: command{}}, got, err, "rules shall not see whether a slice is empty or nil: a replay may differ there")
	frame := encode(t, wire.Command{Data: command{}})
	if strings.Count(string(frame), "\xc0") != 1 {
		t.Errorf("% x: only the absent pointer is nil: clients read lists and bytes without asking", frame)
	}
}

func TestFramesAreOrdinaryMsgpack(t *testing.T) {
	for _, m := range append(vectorMessages(t, "client"), vectorMessages(t, "server")...) {
		var plain []any
		if err := msgpack.Unmarshal(encode(t, m), &plain); err != nil {
			t.Errorf("%T: %v: any msgpack library must be able to read it", m, err)
		}
	}
}

func TestIntegersOfAnyFormAreRead(t *testing.T) {
	for name, frame := range map[string]string{
		"fixint": "\x92\x07\x07", "uint8": "\x92\xcc\x07\xcc\x07", "uint16": "\x92\x07\xcd\x00\x07",
		"uint32": "\x92\x07\xce\x00\x00\x00\x07", "uint64": "\x92\x07\xcf\x00\x00\x00\x00\x00\x00\x00\x07",
		"int8": "\x92\xd0\x07\xd0\x07", "int64": "\x92\x07\xd3\x00\x00\x00\x00\x00\x00\x00\x07",
		"array16": "\xdc\x00\x02\x07\x07", "array32": "\xdd\x00\x00\x00\x02\x07\x07",
	} {
		got, err := wire.DecodeClient([]byte(frame), nil)
		same(t, wire.Ack{Seen: 7}, got, err, "libraries choose forms of their own: "+name)
	}
}

func TestWhatIsNotAMessageIsRefused(t *testing.T) {
	for _, c := range []struct {
		why   string
		frame string
		code  wire.CloseCode
	}{
		{"nothing at all", "", wire.CloseProtocol},
		{"not an array", "\x05", wire.CloseProtocol},
		{"a map", "\x81\x01\x02", wire.CloseProtocol},
		{"text", "hello", wire.CloseProtocol},
		{"no kind", "\x90", wire.CloseProtocol},
		{"a kind of the server's", "\x94\x13\x01\xa0\xa0", wire.CloseProtocol},
		{"an unknown kind", "\x91\x0f", wire.CloseProtocol},
		{"a huge kind", "\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff", wire.CloseProtocol},
		{"a kind that is a float", "\x91\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00", wire.CloseProtocol},
		{"a field too few", "\x92\x04\x01", wire.CloseProtocol},
		{"a field too many", "\x93\x05\x01\x01", wire.CloseProtocol},
		{"trailing bytes", "\x92\x06\x01\x00", wire.CloseProtocol},
		{"cut short", "\x92\x05\xcf\x00", wire.CloseProtocol},
		{"a negative number where none may be", "\x92\x05\xff", wire.CloseProtocol},
		{"a ping beyond what JavaScript counts", "\x92\x05\xcf\x00\x20\x00\x00\x00\x00\x00\x01", wire.CloseProtocol},
		{"a number beyond 32 bits", "\x93\x04\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xa1a", wire.CloseProtocol},
		{"text that is not UTF-8", "\x93\x04\x01\xa1\xff", wire.CloseProtocol},
		{"bytes for text", "\x93\x04\x01\xc4\x01a", wire.CloseProtocol},
		{"a string of 4 GiB", "\x93\x04\x01\xdb\xff\xff\xff\xff", wire.CloseProtocol},
		{"an array of 4 G", "\xdd\xff\xff\xff\xff", wire.CloseProtocol},
		{"a command of another shape", "\x93\x02\x01\x91\x00", wire.CloseProtocol},
		{"a command that is nil", "\x93\x02\x01\xc0", wire.CloseProtocol},
		{"an int16 out of range", "\x93\x02\x01\x96\xcd\x80\x00\xc2\xc0\xa0\xc4\x00\x90", wire.CloseProtocol},
		{"a list that is nil", "\x93\x02\x01\x96\x00\xc2\xc0\xa0\xc4\x00\xc0", wire.CloseProtocol},
		{"a list of more than can follow", "\x93\x02\x01\x96\x00\xc2\xc0\xa0\xc4\x00\xdc\xff\xff", wire.CloseProtocol},
		{"nested without end", strings.Repeat("\x91", 8000), wire.CloseProtocol},
		{"a ticket beyond all tickets", "\x96\x01\xd9\xff" + strings.Repeat("x", 255) + "\xa0\xa0\x00\x01", wire.CloseTicket},
		{"a client's name beyond all names", "\x96\x01\xa0\xd9\xff" + strings.Repeat("x", 255) + "\xa0\x00\x01", wire.CloseProtocol},
		{"a link's name beyond all names", "\x96\x01\xa0\xa0\xd9\xff" + strings.Repeat("x", 255) + "\x00\x01", wire.CloseProtocol},
		{"hello without a link to go on with", "\x93\x01\xa0\xa0", wire.CloseProtocol},
		{"a replay faster than any", "\x94\x09\x01\xcd\x03\x21\x00", wire.CloseProtocol},
		{"a replay that goes backwards", "\x94\x09\x01\xff\x00", wire.CloseProtocol},
		{"a replay seen from below all seats", "\x94\x09\x01\x64\xfe", wire.CloseProtocol},
		{"leave without its number", "\x91\x06", wire.CloseProtocol},
		{"an acknowledgement of less than nothing", "\x92\x07\xff", wire.CloseProtocol},
		{"a frame above the limit", strings.Repeat("\x00", wire.MaxFrame+1), wire.CloseTooLarge},
	} {
		m, err := wire.DecodeClient([]byte(c.frame), allForms.CommandType())
		e, ok := errors.AsType[*wire.Error](err)
		if !ok || e.Code != c.code || m != nil {
			t.Errorf("%s: got %#v, %v; want an *Error with code %d", c.why, m, err, c.code)
		}
	}
}

func TestBeforeTheGameIsKnownOnlyWhatHasNoCommandIsRead(t *testing.T) {
	_, err := wire.DecodeClient(encode(t, wire.Command{N: 1, Data: someCommand}), nil)
	if err == nil {
		t.Error("a command before hello has no type to be read by")
	}
}

func TestWhatCannotBeSentIsAnError(t *testing.T) {
	for why, m := range map[string]wire.Message{
		"a float is not a whole number everywhere": wire.Snapshot{View: struct{ F float64 }{}},
		"a client could not read such a string":    wire.Chat{Text: "\xff"},
		"no view is no snapshot":                   wire.Snapshot{},
		"clients bound their frames":               wire.Event{Data: struct{ B []byte }{make([]byte, wire.MaxServerFrame)}},
	} {
		if f, err := wire.Encode(m); err == nil {
			t.Errorf("%T encoded to %d bytes, but %s", m, len(f), why)
		}
	}
}

// A few bytes that announce much must not make the server allocate it.
func TestDeclaredLengthsAllocateLittle(t *testing.T) {
	type wide struct{ A, B, C, D, E, F, G, H []string }
	hungry := define[struct {
		List []wide
		Grid [][]uint64
		Arr  [][64]uint64
		Opt  []*wide
	}, empty]("hungry")
	for _, tail := range []string{
		"\xdd\xff\xff\xff\xff", "\xdc\xff\xff", "\xdd\x00\x00\x1f\x00", "\xc6\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff",
	} {
		for depth := range 4 {
			frame := "\x93\x02\x01\x94" + strings.Repeat("\x90", depth) + tail
			bytes := allocated(func() { _, _ = wire.DecodeClient([]byte(frame), hungry.CommandType()) })
			if bytes > 16<<10 {
				t.Errorf("% x allocated %d bytes: a length counts for nothing before its bytes are there", frame, bytes)
			}
		}
	}
	full := "\x93\x02\x01\x94\xdc\x03\x00" + strings.Repeat("\x98\x90\x90\x90\x90\x90\x90\x90\x90", 768) + "\x90\x90\x90"
	bytes := allocated(func() {
		if _, err := wire.DecodeClient([]byte(full), hungry.CommandType()); err != nil {
			t.Error(err)
		}
	})
	if bytes > 64*wire.MaxFrame {
		t.Errorf("a frame of %d bytes allocated %d: what is allocated is bounded by what was sent", len(full), bytes)
	}
}

// allocated is how many bytes one call allocates.
func allocated(f func()) uint64 {
	f() // shapes are worked out once
	const times = 10
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / times
}

func schemaOf(t testing.TB, g *game.Game) wire.Schema {
	t.Helper()
	s, err := wire.SchemaOf(g)
	check(t, err, "the game's types can travel")
	return s
}

func encode(t testing.TB, m wire.Message) wire.Frame {
	t.Helper()
	f, err := wire.Encode(m)
	if err != nil {
		t.Fatalf("encode %#v: %v", m, err)
	}
	return f
}

func check(t testing.TB, err error, why string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v; but %s", err, why)
	}
}

func same(t testing.TB, want, got any, err error, why string) {
	t.Helper()
	if err != nil {
		t.Errorf("%T: %v; but %s", want, err, why)
		return
	}
	exported := cmp.Exporter(func(reflect.Type) bool { return true })
	if d := cmp.Diff(want, got, exported); d != "" {
		t.Errorf("%T differs (-want +got): %s\n%s", want, why, d)
	}
}
