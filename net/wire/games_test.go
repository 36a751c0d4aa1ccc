package wire_test

import (
	"strings"

	"tickroom/game"
)

// Types of the test's games: every form that can travel, at least once.
type (
	point struct{ X, Y int16 }

	command struct {
		AimX   int16
		Fire   bool
		At     *point
		Text   string
		Data   []byte
		Path   []point
		hidden int // does not travel
	}
	view struct {
		Phase  uint8
		Big    uint64
		Small  int64
		Marks  [3]mark
		Pair   [2]point
		Names  []string
		Grid   [][]uint16
		Nobody *point
		HP     int32
		Ints   []int64
	}
	mark  uint8
	hello struct{ Who string }
	bang  struct{ At point }

	empty struct{}
)

// rules of a game that is only there for its types.
type rules[C, V any] struct{}

func (rules[C, V]) Apply(*game.Turn, game.Seat, C) error { return nil }
func (rules[C, V]) Step(*game.Turn)                      {}
func (rules[C, V]) View(game.Seat) V                     { var v V; return v }

// define makes a game of a command and a view type.
func define[C, V any](name string, events ...any) *game.Game {
	return game.Define(game.Info{Name: name, Seats: 4, TickRate: 30, SnapshotRate: 20, Events: events},
		func(*game.Turn) rules[C, V] { return rules[C, V]{} })
}

var (
	allForms = define[command, view]("forms", hello{}, bang{}, empty{})
	nothing  = define[empty, empty]("nothing")
)

var someCommand = command{
	AimX: -300, Fire: true, At: &point{1, -1}, Text: "grüß", Data: []byte{0, 255}, Path: []point{{1, 2}, {3, 4}},
}

var someView = view{
	Phase: 2, Big: 1<<53 - 1, Small: 1 - 1<<53, Marks: [3]mark{0, 1, 255}, Pair: [2]point{{1, 2}, {-3, -4}},
	Names: []string{"a", ""}, Grid: [][]uint16{{1, 200, 65535}, nil}, HP: -40000,
}

// edges are where one msgpack form ends and the next begins, on both sides.
var edges = view{
	Names: []string{strings.Repeat("a", 31), strings.Repeat("b", 32), strings.Repeat("c", 255), strings.Repeat("d", 256), "\ufeffa mark of byte order is a character like any other", "grüß 😀"},
	Grid:  [][]uint16{make([]uint16, 15), make([]uint16, 16)},
	Ints: []int64{
		0, 127, 128, 255, 256, 1<<15 - 1, 1 << 15, 1<<16 - 1, 1 << 16, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<53 - 1,
		-1, -32, -33, -128, -129, -1 << 15, -1<<15 - 1, -1 << 31, -1<<31 - 1, 1 - 1<<53,
	},
}
