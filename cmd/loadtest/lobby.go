package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tickroom/net/wire"
)

// lobby is the crowd of a tickroom server, by its API.
type lobby struct {
	cfg  config
	note func(format string, args ...any)
	http *http.Client

	// Owned by the load, from the first bot on.
	rooms map[string]*room // by id
}

// ticket is the right to a seat.
type ticket struct {
	Ticket, URL, Room string
}

// guest is a player.
type guest struct {
	token string
	addr  string // where they are, if a server believes that; or ""
}

// What one guest may be, within what a server lets them: rooms they opened, and
// seats, each a call within the minute.
const (
	roomsOfGuest = 8
	seatsOfGuest = 150
)

func newLobby(cfg config, note func(string, ...any)) *lobby {
	return &lobby{cfg: cfg, note: note, rooms: map[string]*room{}, http: &http.Client{
		Timeout:   askWithin,
		Transport: &http.Transport{MaxIdleConnsPerHost: hands},
	}}
}

// gather opens the rooms, with guests enough to sit in all of them.
func (l *lobby) gather(ctx context.Context, load *load) ([]bot, []join, error) {
	ids := make([]string, l.cfg.rooms)
	var seats int
	guests := make([]guest, max(1, (l.cfg.rooms+roomsOfGuest-1)/roomsOfGuest))
	if err := l.invite(ctx, guests, 0); err != nil {
		return nil, nil, err
	}
	err := inParallel(len(ids), func(i int) error {
		var opened struct {
			ID    string
			Seats int
		}
		err := l.call(ctx, guests[i/roomsOfGuest], http.MethodPost, "/v1/rooms", map[string]any{"game": l.cfg.game}, &opened)
		if ids[i] = opened.ID; i == 0 {
			seats = opened.Seats
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if l.cfg.players > 0 {
		seats = l.cfg.players
	}
	known := len(guests)
	if more := max(seats, (len(ids)*seats+seatsOfGuest-1)/seatsOfGuest) - known; more > 0 {
		guests = append(guests, make([]guest, more)...)
		if err := l.invite(ctx, guests[known:], known); err != nil {
			return nil, nil, err
		}
	}
	bots, joins := make([]bot, len(ids)*seats), make([]join, len(ids)*seats)
	for i := range bots {
		g := guests[i%len(guests)] // no one twice in a room, since there are as many as it has seats
		bots[i] = newPlayer(load, l, g, i, len(bots))
		joins[i] = l.sit(g, "/v1/rooms/"+ids[i/seats]+"/seats")
	}
	return bots, joins, nil
}

// invite makes guests; first is the number of the first.
func (l *lobby) invite(ctx context.Context, guests []guest, first int) error {
	return inParallel(len(guests), func(i int) error {
		n := first + i
		g := guest{}
		if l.cfg.forwarded {
			g.addr = fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff)
		}
		var made struct{ Token string }
		err := l.call(ctx, g, http.MethodPost, "/v1/players", map[string]any{"name": fmt.Sprint("player ", n+1)}, &made)
		g.token = made.Token
		guests[i] = g
		return err
	})
}

// sit takes a seat and goes there.
func (l *lobby) sit(g guest, path string) join {
	return func(ctx context.Context) (joined, error) {
		var t ticket
		if err := l.call(ctx, g, http.MethodPost, path, struct{}{}, &t); err != nil {
			return joined{}, err
		}
		s, err := l.connect(ctx, g, t.URL)
		return joined{s, t}, err
	}
}

// back goes to the same seat again.
func (l *lobby) back(g guest, url string) join {
	return func(ctx context.Context) (joined, error) {
		s, err := l.connect(ctx, g, url)
		return joined{socket: s}, err
	}
}

// call asks the API, and again where it says when to.
func (l *lobby) call(ctx context.Context, g guest, method, path string, body, into any) error {
	for {
		err := l.ask(ctx, g, method, path, body, into)
		said, ok := errors.AsType[*statusError](err)
		if !ok || said.wait == 0 {
			return err
		}
		l.note("%s %s: %d, asking again in %v", method, path, said.status, said.wait)
		select {
		case <-time.After(min(said.wait, maxRetry)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (l *lobby) ask(ctx context.Context, g guest, method, path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, l.cfg.url+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header = g.header()
	req.Header.Set("Content-Type", "application/json")
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	resp, err := l.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode >= 300 {
		var problem struct{ Code, Detail string }
		_ = json.Unmarshal(answer, &problem) // a proxy says no problem
		return &statusError{method + " " + path, resp.StatusCode, problem.Code + " " + problem.Detail, retryAfter(resp.Header)}
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

func (g guest) header() http.Header {
	h := http.Header{}
	if g.addr != "" {
		h.Set("X-Forwarded-For", g.addr)
	}
	return h
}

// retryAfter is when a server wants to be asked again; 0 when it does not say.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(max(seconds, 1)) * time.Second
}

// inParallel does n things, some at a time, and says what failed first.
func inParallel(n int, do func(i int) error) error {
	var working sync.WaitGroup
	next, failed := make(chan int), make(chan error, hands)
	for range min(hands, n) {
		working.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	err := func() error {
		defer close(next)
		for i := range n {
			select {
			case next <- i:
			case err := <-failed:
				return err
			}
		}
		return nil
	}()
	working.Wait()
	if err == nil && len(failed) > 0 {
		err = <-failed
	}
	return err
}

func (l *lobby) connect(ctx context.Context, g guest, url string) (*socket, error) {
	return dialSocket(ctx, url, wire.Subprotocol, g.header())
}

// wrong is how far the clock of a room may be off.
func (l *lobby) wrong() (most time.Duration) {
	for _, r := range l.rooms {
		_, wrong := r.clock.zero()
		most = max(most, wrong)
	}
	return most
}

func (l *lobby) close() { l.http.CloseIdleConnections() }
