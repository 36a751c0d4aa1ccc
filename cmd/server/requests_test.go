package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tickroom/game/relay"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// The transports over real sockets, each as a player of one room, through the
// whole server: what each says all hear once, in one order.
func TestPlayersOverAllTransportsAndRealSocketsHearTheSame(t *testing.T) {
	const each = 30
	s := start(t, "sqlite:"+filepath.Join(t.TempDir(), "tickroom.db"))
	overs := []client.Transport{client.WebSocket, client.Stream, client.Poll, client.Auto}
	heard := make([]hearing, len(overs))
	var players []*client.Client
	for i, over := range overs {
		players = append(players, sits(t, s.addr, over, &heard[i]))
	}
	var busy sync.WaitGroup
	for i, p := range players {
		busy.Go(func() {
			for n := range each {
				if err := p.Command(t.Context(), relay.Command{To: relay.All, Name: fmt.Sprintf("%d of %v", n, overs[i])}); err != nil {
					t.Errorf("%v: %v", overs[i], err)
					return
				}
			}
		})
	}
	busy.Wait()
	for i := range heard {
		if got := heard[i].wait(each * len(overs)); !slices.Equal(got, heard[0].wait(each*len(overs))) {
			t.Errorf("over %v %d messages were heard, over %v %d: they must be the same, in the same order", overs[i], len(got), overs[0], len(heard[0].wait(0)))
		}
	}
	for i, p := range players {
		if p.RTT() == 0 || p.RTT() > time.Second {
			t.Errorf("over %v a round trip takes %v", overs[i], p.RTT())
		}
		p.Close()
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

// hearing is the names of the messages that somebody heard.
type hearing struct {
	mu    sync.Mutex
	names []string
}

func (h *hearing) hear(m wire.Message) {
	if e, ok := m.(wire.Event); ok {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.names = append(h.names, e.Data.(relay.Message).Name)
	}
}

// wait gives what was heard when it is so many, or after some seconds.
func (h *hearing) wait(many int) []string {
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		h.mu.Lock()
		names := slices.Clone(h.names)
		h.mu.Unlock()
		if len(names) >= many || time.Since(began) > 10*time.Second {
			return names
		}
	}
}

// sits takes a seat in a room of relay and joins.
func sits(t *testing.T, addr string, over client.Transport, h *hearing) *client.Client {
	t.Helper()
	var guest struct{ Token string }
	post(t, addr, "/v1/players", "", map[string]any{"name": over.String()}, &guest)
	var seat ticket
	post(t, addr, "/v1/games/relay/seats", guest.Token, map[string]any{}, &seat)
	c, err := client.Join(t.Context(), client.Config{URL: seat.URL, Ticket: seat.Ticket, Game: relay.Game, Transport: over, Hear: h.hear})
	if err != nil {
		t.Fatalf("join over %v: %v", over, err)
	}
	return c
}
