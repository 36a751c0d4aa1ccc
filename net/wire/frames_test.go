package wire_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"

	"tickroom/net/wire"
)

func TestFramesFollowOneAnother(t *testing.T) {
	want := []wire.Frame{{}, {1}, bytes.Repeat([]byte{2}, 127), bytes.Repeat([]byte{3}, 128), bytes.Repeat([]byte{4}, 40_000)}
	var body []byte
	for _, f := range want {
		body = wire.AppendFrame(body, f)
	}
	r := bufio.NewReader(bytes.NewReader(body))
	for i, f := range want {
		got, err := wire.ReadFrame(r, 40_000)
		if err != nil || !bytes.Equal(got, f) {
			t.Errorf("frame %d: got %d bytes, %v; want %d", i, len(got), err, len(f))
		}
	}
	if _, err := wire.ReadFrame(r, 40_000); !errors.Is(err, io.EOF) {
		t.Errorf("after the last: %v; want io.EOF, the end between frames", err)
	}
}

func TestAFrameThatIsNotWholeIsNone(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		want error
	}{
		"cut in its bytes":         {[]byte{5, 1, 2}, io.ErrUnexpectedEOF},
		"cut before its bytes":     {[]byte{5}, io.ErrUnexpectedEOF},
		"cut in its length":        {[]byte{0x80}, io.ErrUnexpectedEOF},
		"a length without an end":  {bytes.Repeat([]byte{0xff}, 11), nil},
		"longer than is read":      {[]byte{0xff, 0x7f}, nil},
		"a length of a terrabyte":  {[]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x20}, nil},
		"a length that says less ": {[]byte{0x81, 0x00}, io.ErrUnexpectedEOF},
	} {
		f, err := wire.ReadFrame(bufio.NewReader(bytes.NewReader(c.body)), 1000)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got %d bytes, %v; want %v", name, len(f), err, c.want)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0}, 10)
	f.Add([]byte{3, 1, 2, 3, 1, 9}, 10)
	f.Add([]byte{0xff, 0xff, 0x7f}, 1<<20)
	f.Fuzz(func(t *testing.T, body []byte, most int) {
		most = max(0, min(most, 1<<20))
		r := bufio.NewReader(bytes.NewReader(body))
		var again []byte
		for {
			frame, err := wire.ReadFrame(r, most)
			if err != nil {
				break
			}
			if len(frame) > most {
				t.Fatalf("a frame of %d bytes, and %d are the most", len(frame), most)
			}
			again = wire.AppendFrame(again, frame)
		}
		if len(again) > len(body) {
			t.Fatalf("%d bytes of frames were read from %d", len(again), len(body))
		}
	})
}
