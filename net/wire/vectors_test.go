package wire_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vmihailenco/msgpack/v5"

	"tickroom/game"
	"tickroom/net/wire"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

const (
	vectorFile = "testdata/vectors.json"
	aLink      = "7Q2M4ZB6XKDN3YTPW5RFHJC2LA" // a link's name
	aConn      = "MZXW6YTBOI4DGNBVGY3TQOJQGE" // a connection's
)

// vector is one frame and what it says. Clients in other languages check
// themselves against the same file; PROTOCOL.md says how to read it.
type vector struct {
	Name      string          `json:"name"`
	Direction string          `json:"direction"`       // who sends it: "client" or "server"
	Hex       string          `json:"hex"`             // the frame
	Message   json.RawMessage `json:"message"`         // the frame as a JSON array
	Value     json.RawMessage `json:"value,omitempty"` // the game's value in it, by the schema of "welcome"

	message wire.Message
	value   any // of a check
}

// vectors are the messages of the file, of a match of allForms.
func vectors(t testing.TB) []vector {
	from := func(direction, name string, m wire.Message) vector {
		return vector{Name: name, Direction: direction, message: m}
	}
	client := func(name string, m wire.Message) vector { return from("client", name, m) }
	server := func(name string, m wire.Message) vector { return from("server", name, m) }
	return []vector{
		client("hello", wire.Hello{Ticket: "dGlja2V0", Client: "web 1.0", Link: aLink, Try: 1}),
		client("hello, coming back", wire.Hello{Ticket: "dGlja2V0", Client: "web 1.0", Link: aLink, Seen: 130, Try: 2}),
		client("command", wire.Command{N: 1, Data: someCommand}),
		client("command, all zero", wire.Command{N: 1<<32 - 1, Data: command{}}),
		client("input", wire.Input{Tick: 77, Data: someCommand}),
		client("say", wire.Say{N: 3, Text: "hello there ✓"}),
		client("ping", wire.Ping{T: 1234567}),
		client("ping, to be answered at once", wire.Ping{T: 1234567, Pad: strings.Repeat(" ", wire.PadBytes)}),
		client("ping, largest", wire.Ping{T: wire.MaxPing}),
		client("leave", wire.Leave{N: 4}),
		client("ack", wire.Ack{Seen: 64}),
		client("post", wire.Post{Conn: aConn, N: 3}),
		client("show", wire.Show{Tick: 1800, Speed: 400, Seat: 3}),
		client("show, paused where it is, as who watches", wire.Show{Tick: wire.Here, Seat: game.Watcher}),
		checking(t, "check", wire.Snapshot{Tick: 901, View: someView}),
		checking(t, "check, all zero", wire.Snapshot{View: view{}}),
		checking(t, "check, edges of every form", wire.Snapshot{Tick: 1<<32 - 1, View: edges}),
		server("linked, new", wire.Linked{Why: "new"}),
		server("linked, resumed", wire.Linked{Resumed: true, Received: 3}),
		server("linked, behind", wire.Linked{Why: "behind", Received: 300}),
		server("opened", wire.Opened{Conn: aConn}),
		server("moved", wire.Moved{URL: "wss://b.example.com/v1/play?room=0198c0de-0000-7000-8000-000000000001"}),
		server("desync", wire.Desync{Tick: 901}),
		server("welcome", wire.Welcome{
			Room: "0198c0de-0000-7000-8000-000000000001", Game: "forms", Seat: 2, Tick: 900, TickRate: 30,
			SnapshotRate: 20, Grace: 60, Schema: schemaOf(t, allForms),
			Options: []wire.OptionValue{{Name: "bots", Value: 4}},
			Members: []wire.Member{{Seat: 0, State: game.Taken, Name: "Ada"}, {Seat: 1, State: game.GivenUp}},
		}),
		server("welcome of a watcher", wire.Welcome{
			Room: "0198c0de-0000-7000-8000-000000000001", Game: "forms", Seat: game.Watcher, TickRate: 30,
			SnapshotRate: 20, Grace: 60, Schema: schemaOf(t, nothing),
		}),
		server("snapshot", wire.Snapshot{Tick: 901, View: someView}),
		server("snapshot, all zero", wire.Snapshot{View: view{}}),
		server("snapshot, edges of every form", wire.Snapshot{Tick: 1<<32 - 1, View: edges}),
		server("event", wire.Event{Tick: 902, Name: "bang", Data: bang{At: point{5, -6}}}),
		server("event without fields", wire.Event{Tick: 902, Name: "empty", Data: empty{}}),
		server("reply, done", wire.Reply{N: 1}),
		server("reply, refused", wire.Reply{N: 2, Code: "not-your-turn", Text: "It is not your turn."}),
		server("chat", wire.Chat{Seat: 0, Name: "Ada", Text: "well played"}),
		server("member", wire.Member{Seat: 3, State: game.Held, Name: "Grace"}),
		server("pong", wire.Pong{T: 1234567, Tick: 903, Micros: 33333}),
		server("over", wire.Over{Tick: 5400, Ending: "finished", Reason: "score", Standings: []wire.Standing{
			{Seat: 2, Name: "Ada", Place: 1, Score: 20}, {Seat: 0, Name: "", Place: 2, Score: -7},
		}}),
		server("notice", wire.Notice{Code: "keeping", Text: "The result is waiting for the database."}),
		server("bye", wire.Bye{Code: wire.CloseGoingAway, Text: "The server is stopping."}),
	}
}

// checking is how a client checks what it has of a snapshot; the value is its view.
func checking(t testing.TB, name string, s wire.Snapshot) vector {
	hash, err := wire.ViewHash(s.View)
	check(t, err, "a view that was sent can be compared")
	return vector{Name: name, Direction: "client", message: wire.Check{Tick: s.Tick, Hash: hash}, value: s.View}
}

func vectorMessages(t testing.TB, direction string) []wire.Message {
	var messages []wire.Message
	for _, v := range vectors(t) {
		if v.Direction == direction {
			messages = append(messages, v.message)
		}
	}
	return messages
}

func TestGoldenVectors(t *testing.T) {
	want := vectors(t)
	for i := range want {
		want[i].fill(t)
	}
	if *update {
		writeVectors(t, want)
	}
	got := readVectors(t)
	if len(got) != len(want) {
		t.Fatalf("%s has %d vectors, not %d: go test ./net/wire -update", vectorFile, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if d := cmp.Diff([]string{w.Name, w.Direction, w.Hex, compact(t, w.Message), compact(t, w.Value)},
			[]string{g.Name, g.Direction, g.Hex, compact(t, g.Message), compact(t, g.Value)}); d != "" {
			t.Errorf("%s: the protocol changed (-now +file); clients that exist would not understand it:\n%s", w.Name, d)
		}
		frame, err := hex.DecodeString(g.Hex)
		check(t, err, "the file holds hex")
		var m wire.Message
		if g.Direction == "client" {
			m, err = wire.DecodeClient(frame, allForms.CommandType())
		} else {
			m, err = wire.DecodeServer(frame, allForms)
		}
		same(t, w.message, m, err, "the vector "+w.Name+" says this")
	}
}

// fill works out everything but the name from the message.
func (v *vector) fill(t *testing.T) {
	frame := encode(t, v.message)
	v.Hex = hex.EncodeToString(frame)
	var plain []any
	check(t, msgpack.Unmarshal(frame, &plain), "a frame is ordinary msgpack")
	v.Message = toJSON(t, plain)
	switch m := v.message.(type) {
	case wire.Command:
		v.Value = toJSON(t, wire.Plain(m.Data))
	case wire.Input:
		v.Value = toJSON(t, wire.Plain(m.Data))
	case wire.Snapshot:
		v.Value = toJSON(t, wire.Plain(m.View))
	case wire.Event:
		v.Value = toJSON(t, wire.Plain(m.Data))
	case wire.Check:
		v.Value = toJSON(t, wire.Plain(v.value))
	}
}

// toJSON writes bytes as {"$bin": hex}.
func toJSON(t *testing.T, v any) json.RawMessage {
	b, err := json.Marshal(markBytes(v))
	check(t, err, "plain values are for JSON")
	return b
}

func markBytes(v any) any {
	switch v := v.(type) {
	case []byte:
		return map[string]string{"$bin": hex.EncodeToString(v)}
	case []any:
		for i := range v {
			v[i] = markBytes(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = markBytes(v[k])
		}
	}
	return v
}

func compact(t *testing.T, j json.RawMessage) string {
	if j == nil {
		return ""
	}
	var v any
	d := json.NewDecoder(strings.NewReader(string(j)))
	d.UseNumber() // numbers up to 2^53 are to stay exact
	check(t, d.Decode(&v), "the file holds JSON")
	b, err := json.Marshal(v)
	check(t, err, "what was JSON is JSON")
	return string(b)
}

func readVectors(t *testing.T) (all []vector) {
	b, err := os.ReadFile(vectorFile)
	check(t, err, "the vectors are in the repository")
	check(t, json.Unmarshal(b, &all), "the vectors are a JSON list")
	return all
}

// writeVectors writes a vector a line.
func writeVectors(t *testing.T, all []vector) {
	var b strings.Builder
	for i, v := range all {
		line, err := json.Marshal(v)
		check(t, err, "a vector is JSON")
		b.WriteString([]string{"[\n", ",\n"}[min(i, 1)])
		b.Write(line)
	}
	b.WriteString("\n]\n")
	check(t, os.WriteFile(vectorFile, []byte(b.String()), 0o644), "the file can be written")
}
