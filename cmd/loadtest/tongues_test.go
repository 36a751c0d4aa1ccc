package main

import (
	"testing"
	"time"

	"tickroom/game/swarm"
	"tickroom/net/wire"
)

func TestAStateOfEachServerSaysItsTick(t *testing.T) {
	ours, err := wire.Encode(wire.Snapshot{Tick: 70_000, View: swarm.View{}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		op    byte
		state string
		want  uint32
	}{
		"plain":    {opBinary, string(ours), 70_000},
		"ws":       {opText, `{"type":"state","tick":902,"things":[{"id":1}]}`, 902},
		"socketio": {opText, `42["state",{"tick":902,"things":[{"id":1}]}]`, 902},
		"colyseus": {opBinary, "\x8f\x66\x00\x00\x00\x01\x00\x00\x00\x80\x86\x03\x00\x00\xff\x03", 902},
	} {
		if got, ok := tongues[name].state(c.op, []byte(c.state)); !ok || got != c.want {
			t.Errorf("%s: tick %d, %v; want %d", name, got, ok, c.want)
		}
	}
}

func TestWhatIsNoStateIsNone(t *testing.T) {
	for name, said := range map[string][]string{
		"plain":    {"", "\x93", "began 1", "\x93\x16\x01"},
		"ws":       {`{"type":"began","at":"5"}`, `{"type":"state","tick":x}`, `{"type":"state","tick":5`},
		"socketio": {"2", "40{}", `42["began","5"]`},
		"colyseus": {"\x0a", "\x0d\xa5began\xa15", "\x8f\x66"},
	} {
		for _, s := range said {
			if tick, ok := tongues[name].state(opBinary, []byte(s)); ok {
				t.Errorf("%s: %q was taken for the state of tick %d", name, s, tick)
			}
		}
	}
}

func TestEachServerSaysWhenItBegan(t *testing.T) {
	for _, said := range []string{
		"began 25112345678901", `{"type":"began","at":"25112345678901"}`, `42["began","25112345678901"]`, "\x0d\xa5began\xae25112345678901",
	} {
		if got, ok := beganAt([]byte(said)); !ok || got != 25112345678901*time.Nanosecond {
			t.Errorf("%q: %v, %v", said, got, ok)
		}
	}
	if _, ok := beganAt([]byte("it has begun at 7")); ok {
		t.Error("something else was taken for it")
	}
}
