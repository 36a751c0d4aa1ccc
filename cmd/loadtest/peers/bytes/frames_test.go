package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	asked    = "GET /v1/play HTTP/1.1\r\nHost: here\r\nUpgrade: WebSocket\r\n\r\n"
	upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
)

func TestFramesAreFoundHoweverTheyAreCut(t *testing.T) {
	long := strings.Repeat("x", 300)
	stream := upgraded + "\x81\x02hi" + "\x82\x7e\x01\x2c" + long + "\x89\x00"
	want := []string{"1 hi 4", "2 " + long + " 304", "9  2"}
	for _, piece := range []int{1, 2, 3, 7, len(stream)} {
		if diff := cmp.Diff(want, framesOf(true, stream, piece)); diff != "" {
			t.Errorf("in pieces of %d, opcode, payload and size on the wire: %s", piece, diff)
		}
	}
}

func TestWhatAClientMaskedIsRead(t *testing.T) {
	got := framesOf(false, asked+"\x81\x85\x01\x02\x03\x04"+"i\x67\x6f\x68n", 5)
	if diff := cmp.Diff([]string{"1 hello 11"}, got); diff != "" {
		t.Errorf("opcode, payload and size, of which the mask is 4: %s", diff)
	}
}

func TestWhatIsNotUpgradedHasNoFrames(t *testing.T) {
	if got := framesOf(true, "HTTP/1.1 200 OK\r\n\r\n\x81\x02hi", 9); len(got) > 0 {
		t.Errorf("%v were found in the answer to an ordinary request", got)
	}
}

func framesOf(down bool, stream string, piece int) (found []string) {
	f := &frames{down: down, each: func(f frame) { found = append(found, fmt.Sprintf("%d %s %d", f.opcode, f.payload, f.size)) }}
	for b := []byte(stream); len(b) > 0; {
		n := min(piece, len(b))
		f.pass(b[:n])
		b = b[n:]
	}
	return found
}

func TestEachKindKnowsWhatAFrameIsFor(t *testing.T) {
	text, binary := byte(opText), byte(opBinary)
	for name, c := range map[string]struct {
		kind    kind
		job     string
		opcode  byte
		payload string
		want    class
	}{
		"raw, a message":                 {rawKind, "state", text, `{"type":"state"}`, message},
		"raw, WebSocket's own ping":      {rawKind, "state", opPing, "", beat},
		"socket.io, an event":            {socketioKind, "state", text, `42["state",{}]`, message},
		"socket.io, an event with bytes": {socketioKind, "event", text, `451-["shot",{}]`, message},
		"socket.io, those bytes":         {socketioKind, "event", binary, "abc", part},
		"socket.io, an acknowledgement":  {socketioKind, "event", text, "430[]", ack},
		"socket.io, a heartbeat":         {socketioKind, "event", text, "2", beat},
		"socket.io, joining":             {socketioKind, "event", text, `40{"sid":"x"}`, setup},
		"colyseus, a patch":              {colyseusKind, "state", binary, "\x0f...", message},
		"colyseus, all of the state":     {colyseusKind, "state", binary, "\x0e...", setup},
		"colyseus, WebSocket's own pong": {colyseusKind, "state", opPong, "", beat},
		"ours, an event":                 {tickroomKind, "event", binary, "\x94\x12", message},
		"ours, a view":                   {tickroomKind, "state", binary, "\x93\x11", message},
		"ours, relay's view of nothing":  {tickroomKind, "event", binary, "\x93\x11", beat},
		"ours, a reply":                  {tickroomKind, "event", binary, "\x94\x13", ack},
		"ours, an acknowledgement":       {tickroomKind, "event", binary, "\x92\x07", ack},
		"ours, a ping":                   {tickroomKind, "event", binary, "\x92\x05", beat},
		"ours, a welcome":                {tickroomKind, "event", binary, "\x9a\x10", setup},
	} {
		if got := c.kind(c.job, frame{opcode: c.opcode, payload: []byte(c.payload)}); got != c.want {
			t.Errorf("%s: class %d, want %d", name, got, c.want)
		}
	}
}

func TestThePipePassesOnAndCountsFromItsBeginning(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	p, err := openPipe(server.Listener.Addr().String(), rawKind, "event")
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	c, err := net.Dial("tcp", p.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	say := func(b, want string) {
		t.Helper()
		if _, err := c.Write([]byte(b)); err != nil {
			t.Fatal(err)
		}
		for got := []byte{}; !bytes.HasSuffix(got, []byte(want)); {
			one := make([]byte, 1)
			if _, err := c.Read(one); err != nil {
				t.Fatalf("%v after %q", err, got)
			}
			got = append(got, one...)
		}
	}
	say(asked, "\r\n\r\n")
	say("\x81\x80\x00\x00\x00\x00", "\x81\x02ok")
	p.begin()
	say("\x81\x80\x00\x00\x00\x00", "\x81\x02ok")
	got := p.counted()
	if got.up.messages != 1 || got.up.bytes[message] != 6 || got.down.messages != 1 || got.down.bytes[message] != 4 {
		t.Errorf("counted %+v, want one message of 6 bytes up and one of 4 down: those from before do not count", got)
	}
}

// echo upgrades, and answers each frame of 6 bytes with one of 4.
func echo(w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	_, _ = c.Write([]byte(upgraded))
	for frame := make([]byte, 6); ; {
		if _, err := c.Read(frame); err != nil {
			return
		}
		_, _ = c.Write([]byte("\x81\x02ok"))
	}
}
