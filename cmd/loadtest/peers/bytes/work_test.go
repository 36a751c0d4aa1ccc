package main

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tickroom/game"
	"tickroom/game/swarm"
	"tickroom/store/postgres/pgtest"
)

// theirs plays swarm.mjs for a minute, with controls in every tick.
const theirs = `
import { Swarm } from './swarm.mjs'
const swarm = new Swarm()
for (let n = 0; n < 1200; n++) {
  for (let seat = 0; seat < 8; seat++) swarm.input(seat, { buttons: (n + seat) % 16, aim: (n * 17 + seat) % 628 })
  swarm.step()
}
console.log(JSON.stringify(swarm.things))
`

// If the peers did less, or other numbers, comparing bytes would mean nothing.
func TestThePeersDoTheSameWorkToTheNumber(t *testing.T) {
	path, err := exec.LookPath("node")
	if err != nil {
		if pgtest.Promised() {
			t.Fatal("node was promised and is not there: ", err)
		}
		t.Skip("needs node: ", err)
	}
	node := exec.CommandContext(t.Context(), path, "--input-type=module", "-e", theirs)
	node.Dir = ".."
	out, err := node.Output()
	if err != nil {
		t.Fatalf("swarm.mjs: %v", err)
	}
	var got []swarm.Thing
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	setup, err := swarm.Game.Setup(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := swarm.Game.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1200 {
		for seat := range swarm.Ships {
			if err := m.Apply(game.Seat(seat), swarm.Controls{Buttons: (n + seat) % 16, Aim: (n*17 + seat) % swarm.Turn}); err != nil {
				t.Fatal(err)
			}
		}
		m.Step()
	}
	if diff := cmp.Diff(m.View(game.Watcher).(swarm.View).Things, got); diff != "" {
		t.Errorf("after a minute the peers' things are others than game/swarm's: %s", diff)
	}
}
