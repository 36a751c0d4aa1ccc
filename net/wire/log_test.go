package wire_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

var someLog = game.Log{
	{Tick: 1, Seat: 0, State: game.Held},
	{Tick: 1, Seat: 0, State: game.Taken},
	{Tick: 2, Seat: 0, Command: someCommand},
	{Tick: 2, Seat: 1, State: game.Open},
	{Tick: 900, Seat: 3, Command: command{}},
	{Tick: 1<<32 - 1, Seat: 1023, State: game.GivenUp},
}

var someMarks = []game.Mark{{Tick: 0, Hash: 0}, {Tick: 300, Hash: 1<<64 - 1}, {Tick: 1<<32 - 1, Hash: 7}}

func TestLogsSurviveKeeping(t *testing.T) {
	for _, log := range []game.Log{someLog, nil} {
		b, err := wire.EncodeLog(log)
		check(t, err, "a log can be kept")
		got, err := wire.DecodeLog(allForms, b)
		same(t, log, got, err, "a match is played again from its log")
	}
}

// Matches that were kept before there were marks can be played for ever.
func TestALogOfTheFirstFormatIsRead(t *testing.T) {
	got, err := wire.DecodeLog(allForms, zip("\x92\x01\x91\x93\x05\x02\x01"))
	same(t, game.Log{{Tick: 5, Seat: 2, State: game.Held}}, got, err, "what was kept is not forgotten")
	marks, err := wire.DecodeMarks(zip("\x92\x01\x91\x93\x05\x02\x01"))
	same(t, []game.Mark(nil), marks, err, "it has none")
}

func TestMarksSurviveKeeping(t *testing.T) {
	for _, want := range [][]game.Mark{someMarks, nil} {
		b, err := wire.EncodeLog(someLog, want...)
		check(t, err, "a log can be kept with its marks")
		marks, err := wire.DecodeMarks(b)
		same(t, want, marks, err, "a difference is found by them")
		log, err := wire.DecodeLog(allForms, b)
		same(t, someLog, log, err, "the log stands beside them")
	}
	if _, err := wire.EncodeLog(nil, game.Mark{Tick: 2}, game.Mark{Tick: 1}); err == nil {
		t.Error("marks out of order were kept: they would be read as others")
	}
}

func TestTheSameLogGivesTheSameBytes(t *testing.T) {
	first, err := wire.EncodeLog(someLog)
	check(t, err, "a log can be kept")
	second, err := wire.EncodeLog(someLog)
	check(t, err, "a log can be kept")
	if !bytes.Equal(first, second) {
		t.Error("two servers that keep one match must agree on its bytes")
	}
}

func TestALogOutOfOrderIsNotKept(t *testing.T) {
	if _, err := wire.EncodeLog(game.Log{{Tick: 2}, {Tick: 1}}); err == nil {
		t.Error("time does not go back in a match: such a log would play differently")
	}
}

func TestBrokenLogsAreRefused(t *testing.T) {
	whole, err := wire.EncodeLog(someLog)
	check(t, err, "a log can be kept")
	bomb := zip("\x92\x01\xc6") // parts of one gzip stream may follow each other
	for part := zip(strings.Repeat("\x00", 1<<20)); len(bomb) < 65*len(part); {
		bomb = append(bomb, part...)
	}
	for why, b := range map[string][]byte{
		"nothing":             nil,
		"not gzip":            []byte("\x92\x01\x90"),
		"cut short":           whole[:len(whole)-9],
		"of another format":   zip("\x93\x03\x90\x90"),
		"1 with marks":        zip("\x93\x01\x90\x90"),
		"2 without":           zip("\x92\x02\x90"),
		"a mark too late":     zip("\x93\x02\x92\x92\xce\xff\xff\xff\xff\x00\x92\x01\x00\x90"),
		"a mark of a hash":    zip("\x93\x02\x91\x91\x01\x90"),
		"a huge count of it":  zip("\x93\x02\xdd\xff\xff\xff\xff\x90"),
		"trailing bytes":      zip("\x92\x01\x90\x00"),
		"a huge count":        zip("\x92\x01\xdd\xff\xff\xff\xff"),
		"a seat beyond all":   zip("\x92\x01\x91\x93\x01\xcd\x04\x00\x01"),
		"a seat below all":    zip("\x92\x01\x91\x93\x01\xff\x01"),
		"a state beyond all":  zip("\x92\x01\x91\x93\x01\x00\x04"),
		"a tick too late":     zip("\x92\x01\x92\x93\xce\xff\xff\xff\xff\x00\x01\x93\x01\x00\x01"),
		"a command of others": zip("\x92\x01\x91\x93\x01\x00\x91\x01"),
		"bigger than any":     bomb,
	} {
		if log, err := wire.DecodeLog(allForms, b); err == nil {
			t.Errorf("%s: decoded to %d entries; want an error", why, len(log))
		}
	}
}

func zip(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s)) // into memory
	_ = z.Close()
	return b.Bytes()
}
