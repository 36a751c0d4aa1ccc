package wire_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"

	"tickroom/net/wire"
)

func readProtocol(t *testing.T) string {
	b, err := os.ReadFile("PROTOCOL.md")
	check(t, err, "the document is part of the package")
	return string(b)
}

func TestTheDocumentsBytesAreTheVectors(t *testing.T) {
	examples := regexp.MustCompile("`((?:[0-9a-f]{2} )+[0-9a-f]{2})`").FindAllStringSubmatch(readProtocol(t), -1)
	all := readVectors(t)
	for _, e := range examples {
		bytes := strings.ReplaceAll(e[1], " ", "")
		if !slices.ContainsFunc(all, func(v vector) bool { return v.Hex == bytes }) {
			t.Errorf("%s is no vector: somebody would write a client from it", e[1])
		}
	}
	const kinds = 24 // of messages
	if len(examples) < kinds {
		t.Errorf("%d examples; want one of every message", len(examples))
	}
}

func TestTheDocumentsNumbersAreTheLimits(t *testing.T) {
	text := readProtocol(t)
	for _, want := range []string{
		fmt.Sprintf("| %d bytes | a frame from a client", wire.MaxFrame),
		fmt.Sprintf("| %d bytes | a frame from a server", wire.MaxServerFrame),
		fmt.Sprintf("| %d a second, %d at once | frames", wire.MaxFrameRate, wire.FrameBurst),
		fmt.Sprintf("| %d bytes a second, %d at once | bytes", wire.MaxByteRate, wire.ByteBurst),
		fmt.Sprintf("| %d bytes, %d frames |", wire.MaxQueue, wire.MaxQueueFrames),
		fmt.Sprintf("| %d bytes | a ticket", wire.MaxTicket),
		fmt.Sprintf("| %d bytes | a client's name", wire.MaxClient),
		fmt.Sprintf("| %d bytes | the name of a link", wire.MaxLink),
		fmt.Sprintf("| %d bytes | the name of a connection", wire.MaxConn),
		fmt.Sprintf("then up to %d bytes of frames", wire.MaxSay),
		fmt.Sprintf("none after %.0f s", wire.PollWait.Seconds()),
		fmt.Sprintf("After %.0f s without a rest, close %d", wire.MaxSlow.Seconds(), wire.CloseFlood),
		fmt.Sprintf("| %d bytes a second, %d at once | snapshots", wire.ViewRate, wire.ViewBurst),
		fmt.Sprintf("after %d messages, or\n%d bytes of their frames, or %.0f s since the first", wire.AckFrames, wire.AckBytes, wire.AckAfter.Seconds()),
		fmt.Sprintf("| %d characters | a line of chat", wire.MaxChat),
		fmt.Sprintf("| %d | the number of a ping", uint64(wire.MaxPing)),
		fmt.Sprintf("| %d | bytes of a ping's padding", wire.MaxPad),
		fmt.Sprintf("has %d bytes or more: %d bytes of padding do", wire.WakeBytes, wire.PadBytes),
		fmt.Sprintf("| %d | percent, the speed of a replay", wire.MaxSpeed),
		fmt.Sprintf("%d is where it stands", wire.Here),
		fmt.Sprintf("| %.0f s | for hello", wire.HelloTimeout.Seconds()),
		fmt.Sprintf("| %.0f s | between a client's pings", wire.PingEvery.Seconds()),
		fmt.Sprintf("| %d bytes | the `url` of moved", wire.MaxURL),
		fmt.Sprintf("The server remembers the last %d views", wire.ViewsKnown),
		fmt.Sprintf("| %.0f s | between a client's checks", wire.CheckEvery.Seconds()),
		fmt.Sprintf("| %.0f s | of silence", wire.DeadAfter.Seconds()),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document does not say %q", want)
		}
	}
}

func TestTheDocumentSaysWhoMayComeBack(t *testing.T) {
	text := readProtocol(t)
	for _, code := range []wire.CloseCode{
		wire.CloseGoingAway, wire.CloseSlow, wire.CloseDead, wire.CloseBusy, wire.CloseFlood, wire.CloseHello, wire.CloseReplaced, wire.CloseMoved,
		wire.CloseProtocol, wire.CloseTooLarge, wire.CloseTicket, wire.CloseTakenOver, wire.CloseLeft, wire.CloseOver, wire.CloseFailed,
	} {
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %d \|.*\| (yes|no) \|$`, code)).FindStringSubmatch(text)
		if row == nil || (row[1] == "yes") != code.ComeBack() {
			t.Errorf("code %d: the document says %q; ComeBack says %t", code, row, code.ComeBack())
		}
	}
}

func TestTheDocumentSaysWhatMustArrive(t *testing.T) {
	text := readProtocol(t)
	for _, m := range append(vectorMessages(t, "client"), vectorMessages(t, "server")...) {
		kind := kindOf(t, m)
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %d \| \w+ \| .*\x60 \| (must|newest|once|first|last) \|`, kind)).FindStringSubmatch(text)
		if row == nil || (row[1] == "must") != wire.MustArrive(m) {
			t.Errorf("%T: the document says %q; MustArrive says %t: who counts otherwise loses messages", m, row, wire.MustArrive(m))
		}
	}
}

// kindOf is the first element of a message's frame.
func kindOf(t *testing.T, m wire.Message) (kind int) {
	var plain []any
	check(t, msgpack.Unmarshal(encode(t, m), &plain), "a frame is ordinary msgpack")
	return int(plain[0].(int8))
}
