package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/battleship"
	"tickroom/net/client"
	"tickroom/net/wire"
)

// witness is a player over real sockets who notes all that they asked and heard.
type witness struct {
	testing.TB
	*client.Client
	addr, name, token string
	from              string // the address they seem to have: one address may not be everybody's
	game              *game.Game
	ticket            ticket
	over              chan struct{} // closed when the match is
	leaves            atomic.Bool   // said that they leave

	// Guarded by mu.
	mu     sync.Mutex
	heard  []heard // what must arrive, and notices
	asked  map[deed]answer
	drops  []client.Drop
	viewed time.Time     // when the newest view came
	frozen time.Duration // the longest between two views, since somebody asked
}

// deed is one thing that a witness asked for, and never twice.
type deed struct {
	number int
	line   bool // a line of chat
}

// answer is what became of it.
type answer int

const (
	unknown answer = iota // nobody knows: the room ended before it said
	granted
	denied
)

func newWitness(t testing.TB, addr string, number int) *witness {
	return &witness{
		TB: t, addr: addr, name: fmt.Sprint("w", number), from: fmt.Sprintf("10.0.%d.%d", number/250, 1+number%250),
		over: make(chan struct{}), asked: map[deed]answer{},
	}
}

// come has people come into a room of their own, however often the server dies
// meanwhile.
func come(g *game.Game, options map[string]int, people ...*witness) {
	first := people[0]
	first.Helper()
	var room struct{ ID string }
	err := first.isGuest()
	if err == nil {
		err = first.call("/v1/rooms", map[string]any{"game": g.Name, "options": options}, &room)
	}
	for _, w := range people {
		w.game = g
		if w != first && err == nil {
			err = w.isGuest()
		}
		if err == nil {
			err = w.call("/v1/rooms/"+room.ID+"/seats", map[string]any{}, &w.ticket)
		}
		if err == nil {
			err = w.joins()
		}
		if err != nil {
			w.Errorf("%s does not come into %s %s: %v", w.name, g.Name, room.ID, err)
			return
		}
	}
}

func (w *witness) isGuest() error {
	var guest struct{ Token string }
	err := w.call("/v1/players", map[string]any{"name": w.name}, &guest)
	w.token = guest.Token
	return err
}

// comeWithin is how long there may be no server that answers.
const comeWithin = 30 * time.Second

// call posts until there is an answer.
func (w *witness) call(path string, body, into any) error {
	for until := time.Now().Add(comeWithin); ; time.Sleep(20 * time.Millisecond) {
		status, answer, err := w.post(path, body)
		if err == nil && status == http.StatusCreated {
			return json.Unmarshal(answer, into)
		}
		if err == nil && status < 500 || time.Now().After(until) || w.Context().Err() != nil {
			return fmt.Errorf("%s: %d %s %w", path, status, answer, err)
		}
	}
}

func (w *witness) post(path string, body any) (status int, answer []byte, err error) {
	b, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithTimeout(w.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+w.addr+path, bytes.NewReader(b))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-For", w.from)
	if w.token != "" {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// joins connects with a ticket that was given out, so that it must be good.
func (w *witness) joins() error {
	cfg := client.Config{
		URL: w.ticket.URL, Ticket: w.ticket.Ticket, Game: w.game, Hear: w.hear,
		Header: http.Header{"X-Forwarded-For": {w.from}},
		Dropped: func(d client.Drop) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.drops = append(w.drops, d)
		},
		Chance: func() float64 { return 0.1 * rand.Float64() }, // to come back soon, however often the server dies
	}
	for until := time.Now().Add(comeWithin); ; time.Sleep(20 * time.Millisecond) {
		var err error
		if w.Client, err = client.Join(w.Context(), cfg); err == nil {
			w.Cleanup(w.Close)
			return nil
		}
		closed, isClosed := errors.AsType[*client.Closed](err)
		if isClosed && !closed.Code.ComeBack() || time.Now().After(until) {
			return fmt.Errorf("join %s: %w", w.ticket.Room, err)
		}
	}
}

func (w *witness) hear(m wire.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m.(type) {
	case wire.Snapshot:
		if now := time.Now(); !w.viewed.IsZero() {
			w.frozen, w.viewed = max(w.frozen, now.Sub(w.viewed)), now
		} else {
			w.viewed = now
		}
		return
	case wire.Over:
		close(w.over)
	}
	if _, isNotice := m.(wire.Notice); isNotice || wire.MustArrive(m) {
		w.heard = append(w.heard, heard{m, time.Now()})
	}
}

// ask does one thing and notes what became of it.
func (w *witness) ask(d deed, do func(context.Context) error) (said error) {
	w.note(d, unknown)
	err := do(w.Context())
	_, no := errors.AsType[*game.Refusal](err)
	switch {
	case err == nil:
		w.note(d, granted)
	case no:
		w.note(d, denied)
	}
	return err
}

func (w *witness) note(d deed, a answer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[d] = a
}

// plays plays the game until told to stop.
func (w *witness) plays(stop context.Context, dice *rand.Rand) {
	switch w.game {
	case counting, pairs:
		w.counts(stop, dice)
	case arena.Game:
		w.steers(stop, dice)
	case battleship.Game:
		w.fires(stop, dice)
	}
}

// endsMatch ends it, by its rules or by leaving.
func (w *witness) endsMatch() {
	if w.game != battleship.Game {
		w.ends(w.Command(w.Context(), count{End: true}))
		return
	}
	w.leaves.Store(true)
	if err := w.Leave(w.Context()); err != nil {
		w.Errorf("%s leaves: %v", w.name, err)
	}
}

// counts counts numbers up, each once, until told to stop.
func (w *witness) counts(stop context.Context, dice *rand.Rand) {
	for n := 1; stop.Err() == nil; n++ {
		err := w.ask(deed{number: n}, func(ctx context.Context) error { return w.Command(ctx, count{By: n}) })
		if w.ends(err) {
			return
		}
		nap(stop, dice, 80*time.Millisecond)
	}
}

// ends says whether an answer was that all is over, and complains of one that
// must not be.
func (w *witness) ends(err error) bool {
	no, isNo := errors.AsType[*game.Refusal](err)
	switch {
	case err == nil, isNo && no.Code != game.ErrOver.Code:
		return false
	case isNo, errors.Is(err, client.ErrLost):
		return true
	}
	if !w.mayEnd() {
		w.Errorf("%s was answered %v, and its end is %v", w.name, err, w.Err())
	}
	return true
}

// mayEnd says whether their end was one that players may meet: the match is
// over, or they left it. Where the process died as it was to say so, there is no
// such ticket any more.
func (w *witness) mayEnd() bool {
	closed, ok := errors.AsType[*client.Closed](w.Err())
	return ok && (closed.Code == wire.CloseOver || w.leaves.Load() && (closed.Code == wire.CloseLeft || closed.Code == wire.CloseTicket))
}

// chats says numbered lines until told to stop.
func (w *witness) chats(stop context.Context, dice *rand.Rand) {
	for n := 1; stop.Err() == nil; n++ {
		err := w.ask(deed{number: n, line: true}, func(ctx context.Context) error { return w.Say(ctx, fmt.Sprint(n)) })
		if w.ends(err) {
			return
		}
		nap(stop, dice, 2*time.Second)
	}
}

// steers steers a ship until told to stop.
func (w *witness) steers(stop context.Context, dice *rand.Rand) {
	for stop.Err() == nil {
		_ = w.Input(w.Tick()+2, arena.Controls{ // away: the next one counts
			MoveX: int8(dice.IntN(255) - 127), MoveY: int8(dice.IntN(255) - 127),
			Aim: uint16(dice.IntN(1 << 16)), Fire: dice.IntN(2) == 0,
		})
		nap(stop, dice, 200*time.Millisecond)
	}
}

// fires fires at one cell after the other, each once, until told to stop.
func (w *witness) fires(stop context.Context, dice *rand.Rand) {
	if err := w.Command(w.Context(), battleship.Command{Ready: true}); w.ends(err) {
		return
	}
	for cell := 0; cell < 100 && stop.Err() == nil; nap(stop, dice, 100*time.Millisecond) {
		fire := battleship.Command{Fire: &battleship.Cell{X: cell % 10, Y: cell / 10}}
		err := w.ask(deed{number: cell}, func(ctx context.Context) error { return w.Command(ctx, fire) })
		if no, ok := errors.AsType[*game.Refusal](err); ok && no.Code == "already-fired" {
			w.Errorf("%s fired at %d once, and is told that it was fired at before", w.name, cell)
		}
		if w.ends(err) {
			return
		}
		if err == nil {
			cell++
		}
	}
}

// awaitOver waits until the match is over, or it is known that it was.
func (w *witness) awaitOver() {
	w.Helper()
	select {
	case <-w.over:
	case <-w.Done():
		if !w.mayEnd() {
			w.Errorf("%s (%s, %s) ended with %v and never heard how the match did", w.name, w.game.Name, w.ticket.Room, w.Err())
		}
	case <-time.After(60 * time.Second):
		w.Errorf("%s (%s) still waits for the end of %s, after %v", w.name, w.game.Name, w.ticket.Room, w.Err())
	}
}

// lastView is when the newest view came.
func (w *witness) lastView() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.viewed
}

// freeze is the longest between two views since the last call.
func (w *witness) freeze() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	longest := w.frozen
	w.frozen = 0
	return longest
}

// noticed is the newest notice, and when it came.
func (w *witness) noticed() (code string, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range slices.Backward(w.heard) {
		if n, ok := h.Message.(wire.Notice); ok {
			return n.Code, h.at
		}
	}
	return "", time.Time{}
}

// told says whether they heard the end.
func (w *witness) told() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}

// nap sleeps for a moment of at most so long, or until told to stop.
func nap(stop context.Context, dice *rand.Rand, most time.Duration) {
	select {
	case <-time.After(time.Duration(dice.Int64N(int64(most)))):
	case <-stop.Done():
	}
}
