package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"tickroom/game"
	"tickroom/game/relay"
	"tickroom/game/swarm"
	"tickroom/net/client"
)

// buildTickroom is ours as a peer: the real server, and the client in Go.
func buildTickroom(ctx context.Context, dir string, start starts) (peer, error) {
	binary := filepath.Join(dir, "server")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/server")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return peer{}, fmt.Errorf("build the server: %w", err)
	}
	return peer{
		name: "tickroom",
		kind: tickroomKind,
		serve: func(ctx context.Context) (string, error) {
			port, err := freePort()
			if err != nil {
				return "", err
			}
			addr := "127.0.0.1:" + port
			database := "sqlite:" + filepath.Join(dir, "tickroom.db")
			if _, err := start(ctx, binary, "-listen", addr, "-database", database, "-log-level", "warn"); err != nil {
				return "", err
			}
			return addr, ready(ctx, addr)
		},
		play: playTickroom,
	}, nil
}

// ready waits until the server answers.
func ready(ctx context.Context, addr string) error {
	for {
		var answer struct{}
		if err := call(ctx, http.MethodGet, addr, "/readyz", "", nil, &answer); err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errors.New("the server is not ready")
		}
	}
}

func playTickroom(ctx context.Context, addr, job string, seconds int, joined func()) error {
	played := map[string]*game.Game{"event": relay.Game, "state": swarm.Game}[job]
	var players []*client.Client
	defer func() {
		for _, p := range players {
			p.Close()
		}
	}()
	for i := range members {
		p, err := joinTickroom(ctx, addr, played, fmt.Sprint("player ", i))
		if err != nil {
			return err
		}
		players = append(players, p)
	}
	joined()
	rate, act := eventRate, func(n int) error {
		return players[0].Command(ctx, relay.Command{To: relay.All, Name: "shot", Data: bytes.Repeat([]byte{byte(n)}, 32)})
	}
	if job == "state" {
		rate, act = played.TickRate, func(n int) error { return steer(players, n) }
	}
	return repeat(ctx, rate, seconds, act)
}

// steer has each player say their controls.
func steer(players []*client.Client, n int) error {
	var errs []error
	for i, p := range players {
		errs = append(errs, p.Input(p.Tick()+1, swarm.Controls{Buttons: 1 << ((n + i) % 4), Aim: (n + i) * 17 % swarm.Turn}))
	}
	return errors.Join(errs...)
}

// repeat acts so many times a second, without waiting for what comes of it, and
// gives a second more for what is under way.
func repeat(ctx context.Context, rate, seconds int, act func(n int) error) error {
	every := time.NewTicker(time.Second / time.Duration(rate))
	defer every.Stop()
	var busy sync.WaitGroup
	errs := make([]error, rate*seconds)
	for n := range errs {
		<-every.C
		busy.Go(func() { errs[n] = act(n) })
	}
	busy.Wait()
	time.Sleep(time.Second)
	return errors.Join(errs...)
}

func joinTickroom(ctx context.Context, addr string, g *game.Game, name string) (*client.Client, error) {
	var guest struct{ Token string }
	if err := call(ctx, http.MethodPost, addr, "/v1/players", "", map[string]string{"name": name}, &guest); err != nil {
		return nil, err
	}
	var ticket struct{ Ticket, URL string }
	if err := call(ctx, http.MethodPost, addr, "/v1/games/"+g.Name+"/seats", guest.Token, struct{}{}, &ticket); err != nil {
		return nil, err
	}
	return client.Join(ctx, client.Config{
		URL: ticket.URL, Ticket: ticket.Ticket, Game: g,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	})
}

func call(ctx context.Context, method, addr, path, token string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+addr+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
