package wire_test

import (
	"testing"

	"tickroom/net/wire"
)

func TestBothSidesOfAViewHaveOneHash(t *testing.T) {
	for _, v := range vectors(t) {
		s, ok := v.message.(wire.Snapshot)
		if !ok {
			continue
		}
		frame := encode(t, s)
		tick, sent, ok := wire.ViewIn(frame)
		if !ok || tick != s.Tick {
			t.Errorf("%s: got tick %d, %t; a server remembers what it sent, by its tick", v.Name, tick, ok)
		}
		m, err := wire.DecodeServer(frame, allForms)
		check(t, err, "a snapshot can be read")
		had, err := wire.ViewHash(m.(wire.Snapshot).View)
		if err != nil || had != sent {
			t.Errorf("%s: hash %08x of what was read (%v), %08x of what was sent; a client that is right must never be told it is not", v.Name, had, err, sent)
		}
	}
}

func TestOneChangedNumberIsAnotherHash(t *testing.T) {
	changed := someView
	changed.Small++
	before, err := wire.ViewHash(someView)
	check(t, err, "a view that was sent can be compared")
	after, err := wire.ViewHash(changed)
	check(t, err, "and so can any other")
	if before == after {
		t.Errorf("both are %08x; a difference must show", before)
	}
}

func TestOnlySnapshotsHaveAView(t *testing.T) {
	for _, v := range vectors(t) {
		_, snapshot := v.message.(wire.Snapshot)
		if _, _, ok := wire.ViewIn(encode(t, v.message)); ok != snapshot {
			t.Errorf("%s: ViewIn says %t", v.Name, ok)
		}
	}
	for _, frame := range []string{"", "\x93", "\x93\x11", "\x93\x11\xce\x00", "\x11", "\x91\x11"} {
		if _, _, ok := wire.ViewIn(wire.Frame(frame)); ok {
			t.Errorf("% x is no snapshot", frame)
		}
	}
}

func TestWhatIsNoViewHasNoHash(t *testing.T) {
	if _, err := wire.ViewHash(nil); err == nil {
		t.Error("nothing has a hash; a client that has no view checks none")
	}
	if _, err := wire.ViewHash(map[string]int{}); err == nil {
		t.Error("a map has a hash, and no order")
	}
}

func BenchmarkViewIn(b *testing.B) {
	frame := wire.Frame(encode(b, wire.Snapshot{Tick: 901, View: someView}))
	frame = append(frame, make([]byte, 2048)...) // the rest is the view's: what it holds costs nothing here
	b.ReportAllocs()
	for b.Loop() {
		wire.ViewIn(frame)
	}
}
