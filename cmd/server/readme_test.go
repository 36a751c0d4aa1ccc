package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The README shows a real game: what it prints must be what is played.
func TestReadmeShowsRelayAsItIs(t *testing.T) {
	readme, source := read(t, "../../README.md"), read(t, "../../game/relay/relay.go")
	block := regexp.MustCompile("(?s)```go\n(.*?)```").FindStringSubmatch(readme)
	if block == nil {
		t.Fatal("the README has no Go code")
	}
	for piece := range strings.SplitSeq(block[1], "\n\n") {
		if piece = strings.TrimSpace(piece); !strings.Contains(source, piece) {
			t.Errorf("the README shows what is not in relay.go:\n%s", piece)
		}
	}
}

func TestReadmeLinksLeadSomewhere(t *testing.T) {
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(read(t, "../../README.md"), -1) {
		if strings.Contains(link[1], "://") {
			continue
		}
		if _, err := os.Stat("../../" + link[1]); err != nil {
			t.Errorf("README links to %s: %v", link[1], err)
		}
	}
}

func TestReadmeListsEveryFlag(t *testing.T) {
	readme := read(t, "../../README.md")
	for name, variable := range envName {
		if !strings.Contains(readme, "`-"+name+"`") || !strings.Contains(readme, "`"+variable+"`") {
			t.Errorf("README does not list -%s and %s", name, variable)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
