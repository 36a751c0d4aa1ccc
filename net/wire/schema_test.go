package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tickroom/game"
	"tickroom/net/wire"
)

func TestSchemaNamesEveryField(t *testing.T) {
	i, u := wire.Type{Form: wire.Int}, wire.Type{Form: wire.Uint}
	at := wire.Type{Form: wire.Struct, Fields: []wire.Field{{Name: "x", Type: i}, {Name: "y", Type: i}}}
	list := func(t wire.Type) wire.Type { return wire.Type{Form: wire.List, Elem: &t} }
	opt := func(t wire.Type) wire.Type { return wire.Type{Form: wire.Opt, Elem: &t} }
	str, bin := wire.Type{Form: wire.Str}, wire.Type{Form: wire.Bin}
	want := wire.Schema{
		Command: wire.Type{Form: wire.Struct, Fields: []wire.Field{
			{Name: "aimX", Type: i}, {Name: "fire", Type: wire.Type{Form: wire.Bool}}, {Name: "at", Type: opt(at)},
			{Name: "text", Type: str}, {Name: "data", Type: bin}, {Name: "path", Type: list(at)},
		}},
		View: wire.Type{Form: wire.Struct, Fields: []wire.Field{
			{Name: "phase", Type: u}, {Name: "big", Type: u}, {Name: "small", Type: i}, {Name: "marks", Type: bin},
			{Name: "pair", Type: list(at)}, {Name: "names", Type: list(str)}, {Name: "grid", Type: list(list(u))},
			{Name: "nobody", Type: opt(at)}, {Name: "hp", Type: i}, {Name: "ints", Type: list(i)},
		}},
		Events: []wire.Field{
			{Name: "hello", Type: wire.Type{Form: wire.Struct, Fields: []wire.Field{{Name: "who", Type: str}}}},
			{Name: "bang", Type: wire.Type{Form: wire.Struct, Fields: []wire.Field{{Name: "at", Type: at}}}},
			{Name: "empty", Type: wire.Type{Form: wire.Struct}},
		},
	}
	same(t, want, schemaOf(t, allForms), nil, "clients find fields by these names, in this order")
}

func TestTypesThatCannotTravelAreRefused(t *testing.T) {
	type loop struct{ Next []*loopBack }
	for _, c := range []struct {
		g    *game.Game
		want string // in the error, so that its author finds the field
	}{
		{define[struct{ F float64 }, empty]("float"), "command: field F"},
		{define[empty, struct{ M map[string]int }]("map"), "view: field M"},
		{define[empty, struct{ A any }]("any"), "view: field A"},
		{define[empty, empty]("event", struct{ F func() }{}), "event"},
		{define[int, empty]("int"), "not a struct"},
		{define[loop, empty]("loop"), "contains itself"},
		{define[struct{ P **int }, empty]("twice"), "absent"},
		{define[struct{ point }, empty]("embedded"), "embedded point"},
		{define[struct{ ID, Id int }, empty]("names"), "named id"},
		{define[struct{ C chan int }, empty]("channel"), "field C"},
		{define[struct{ U uintptr }, empty]("pointer"), "field U"},
	} {
		_, err := wire.SchemaOf(c.g)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v; want one that says %q", c.g.Name, err, c.want)
		}
	}
}

type loopBack struct{ Back *loopBack }

func TestPlainHasTheSchemasNames(t *testing.T) {
	got, err := json.Marshal(wire.Plain(someCommand))
	check(t, err, "plain values are for JSON")
	want := `{"aimX":-300,"at":{"x":1,"y":-1},"data":"AP8=","fire":true,"path":[{"x":1,"y":2},{"x":3,"y":4}],"text":"grüß"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s: names are those clients know", got, want)
	}
	got, err = json.Marshal(wire.Plain(command{}))
	check(t, err, "plain values are for JSON")
	want = `{"aimX":0,"at":null,"data":"","fire":false,"path":[],"text":""}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s: only what is absent is null", got, want)
	}
}
