package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/net/client"
	"tickroom/net/wire"
	"tickroom/store"
	"tickroom/store/postgres/pgtest"
)

// A whole match over real sockets, kept in a real database, read back over
// REST and played again from what was read.
func TestMatchOfFourBotsIsKeptAndPlaysAgainToTheSameState(t *testing.T) {
	t.Run("postgres", func(t *testing.T) { t.Parallel(); playAndReplay(t, pgtest.Database(t)) })
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		playAndReplay(t, "sqlite:"+filepath.Join(t.TempDir(), "tickroom.db"))
	})
}

func playAndReplay(t *testing.T, database string) {
	s := start(t, database)
	var room string
	var bots sync.WaitGroup
	for i := range 4 {
		b := newBot(t, s.addr, fmt.Sprint("bot ", i))
		room = b.ticket.Room
		bots.Go(func() { b.play(uint64(i)) })
	}
	bots.Wait()
	if err := s.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}

	again := start(t, database) // another process would see the same
	defer again.stop()
	var body struct {
		Match struct {
			StateHash string `json:"state_hash"`
			Ticks     game.Tick
			Ending    string
			Players   []struct{ Place int }
		}
	}
	get(t, again.addr, "/v1/matches/"+room+"/log", &body)
	if body.Match.Ending != "finished" || len(body.Match.Players) != 4 {
		t.Fatalf("kept as %+v, want finished by four", body.Match)
	}
	setup, log := readBack(t, database, room)
	m, err := game.Replay(arena.Game, setup, log, body.Match.Ticks)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%016x", m.Hash()); got != body.Match.StateHash {
		t.Errorf("played again from %d entries: state %s, want %s as kept", len(log), got, body.Match.StateHash)
	}
	if _, over := m.Over(); !over {
		t.Error("played again it does not end")
	}
}

// readBack reads setup and log as a verifier would: from the store alone.
func readBack(t *testing.T, database, id string) (game.Setup, game.Log) {
	t.Helper()
	st, err := openStore(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	m, err := st.Match(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := st.MatchLog(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	log, err := wire.DecodeLog(arena.Game, raw)
	if err != nil {
		t.Fatal(err)
	}
	return setupOf(m), log
}

func setupOf(m store.Match) game.Setup {
	return game.Setup{Game: m.Game, Version: m.Version, Seats: m.Seats, TickRate: m.TickRate, Seed: m.Seed, Options: m.Options}
}

// bot is a player over real sockets who steers by chance.
type bot struct {
	*testing.T
	ticket ticket
	client *client.Client
	over   chan wire.Over
}

func newBot(t *testing.T, addr, name string) *bot {
	t.Helper()
	b := &bot{T: t, over: make(chan wire.Over, 1)}
	var guest struct{ Token string }
	post(t, addr, "/v1/players", "", map[string]any{"name": name}, &guest)
	options := map[string]int{"seconds": 10, "bots": 0}
	post(t, addr, "/v1/games/arena/seats", guest.Token, map[string]any{"options": options}, &b.ticket)
	var err error
	b.client, err = client.Join(t.Context(), client.Config{
		URL: b.ticket.URL, Ticket: b.ticket.Ticket, Game: arena.Game,
		Hear: func(m wire.Message) {
			if over, ok := m.(wire.Over); ok {
				b.over <- over
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// play steers until the match is over.
func (b *bot) play(seed uint64) {
	defer b.client.Close()
	dice := rand.New(rand.NewPCG(seed, 0))
	steer := time.NewTicker(100 * time.Millisecond)
	defer steer.Stop()
	for {
		select {
		case over := <-b.over:
			if over.Ending != "finished" || len(over.Standings) != 4 {
				b.Errorf("told %+v, want finished with four standings", over)
			}
			return
		case <-steer.C:
			_ = b.client.Input(b.client.Tick()+2, arena.Controls{ // away: the next one counts
				MoveX: int8(dice.IntN(255) - 127), MoveY: int8(dice.IntN(255) - 127),
				Aim: uint16(dice.IntN(1 << 16)), Fire: dice.IntN(2) == 0, Dash: dice.IntN(8) == 0,
			})
		case <-b.client.Done():
			b.Errorf("closed in mid-match: %v", b.client.Err())
			return
		case <-b.Context().Done():
			return
		}
	}
}

func post(t *testing.T, addr, path, token string, body, into any) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+path, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	fetch(t, req, http.StatusCreated, into)
}

func get(t *testing.T, addr, path string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	fetch(t, req, http.StatusOK, into)
}

func fetch(t *testing.T, req *http.Request, status int, into any) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %s %s %v, want %d", req.URL, strconv.Itoa(resp.StatusCode), answer, err, status)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatalf("%s: %v", req.URL, err)
	}
}
