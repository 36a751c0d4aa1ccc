package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/game/arena"
	proxy "tickroom/net/cable"
	"tickroom/net/client"
	"tickroom/net/wire"
)

const (
	// begin is the line from which on everybody hears the same.
	begin = "begin"

	commanders = 2 // of each fighter: so many commands are under way at once
	actEvery   = 60 * time.Millisecond
	steerEvery = 50 * time.Millisecond
	sayEvery   = 1200 * time.Millisecond // more than the second that a line costs
)

// battle is a server on real sockets with one arena, and who plays in it.
type battle struct {
	testing.TB
	addr   string
	room   string
	all    []*fighter    // the watcher first
	enough chan struct{} // closed when nothing more is to be said
	stop   func()        // everybody goes, and the server stops
}

// opens starts a server.
func opens(t testing.TB, database string) *battle {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	lines, ended := make(lineWriter, 10), make(chan error, 1)
	args := []string{"-listen", "127.0.0.1:0", "-database", database, "-log-level", "warn"}
	go func() { ended <- run(ctx, args, func(string) string { return "" }, lines, t.Output()) }()
	b := &battle{TB: t, enough: make(chan struct{})}
	b.stop = sync.OnceFunc(func() {
		for _, f := range b.all {
			f.client.Close()
			f.cable.Close()
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopped with %v", err)
		}
	})
	for {
		select {
		case line := <-lines:
			if _, addr, ok := strings.Cut(line, "play at http://"); ok {
				b.addr = strings.TrimSpace(addr)
				return b
			}
		case err := <-ended:
			t.Fatalf("did not start: %v", err)
		}
	}
}

func (b *battle) fighters() []*fighter { return b.all[1:] }

// messages is how many that must arrive did, both ways.
func (b *battle) messages() (n int) {
	for _, f := range b.all {
		n += len(f.now().heard) + 2*len(f.said) // lines are answered, as commands are
		for _, acted := range f.acted {
			n += 2 * len(acted)
		}
	}
	return n
}

// fighter is a player of the arena behind a cable.
type fighter struct {
	*battle
	name   string
	token  string
	ticket ticket
	cable  *proxy.Cable
	client *client.Client
	dice   *rand.Rand // of the course of cuts

	// Owned by who acts and talks, until they are done.
	acted [commanders][]arena.Controls
	said  []string

	// Guarded by mu.
	mu     sync.Mutex
	senses senses
	news   chan struct{} // closed, and made anew, when senses change
}

// senses are what a fighter has noticed.
type senses struct {
	heard       []wire.Message // what everybody hears, from the line that begins it
	welcomes    int
	done        int       // commands answered
	connections int       // over which a view came
	dropped     bool      // and no view came since
	firstView   time.Time // of the last of the connections
	tick        game.Tick // of the newest view
	view        arena.View
}

// comes takes a seat and joins over a new cable.
func (b *battle) comes(name string, dice *rand.Rand) *fighter {
	b.Helper()
	f := &fighter{battle: b, name: name, dice: dice, news: make(chan struct{})}
	f.senses.dropped = true // not here yet
	var err error
	if f.cable, err = proxy.New(b.addr, 1); err != nil {
		b.Fatal(err)
	}
	var guest struct{ Token string }
	f.post("/v1/players", map[string]any{"name": name}, &guest)
	f.token = guest.Token
	f.ticket = f.sits()
	b.room = f.ticket.Room
	at, err := url.Parse(f.ticket.URL)
	if err != nil {
		b.Fatal(err)
	}
	at.Host = f.cable.Addr()
	f.client, err = client.Join(b.Context(), client.Config{
		URL: at.String(), Ticket: f.ticket.Ticket, Game: arena.Game, Hear: f.hears, Dropped: f.drops,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.all = append(b.all, f)
	return f
}

// sits takes a seat, or asks which one it has.
func (f *fighter) sits() (t ticket) {
	f.Helper()
	options := map[string]int{"seconds": 600, "bots": 0, "score": 0}
	f.post("/v1/games/arena/seats", map[string]any{"options": options}, &t)
	return t
}

func (f *fighter) sitsWhereTheySat() {
	f.Helper()
	if now := f.sits(); now.Seat != f.ticket.Seat || now.Room != f.ticket.Room {
		f.Errorf("%s has seat %d, had %d: it is kept through everything", f.name, now.Seat, f.ticket.Seat)
	}
}

// post makes a call of the API, not over the cable.
func (f *fighter) post(path string, body, into any) {
	f.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		f.Fatal(err)
	}
	req, err := http.NewRequestWithContext(f.Context(), http.MethodPost, "http://"+f.addr+path, bytes.NewReader(b))
	if err != nil {
		f.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if f.token != "" {
		req.Header.Set("Authorization", "Bearer "+f.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusCreated {
		f.Fatalf("%s: %s, %v", path, resp.Status, err)
	}
}

// hears is the client's.
func (f *fighter) hears(m wire.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &f.senses
	switch m := m.(type) {
	case wire.Welcome:
		s.welcomes++
	case wire.Snapshot:
		if m.Tick < s.tick {
			f.Errorf("%s was shown tick %d after %d", f.name, m.Tick, s.tick)
		}
		if s.tick, s.view = m.Tick, m.View.(arena.View); s.dropped {
			s.dropped, s.firstView = false, time.Now()
			s.connections++
		}
	case wire.Event, wire.Chat, wire.Member:
		if line, ok := m.(wire.Chat); ok && line.Text == begin || len(s.heard) > 0 {
			s.heard = append(s.heard, m)
		}
	}
	f.noticed()
}

// drops is the client's.
func (f *fighter) drops(client.Drop) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.senses.dropped = true
	f.noticed()
}

func (f *fighter) noticed() {
	close(f.news)
	f.news = make(chan struct{})
}

// now is what has been noticed so far. What was heard is only ever added to.
func (f *fighter) now() senses {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.senses
}

// until waits for something to be so.
func (f *fighter) until(within time.Duration, what string, so func(senses) bool) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		f.mu.Lock()
		s, news := f.senses, f.news
		f.mu.Unlock()
		if so(s) {
			return true
		}
		select {
		case <-news:
		case <-f.client.Done():
			f.Errorf("%s is not %s: the client has ended, %v", f.name, what, f.client.Err())
			return false
		case <-timer.C:
			f.Errorf("%s is not %s within %v: views %d, connections %d, commands %d, heard %d, welcomes %d",
				f.name, what, within, s.tick, s.connections, s.done, len(s.heard), s.welcomes)
			return false
		}
	}
}

// acts does one command after the other, each to be known by its aim. It does
// not fire: so it is known from an input.
func (f *fighter) acts(commander int) {
	for n := 0; f.pauses(actEvery); n++ {
		c := arena.Controls{Aim: uint16(n%512*commanders + commander)}
		if err := f.client.Command(f.Context(), c); err != nil {
			f.Errorf("%s, command %d: %v", f.name, n, err)
			return
		}
		f.acted[commander] = append(f.acted[commander], c)
		f.mu.Lock()
		f.senses.done++
		f.noticed()
		f.mu.Unlock()
	}
}

// talks says one line after the other.
func (f *fighter) talks() {
	for f.pauses(sayEvery) {
		text := fmt.Sprintf("line %d", len(f.said))
		if err := f.client.Say(f.Context(), text); err != nil {
			f.Errorf("%s, %s: %v", f.name, text, err)
			return
		}
		f.said = append(f.said, text)
	}
}

// steers goes for the first ship that flies, and fires at it: where all meet,
// much happens.
func (f *fighter) steers() {
	for f.pauses(steerEvery) {
		c := arena.Controls{Fire: true}
		ships := f.now().view.Ships
		me := slices.IndexFunc(ships, func(s arena.ShipView) bool { return int(s.Seat) == f.ticket.Seat })
		prey := slices.IndexFunc(ships, func(s arena.ShipView) bool { return int(s.Seat) != f.ticket.Seat && s.Down == 0 })
		if me >= 0 && prey >= 0 {
			x, y := float64(ships[prey].Body.X-ships[me].Body.X), float64(ships[prey].Body.Y-ships[me].Body.Y)
			far := max(1, math.Hypot(x, y))
			c.MoveX, c.MoveY = int8(127*x/far), int8(127*y/far)
			c.Aim = uint16(int(math.Atan2(y, x)/math.Pi*512) & 1023)
		}
		_ = f.client.Input(f.client.Tick()+2, c) // away: the next one counts
	}
}

// pauses says whether to go on.
func (f *fighter) pauses(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-f.enough:
		return false
	}
}

// lines are those heard of one of the players.
func (f *fighter) lines(of string) (all []string) {
	for _, m := range f.now().heard {
		if c, ok := m.(wire.Chat); ok && c.Name == of {
			all = append(all, c.Text)
		}
	}
	return all
}

func eventsIn(heard []wire.Message) (all []wire.Event) {
	for _, m := range heard {
		if e, ok := m.(wire.Event); ok {
			all = append(all, e)
		}
	}
	return all
}
