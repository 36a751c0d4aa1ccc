package main

import (
	"math/rand/v2"
	"testing"

	"tickroom/net/wire"
)

func TestARandomCommandIsOneOfTheGames(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for _, m := range minds {
		g := m.game
		schema, err := wire.SchemaOf(g)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			command := randomOf(schema.Command, dice)
			frame, err := wire.Encode(wire.Command{N: 1, Data: command})
			if err != nil {
				t.Fatalf("%s: %+v: %v", g.Name, command, err)
			}
			if _, err := wire.DecodeClient(frame, g.CommandType()); err != nil {
				t.Errorf("%s: %+v, made by its schema, does not read as its command: %v", g.Name, command, err)
			}
		}
	}
}
