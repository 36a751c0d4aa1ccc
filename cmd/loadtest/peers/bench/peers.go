//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"tickroom/cmd/loadtest/program"
	"tickroom/game"
	"tickroom/game/swarm"
	"tickroom/net/wire"
)

// folder is where the peers' programs are, seen from the module's root.
const folder = "cmd/loadtest/peers"

// peer is a server to measure.
type peer struct {
	name, title string
	speak       string // loadtest's word for it
	ready       string // what it says, to begin with, when it listens
	binary      string // what must be built for it; "" is nothing
	command     func(port string) []string
}

// sources are what the binaries are made of: Go packages, and a file of C.
var sources = map[string]string{
	"loadtest": "./cmd/loadtest",
	"server":   "./cmd/server",
	"melody":   "./" + folder + "/melody",
	"limit":    folder + "/limit.c",
}

func (b *bench) peers() []peer {
	limit := func(way, title string) peer {
		return peer{name: way, title: title, speak: "plain", ready: "ready", binary: "limit", command: func(port string) []string {
			return []string{b.dir + "/limit", port, strconv.Itoa(b.rooms), strconv.Itoa(b.players), strconv.Itoa(stateBytes()), way}
		}}
	}
	return []peer{
		limit("uring", "C, io_uring (the limit)"),
		limit("write", "C, write(2)"),
		{name: "tickroom", title: "**tickroom**", speak: "tickroom", ready: "play at ", binary: "server", command: func(port string) []string {
			return []string{b.dir + "/server", "-listen", "127.0.0.1:" + port, "-database", "sqlite:" + filepath.Join(b.dir, port+".db"), "-log-level", "error"}
		}},
		{name: "melody", title: "Go, melody and nothing else", speak: "plain", ready: "ready", binary: "melody", command: func(port string) []string {
			return []string{b.dir + "/melody", "127.0.0.1:" + port}
		}},
		node("ws", "Node, ws, JSON"), node("socketio", "Socket.IO 4.8"), node("colyseus", "Colyseus 0.18"),
	}
}

func node(name, title string) peer {
	return peer{name: name, title: title, speak: name, ready: "ready", command: func(port string) []string {
		return []string{"node", filepath.Join(folder, "server-"+name+".mjs"), port}
	}}
}

// build makes what the peers need, and what measures; it says which of them are
// left. Without a C compiler the bare loop is not.
func (b *bench) build(ctx context.Context, peers []peer) ([]peer, error) {
	if _, err := exec.LookPath("cc"); err != nil {
		fmt.Fprintln(os.Stderr, "bench: there is no C compiler: the bare loop is left out, and no line says how far from it the others are")
		peers = slices.DeleteFunc(peers, func(p peer) bool { return p.binary == "limit" })
	}
	needed := map[string]bool{"loadtest": true}
	for _, p := range peers {
		needed[p.binary] = true
	}
	for name, source := range sources {
		if !needed[name] {
			continue
		}
		compile := []string{"go", "build"}
		if name == "limit" {
			compile = []string{"cc", "-O2"}
		}
		if err := program.Run(ctx, compile[0], compile[1], "-o", filepath.Join(b.dir, name), source); err != nil {
			return nil, err
		}
	}
	return peers, nil
}

// stateBytes is how long a state of the work is in our frames, whole: so much the
// bare loop sends as well.
func stateBytes() int {
	setup, err := swarm.Game.Setup(1, nil)
	if err != nil {
		panic(err) // it has no options
	}
	m, err := swarm.Game.Start(setup)
	if err != nil {
		panic(err)
	}
	for range 1000 {
		m.Step()
	}
	frame, err := wire.Encode(wire.Snapshot{Tick: m.Tick(), View: m.View(game.Watcher)})
	if err != nil {
		panic(err)
	}
	return len(frame)
}
