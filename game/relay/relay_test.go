package relay_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tickroom/game"
	"tickroom/game/gametest"
	"tickroom/game/relay"
)

func TestContract(t *testing.T) {
	gametest.Run(t, relay.Game, func(r *rand.Rand) relay.Command {
		return relay.Command{To: r.IntN(36) - 3, Name: "wave"[:r.IntN(5)], Data: make([]byte, r.IntN(5000))}
	})
}

func TestWhoHears(t *testing.T) {
	for name, c := range map[string]struct {
		to   int
		want []game.Seat
	}{
		"all":         {relay.All, []game.Seat{game.Watcher, 0, 1, 2}},
		"others":      {relay.Others, []game.Seat{game.Watcher, 0, 2}},
		"one":         {2, []game.Seat{2}},
		"one's self":  {1, []game.Seat{1}},
		"first of it": {0, []game.Seat{0}},
	} {
		t.Run(name, func(t *testing.T) {
			m := chat(t)
			if err := m.Apply(1, relay.Command{To: c.to, Name: "wave", Data: []byte("hello")}); err != nil {
				t.Fatalf("refused: %v", err)
			}
			events := m.Events()
			if len(events) != 1 {
				t.Fatalf("%d events of one command", len(events))
			}
			said := events[0].Data.(relay.Message)
			if said.From != 1 || said.Name != "wave" || string(said.Data) != "hello" {
				t.Errorf("seat 1 said wave, hello; it arrives as %+v", said)
			}
			var heard []game.Seat
			for _, s := range []game.Seat{game.Watcher, 0, 1, 2} {
				if events[0].To.Includes(s) {
					heard = append(heard, s)
				}
			}
			if !slices.Equal(heard, c.want) {
				t.Errorf("heard by %v, want %v (-1 are watchers)", heard, c.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		command relay.Command
		code    string // "" is done
	}{
		"longest name":   {relay.Command{To: relay.All, Name: long(relay.MaxName)}, ""},
		"longer name":    {relay.Command{To: relay.All, Name: long(relay.MaxName + 1)}, "bad-name"},
		"no name":        {relay.Command{To: relay.All}, "bad-name"},
		"not text":       {relay.Command{To: relay.All, Name: "\xff"}, "bad-name"},
		"most data":      {relay.Command{To: relay.All, Name: "a", Data: make([]byte, relay.MaxData)}, ""},
		"more data":      {relay.Command{To: relay.All, Name: "a", Data: make([]byte, relay.MaxData+1)}, "too-large"},
		"empty seat":     {relay.Command{To: 3, Name: "a"}, "not-there"},
		"dropped player": {relay.Command{To: 2, Name: "a"}, "not-there"},
		"no seat":        {relay.Command{To: 32, Name: "a"}, "no-such-seat"},
		"no such group":  {relay.Command{To: -3, Name: "a"}, "no-such-seat"},
	} {
		t.Run(name, func(t *testing.T) {
			m := chat(t)
			m.Seat(2, game.Held)
			if code := codeOf(m.Apply(1, c.command)); code != c.code {
				t.Errorf("answered %q, want %q", code, c.code)
			}
		})
	}
}

func TestTooMuchIsRefusedUntilTheNextSecond(t *testing.T) {
	m := chat(t)
	small := relay.Command{To: relay.All, Name: "a"}
	said := 0
	for codeOf(m.Apply(0, small)) == "" {
		said++
	}
	if most := relay.MaxSecond / relay.Overhead; said == 0 || said > most {
		t.Errorf("%d empty messages in a second, want 1 to %d", said, most)
	}
	if code := codeOf(m.Apply(0, small)); code != "too-much" {
		t.Errorf("one more was answered %q, want too-much", code)
	}
	if code := codeOf(m.Apply(1, small)); code != "" {
		t.Errorf("another member was answered %q: who says too much costs nobody else", code)
	}
	for range m.Setup().TickRate {
		m.Step()
	}
	if code := codeOf(m.Apply(0, small)); code != "" {
		t.Errorf("a second later it was answered %q, want done", code)
	}
}

// chat is a relay with three members.
func chat(t *testing.T) *game.Match {
	t.Helper()
	setup, err := relay.Game.Setup(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := relay.Game.Start(setup)
	if err != nil {
		t.Fatal(err)
	}
	for s := range game.Seat(3) {
		m.Seat(s, game.Taken)
	}
	return m
}

func codeOf(err error) string {
	if r, ok := errors.AsType[*game.Refusal](err); ok {
		return r.Code
	}
	return ""
}
