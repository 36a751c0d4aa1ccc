package wire_test

import (
	"testing"

	"tickroom/net/wire"
)

// A view of 24 things with 7 numbers each, as a shooter's.
func BenchmarkEncodeSnapshot(b *testing.B) {
	type thing struct {
		Seat, Flags, Health uint8
		X, Y, Aim           uint16
		Born                uint32
	}
	view := struct{ Things []thing }{make([]thing, 24)}
	for i := range view.Things {
		view.Things[i] = thing{uint8(i), 1, 100, uint16(i * 2000), uint16(60000 - i), uint16(i * 77), uint32(i * 99999)}
	}
	var e wire.Encoder
	for b.Loop() {
		if _, err := e.Encode(wire.Snapshot{Tick: 900, View: view}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeInput(b *testing.B) {
	frame := encode(b, wire.Input{Tick: 900, Data: command{AimX: 300, Fire: true}})
	for b.Loop() {
		if _, err := wire.DecodeClient(frame, allForms.CommandType()); err != nil {
			b.Fatal(err)
		}
	}
}
