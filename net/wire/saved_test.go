package wire_test

import (
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

// saver is rules whose saved state has every form.
type saver struct{ rules[command, view] }

func (saver) Save() view   { return someView }
func (saver) Restore(view) {}

var saves = game.DefineSaved(game.Info{Name: "saves", Seats: 4, TickRate: 30}, func(*game.Turn) saver { return saver{} })

var someSaved = wire.SavedMatch{
	Tick: 1<<32 - 1, Seats: []game.SeatState{game.Open, game.Held, game.Taken, game.GivenUp},
	Dice: []byte("pcg:"), Logged: 7, Hash: 1<<64 - 1, State: someView,
}

func someRoom(t testing.TB) wire.SavedRoom {
	return wire.SavedRoom{
		Chunk: 3, Tick: 1 << 40, Began: 5, Issued: 9, Shut: []game.Seat{0, 3},
		Members: []wire.SavedMember{
			{Number: 1, ID: "a", Name: "Änn", Seat: 2, State: game.Held, Until: 77, Came: true, Here: true, Spent: 1, Since: 2,
				Link: &wire.SavedLink{Name: "l", Received: 4, Acked: 5, Behind: true, Kept: []uint32{1, 0}}},
			{Number: 9, Seat: game.Watcher, Left: true},
		},
		Played: []uint32{1}, Spoken: []uint32{0}, Frames: []wire.Frame{{0x90}, {0x91, 1}},
		Hash: 6, Match: encode(t, someSaved),
	}
}

func TestSavedRoomsSurviveKeeping(t *testing.T) {
	want := someRoom(t)
	chunk, err := wire.AppendEntry(nil, wire.Through{Tick: 3})
	check(t, err, "an entry can be kept")
	chunk, err = wire.AppendEntry(chunk, want)
	check(t, err, "a saved room can be kept")
	entries, err := wire.DecodeChunk(saves, chunk)
	same(t, []wire.Message{wire.Through{Tick: 3}, want}, entries, err, "a room is recovered from it")
	saved, err := wire.DecodeSaved(saves, want.Match)
	same(t, game.Saved(someSaved), saved, err, "and so is its match")
}

func TestASavedMatchOfAnotherKindIsAnError(t *testing.T) {
	for why, frame := range map[string]wire.Frame{
		"nothing":          nil,
		"another message":  encode(t, wire.Through{Tick: 1}),
		"another's state":  encode(t, wire.SavedMatch{State: empty{}}),
		"one byte missing": encode(t, someSaved)[:20],
	} {
		if _, err := wire.DecodeSaved(saves, frame); err == nil {
			t.Errorf("%s was read as a saved match", why)
		}
	}
	if _, err := wire.DecodeSaved(allForms, encode(t, someSaved)); err == nil {
		t.Error("a saved match was read of a game that saves nothing")
	}
}

// A journal may be broken; reading it must not break more.
func FuzzDecodeChunk(f *testing.F) {
	var chunk []byte
	for _, m := range []wire.Message{
		wire.Through{Tick: 1}, wire.Took{ID: "a", Name: "b"}, wire.Joined{Who: 1, Link: "l"}, wire.Did{Who: 1, N: 1, Data: someCommand},
		wire.Steered{Who: 1, Data: command{}}, someRoom(f), someSaved,
	} {
		var err error
		chunk, err = wire.AppendEntry(chunk, m)
		check(f, err, "an entry can be kept")
		f.Add(chunk)
	}
	f.Fuzz(func(t *testing.T, chunk []byte) {
		entries, err := wire.DecodeChunk(saves, chunk)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			if s, ok := e.(wire.SavedMatch); ok && s.State == nil {
				t.Fatal("a saved match without its state")
			}
			if again, err = wire.AppendEntry(again, e); err != nil {
				t.Fatal(err)
			}
		}
		read, err := wire.DecodeChunk(saves, again)
		same(t, entries, read, err, "what happened has one meaning")
	})
}
