package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write web/games/*/types.ts anew")

// What a renderer believes of its game is what the game's Go types say.
func TestTypesOfEveryGameAreThoseItsRendererImports(t *testing.T) {
	for _, g := range catalog {
		if g.Unlisted {
			continue // nobody draws it
		}
		file := filepath.Join("../../web/games", g.Name, "types.ts")
		want, err := command(t, nil, "types", g.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Error(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(got), "\n")); diff != "" {
			t.Errorf("%s is not what %s says: run go test ./cmd/server -run Types -update, and mend the renderer\n%s", file, g.Name, diff)
		}
	}
}

func TestTypesOfWhatIsNoGameIsAnErrorThatListsTheGames(t *testing.T) {
	for name, args := range map[string][]string{
		"an unknown game": {"types", "chess"},
		"no game":         {"types"},
		"two games":       {"types", "arena", "relay"},
	} {
		out, err := command(t, nil, args...)
		if err == nil || out != "" {
			t.Errorf("%s: printed %q and %v, want an error alone", name, out, err)
			continue
		}
		for _, g := range catalog {
			if !strings.Contains(err.Error(), g.Name) {
				t.Errorf("%s: the error %q does not name %s", name, err, g.Name)
			}
		}
	}
}
