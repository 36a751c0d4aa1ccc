package game

import (
	"strings"
	"testing"
)

type part struct {
	A    int
	b    []byte
	Next *part
	c    any
}

func TestHashSeesEveryField(t *testing.T) {
	base := func() part { return part{A: 1, b: []byte{2}, Next: &part{A: 3}, c: "x"} }
	seen := map[uint64]string{}
	for name, change := range map[string]func(*part){
		"nothing":           func(*part) {},
		"a number":          func(p *part) { p.A = 2 },
		"a hidden byte":     func(p *part) { p.b[0] = 3 },
		"one byte more":     func(p *part) { p.b = append(p.b, 0) },
		"behind a pointer":  func(p *part) { p.Next.A = 4 },
		"no pointer":        func(p *part) { p.Next = nil },
		"in an interface":   func(p *part) { p.c = "y" },
		"the text's length": func(p *part) { p.c = "x\x00" },
		"moved over":        func(p *part) { p.Next.A, p.A = p.A, p.Next.A },
	} {
		p := base()
		change(&p)
		h := hashOf(p)
		if other, ok := seen[h]; ok {
			t.Errorf("changing %s and changing %s give the same hash", name, other)
		}
		seen[h] = name
	}
	if hashOf(base()) != hashOf(base()) {
		t.Error("two equal values in different memory give different hashes")
	}
}

// TestHashOfOldMatchesStays: hashes are kept with results and compared by
// later builds, so the walk must never change.
func TestHashOfOldMatchesStays(t *testing.T) {
	const want = uint64(0x4d3a80857abdf7b0)
	if got := hashOf(part{A: -1, b: []byte("ab"), Next: &part{c: uint8(7)}, c: [2]bool{true, false}}, Tick(9)); got != want {
		t.Errorf("hash %#x, want %#x, as it always was", got, want)
	}
}

func TestHashRefusesWhatHasNoExactValue(t *testing.T) {
	loop := &part{}
	loop.Next = loop
	for says, v := range map[string]any{
		"float64":       struct{ speed float64 }{},
		"map[":          struct{ names map[string]int }{},
		"func(":         struct{ next func() }{},
		"chan ":         struct{ c chan int }{},
		"point to itse": loop,
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, says) {
					t.Errorf("%T: recovered %q, want a panic with %q", v, got, says)
				}
			}()
			hashOf(v)
		}()
	}
}
