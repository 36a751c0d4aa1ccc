package main

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
)

// played is the setup and the log of a match that has not ended, of its journal:
// the room goes on with it in a process that stops.
func played(t testing.TB, st store.Store, id string) (game.Setup, game.Log) {
	t.Helper()
	l, err := st.Enlist(t.Context(), "a test", "", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := st.Claim(t.Context(), l, 10)
	if err != nil || len(rooms) != 1 || rooms[0].ID != id {
		t.Fatalf("claimed %v, %v; want the room %s: a server that stopped leaves it to others", rooms, err, id)
	}
	var head struct {
		Version, Seats int
		TickRate       int `json:"tick_rate"`
		Seed           uint64
		Options        map[string]int
		Key            []byte
	}
	if err := json.Unmarshal(rooms[0].Head, &head); err != nil {
		t.Fatal(err)
	}
	chunks, err := st.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var data [][]byte
	for _, c := range chunks {
		data = append(data, c.Data)
	}
	setup := game.Setup{Game: arena.Game.Name, Version: head.Version, Seats: head.Seats, TickRate: head.TickRate, Seed: head.Seed, Options: head.Options}
	var record room.Record
	r, err := room.RecoverFromStart(room.Config{
		ID: id, Game: arena.Game, Setup: setup, Key: head.Key,
		Keep: func(_ context.Context, r room.Record) error { record = r; return nil },
	}, data, func(string, string, wire.Outbox) (room.Link, func(*room.Member, uint32)) {
		return unheard{}, func(*room.Member, uint32) {}
	})
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := r.Run(stopped); err != nil {
		t.Fatal(err)
	}
	return setup, record.Log
}

// unheard is a link that nothing comes of.
type unheard struct{}

func (unheard) Begin(wire.Frame)             {}
func (unheard) Send(wire.Frame)              {}
func (unheard) Poll()                        {}
func (unheard) Snapshot(wire.Frame)          {}
func (unheard) Note(wire.Frame)              {}
func (unheard) Outbox() wire.Outbox          { return wire.Outbox{} }
func (unheard) Name() string                 { return "unheard" }
func (unheard) Close(wire.CloseCode, string) {}
