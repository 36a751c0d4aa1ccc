package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ear is a bot that only hears.
type ear struct {
	bot
	heard []string
}

func (e *ear) hear(op byte, payload []byte, bytes int, _ moment) error {
	e.heard = append(e.heard, fmt.Sprintf("%d %s %d", op, payload, bytes))
	return nil
}

// onto is a socket whose kernel takes so many bytes a call.
func onto(takes int, into *bytes.Buffer) (*socket, *ear) {
	e := &ear{}
	return &socket{owner: &booked{bot: e}, said: new(uint64), write: func(_ *socket, b []byte) (int, error) {
		return into.Write(b[:min(takes, len(b))])
	}}, e
}

func TestMessagesAreFoundHoweverTheyAreCut(t *testing.T) {
	long := strings.Repeat("x", 300)
	stream := []byte("\x81\x02hi" + "\x82\x7e\x01\x2c" + long + "\x88\x02\x03\xe8")
	want := []string{"1 hi 4", "2 " + long + " 304", "8 \x03\xe8 4"}
	for _, piece := range []int{1, 2, 3, 7, len(stream)} {
		s, e := onto(0, new(bytes.Buffer))
		for rest := stream; len(rest) > 0; {
			n := min(piece, len(rest))
			if err := s.heard(rest[:n], 0); err != nil {
				t.Fatalf("in pieces of %d: %v", piece, err)
			}
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, e.heard); diff != "" {
			t.Errorf("in pieces of %d, opcode, payload and size on the wire: %s", piece, diff)
		}
	}
}

func TestAMessageLongerThanAnyIsNotWaitedFor(t *testing.T) {
	s, _ := onto(0, new(bytes.Buffer))
	if err := s.heard([]byte("\x82\x7f\x00\x00\x00\x01\x00\x00\x00\x00"), 0); !errors.Is(err, errTooLong) {
		t.Errorf("4 GiB were announced, and the answer is %v", err)
	}
}

func TestAPingIsAnswered(t *testing.T) {
	var sent bytes.Buffer
	s, e := onto(1000, &sent)
	if err := s.heard([]byte("\x89\x02hi"), 0); err != nil {
		t.Fatal(err)
	}
	if want := "\x8a\x82\x00\x00\x00\x00hi"; sent.String() != want || len(e.heard) > 0 {
		t.Errorf("said %q, heard %q; want a pong with the ping's words, and nothing heard", sent.String(), e.heard)
	}
}

func TestWhatTheKernelDoesNotTakeGoesOutBeforeTheNext(t *testing.T) {
	var sent bytes.Buffer
	s, _ := onto(3, &sent)
	s.say(opText, []byte("first"))
	s.say(opText, []byte("second"))
	for range 10 {
		s.flush()
	}
	if want := "\x81\x85\x00\x00\x00\x00first" + "\x81\x86\x00\x00\x00\x00second"; sent.String() != want {
		t.Errorf("%q went out, want %q", sent.String(), want)
	}
	if *s.said != uint64(sent.Len()) {
		t.Errorf("%d bytes were counted of %d", *s.said, sent.Len())
	}
}

func TestAServerThatDoesNotReadIsNotWaitedFor(t *testing.T) {
	s, _ := onto(0, new(bytes.Buffer))
	dropped := false
	for range 2 * maxUnsent / 100 {
		dropped = dropped || !s.say(opBinary, make([]byte, 100))
	}
	if !dropped || len(s.out) > maxUnsent+200 {
		t.Errorf("%d bytes wait, want no more than about %d, and the rest dropped", len(s.out), maxUnsent)
	}
}

func TestBeatsAreEvenAndMissedOnesAreLeftOut(t *testing.T) {
	m := newMetronome(50*time.Millisecond, .5)
	var beats []int
	for _, at := range []int{3, 24, 25, 26, 74, 75, 290, 291, 324, 325} {
		if m.due(moment(at) * time.Millisecond) {
			beats = append(beats, at)
		}
	}
	if diff := cmp.Diff([]int{25, 75, 290, 325}, beats); diff != "" {
		t.Errorf("beats at 25 ms and every 50, one for all that were missed: %s", diff)
	}
}
