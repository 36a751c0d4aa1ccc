package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/room"
	"tickroom/net/wire"
	"tickroom/store"
	"tickroom/store/postgres/pgtest"
)

var deadRooms = flag.Int("rooms", 100, "how many rooms of ten minutes BenchmarkRecovery finds in the journal; 1000 take minutes")

// A server that died had rooms where the arena had been played for ten minutes.
// Another is started, a player comes back into the last of them, and somebody
// wants a new one.
func BenchmarkRecovery(b *testing.B) {
	played := tenMinutes(b)
	b.Run("sqlite", func(b *testing.B) {
		recovery(b, "sqlite:"+filepath.Join(b.TempDir(), "tickroom.db"), played)
	})
	b.Run("postgres", func(b *testing.B) { recovery(b, pgtest.Database(b), played) })
}

func recovery(b *testing.B, database string, played *written) {
	last := played.write(b, database)
	c := newChild(b, database)
	for b.Loop() {
		started := time.Now()
		c.start()
		w := newWitness(b, c.addr, 1)
		w.game = arena.Game
		w.ticket = ticket{Ticket: played.ticketOf(last, 1), URL: "ws://" + c.addr + "/v1/play", Room: last}
		if err := w.joins(); err != nil {
			b.Fatal(err)
		}
		first := time.Since(started)
		asked := time.Now()
		come(counting, nil, newWitness(b, c.addr, 2))
		opened := time.Since(asked)
		for c.coming() > 0 {
			time.Sleep(20 * time.Millisecond)
		}
		all := time.Since(started)
		w.Close()
		c.kill()
		b.ReportMetric(float64(first.Milliseconds()), "first-ms")
		b.ReportMetric(float64(opened.Milliseconds()), "new-room-ms")
		b.ReportMetric(float64(all.Milliseconds()), "all-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// coming is how many rooms are on their way to the server.
func (c *child) coming() int {
	resp, err := http.Get("http://" + c.addr + "/readyz")
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	var r readiness
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		c.Fatal(err)
	}
	return r.Coming
}

// written is ten minutes of the arena, as a journal has them.
type written struct {
	id     string
	key    []byte
	head   []byte
	chunks []store.Chunk
	saved  atomic.Int64 // when the room last was
	dead   atomic.Bool
}

// Write implements room.Journal: a chunk takes as long as the journal pauses.
func (c *written) Write(n uint32, chunk []byte, saved bool, done func(error)) {
	if saved {
		c.saved.Store(time.Now().UnixNano())
	}
	time.AfterFunc(50*time.Millisecond, func() {
		if !c.dead.Load() {
			c.chunks = append(c.chunks, store.Chunk{N: n, Data: chunk, Saved: saved})
		}
		done(nil)
	})
}

// tenMinutes has eight people steer ten times a second.
func tenMinutes(b *testing.B) *written {
	setup, err := arena.Game.Setup(1, map[string]int{"seconds": 600, "score": 0})
	if err != nil {
		b.Fatal(err)
	}
	c := &written{id: uuid.NewString(), key: []byte("0123456789abcdef0123456789abcdef")}
	c.head, err = json.Marshal(map[string]any{
		"version": setup.Version, "seats": setup.Seats, "tick_rate": setup.TickRate, "seed": setup.Seed,
		"options": setup.Options, "key": c.key, "code": "ABCDEF", "opener": uuid.NewString(),
	})
	if err != nil {
		b.Fatal(err)
	}
	// A bubble needs a test.
	always := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(always, []testing.InternalTest{{Name: "ten minutes", F: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { c.play(t, setup) })
	}}}) {
		b.Fatal("the ten minutes failed")
	}
	return c
}

func (c *written) play(t *testing.T, setup game.Setup) {
	r, err := room.New(room.Config{ID: c.id, Game: arena.Game, Setup: setup, Key: c.key, Journal: c, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	go r.Run(ctx)
	var members []*room.Member
	for i := range 8 {
		g, err := r.Take(t.Context(), room.Player{ID: uuid.NewString(), Name: "p" + strconv.Itoa(i)})
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.Join(t.Context(), g.Ticket, nobody{})
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, m)
	}
	dice := rand.New(rand.NewPCG(1, 1))
	began := time.Now()
	// It ends when the room was saved half a minute ago, as rooms are on the average.
	// The rest of the ten minutes is for who goes on.
	for time.Since(began) < 8*time.Minute+30*time.Second || !c.savedAgo(30*time.Second) {
		for _, m := range members {
			m.Input(0, arena.Controls{
				MoveX: int8(dice.IntN(255) - 127), MoveY: int8(dice.IntN(255) - 127),
				Aim: uint16(dice.IntN(1 << 16)), Fire: dice.IntN(2) == 0,
			})
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.dead.Store(true) // it does not hand over
	stop()
	<-r.Done()
}

// savedAgo says whether the room was saved so long ago, and a little more.
func (c *written) savedAgo(d time.Duration) bool {
	ago := time.Since(time.Unix(0, c.saved.Load()))
	return ago >= d && ago < d+5*time.Second
}

// nobody is a link that nothing comes of.
type nobody struct{}

func (nobody) Begin(wire.Frame)             {}
func (nobody) Send(wire.Frame)              {}
func (nobody) Poll()                        {}
func (nobody) Snapshot(wire.Frame)          {}
func (nobody) Note(wire.Frame)              {}
func (nobody) Outbox() wire.Outbox          { return wire.Outbox{} }
func (nobody) Name() string                 { return "nobody" }
func (nobody) Close(wire.CloseCode, string) {}

// write writes the played as so many rooms of a server that is dead, and gives
// the last.
func (c *written) write(b *testing.B, database string) (last string) {
	st, err := openStore(b.Context(), database)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	lease, err := st.Enlist(b.Context(), "one", "", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	began, bytes := time.Now(), 0
	for range *deadRooms {
		id, err := uuid.NewV7()
		if err != nil {
			b.Fatal(err)
		}
		last = id.String()
		batch := store.Batch{Opened: []store.RunningRoom{{ID: last, Game: arena.Game.Name, OpenedAt: time.Now(), Head: c.head}}}
		for _, chunk := range c.chunks {
			chunk.Room = last
			batch.Chunks = append(batch.Chunks, chunk)
			bytes += len(chunk.Data)
		}
		if err := st.Write(b.Context(), lease, batch); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d rooms of %d chunks, %d MB in all, were written in %v", *deadRooms, len(c.chunks), bytes>>20, time.Since(began).Round(time.Millisecond))
	return last
}

// ticketOf is the ticket of a membership, as rooms seal it.
func (c *written) ticketOf(id string, membership uint32) string {
	room := uuid.MustParse(id)
	body := binary.BigEndian.AppendUint32(room[:], membership)
	mac := hmac.New(sha256.New, c.key)
	mac.Write(body)
	return base64.RawURLEncoding.EncodeToString(append(body, mac.Sum(nil)[:16]...))
}
