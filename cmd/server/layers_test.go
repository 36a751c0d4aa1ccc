package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers, from the bottom: a package imports only from layers below its own.
var layers = [][]string{
	{"game", "game/room/alarm", "store", "migrations", "web", "net/cable", "cmd/loadtest/program"},
	{"net/wire", "store/internal/sqlstore", "game/arena", "game/battleship", "game/relay", "game/swarm"},
	{"game/gametest", "game/replay", "game/room", "net/direct", "net/link", "net/origin", "store/journal", "store/postgres", "store/sqlite", "store/storetest", "web/types"},
	{"net/direct/directtest", "store/postgres/pgtest", "lobby", "net/ws", "net/poll", "net/client"},
	{"cmd/server", "cmd/loadtest", "cmd/loadtest/profile", "cmd/loadtest/peers/bench", "cmd/loadtest/peers/bytes", "cmd/loadtest/peers/melody"},
}

// home says where a third-party package may appear: in one place, or in the few
// that share a reason.
var home = map[string][]string{
	"github.com/vmihailenco/msgpack/v5":   {"net/wire"},
	"github.com/olahol/melody":            {"net/ws", "cmd/loadtest/peers/melody"}, // and alone, to compare with
	"github.com/gorilla/websocket":        {"net/ws", "net/client"},                // both ends of a socket
	"github.com/danielgtaylor/huma/v2":    {"lobby"},
	"github.com/go-chi/cors":              {"lobby"},
	"github.com/go-chi/httprate":          {"lobby"},
	"github.com/golang-jwt/jwt/v5":        {"lobby"},
	"github.com/go-chi/chi/v5":            {"lobby", "cmd/server"}, // and where it is mounted
	"github.com/prometheus/client_golang": {"cmd/server"},
	"github.com/lmittmann/tint":           {"cmd/server"},
	"github.com/jackc/pgx/v5":             {"store/internal/sqlstore", "store/postgres", "store/postgres/pgtest", "migrations"},
	"modernc.org/sqlite":                  {"store/sqlite"},
	"github.com/pressly/goose/v3":         {"migrations"},
	"github.com/evanw/esbuild":            {"web"},
	"golang.org/x/sys":                    {"game/room/alarm"},
	"golang.org/x/time":                   {"net/link"},
	"github.com/google/go-cmp":            {"store/storetest"},
	"pgregory.net/rapid":                  {"store/storetest"},
	"github.com/google/uuid":              {"game/room", "lobby", "cmd/server"},
}

// impure is what rules may not know, in package game and in every game: time,
// chance of its own, files, sockets, goroutines' tools.
var impure = []string{"time", "sync", "context", "os", "net", "log", "log/slog", "math/rand", "encoding/json", "runtime", "unsafe"}

func TestImportsGoDownOnly(t *testing.T) {
	layerOf := map[string]int{}
	for n, names := range layers {
		for _, name := range names {
			layerOf[name] = n
		}
	}
	for _, p := range packages(t) {
		own, ok := layerOf[p.name]
		if !ok {
			t.Errorf("%s has no layer: give it one", p.name)
		}
		for _, imported := range p.imports {
			ours, isOurs := strings.CutPrefix(imported, "tickroom/")
			if isOurs && layerOf[ours] >= own {
				t.Errorf("%s (layer %d) imports %s (layer %d): imports go down only", p.name, own, ours, layerOf[ours])
			}
			if !isOurs && strings.Contains(strings.Split(imported, "/")[0], ".") {
				checkHome(t, p.name, imported)
			}
		}
	}
}

func checkHome(t *testing.T, name, imported string) {
	t.Helper()
	for module, homes := range home {
		if imported == module || strings.HasPrefix(imported, module+"/") {
			if !slices.Contains(homes, name) {
				t.Errorf("%s imports %s, which lives in %v", name, imported, homes)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which has no home: name it", name, imported)
}

func TestRulesKnowNothingOfTheWorld(t *testing.T) {
	for _, p := range packages(t) {
		if p.name != "game" && !slices.Contains(layers[1], p.name) || !strings.HasPrefix(p.name, "game") {
			continue
		}
		for _, imported := range p.imports {
			if slices.Contains(impure, imported) || strings.HasPrefix(imported, "net/") {
				t.Errorf("%s imports %s: rules are pure", p.name, imported)
			}
		}
	}
}

type pkg struct {
	name    string // without the module
	imports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "tickroom/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var found []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, pkg{strings.TrimPrefix(p.ImportPath, "tickroom/"), p.Imports})
	}
}
