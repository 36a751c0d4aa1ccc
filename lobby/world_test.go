package lobby_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tickroom/game"
	"tickroom/game/room"
	"tickroom/lobby"
	"tickroom/net/wire"
	"tickroom/store"
	"tickroom/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a lobby over a store that forgets, in a bubble of its own time.
type world struct {
	*testing.T
	*lobby.Lobby
	store   store.Store
	handler http.Handler
	log     *bytes.Buffer // what was logged; read it when nothing runs
}

// tell runs a story in a bubble. At its end every room must end within the
// time that a server has to stop.
func tell(t *testing.T, story func(*world), change ...func(*lobby.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, change...)
		defer w.close("a lobby ends, whatever was going on in it")
		story(w)
	})
}

func newWorld(t *testing.T, change ...func(*lobby.Config)) *world {
	t.Helper()
	w := &world{T: t, log: new(bytes.Buffer)}
	cfg := lobby.Config{
		Catalog: game.NewCatalog(pair, trio, house, solo, choosy, chat, hidden),
		Store:   storetest.NewMemory(),
		Log:     slog.New(slog.NewTextHandler(w.log, nil)),
	}
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if w.Lobby, err = lobby.New(t.Context(), cfg); err != nil {
		t.Fatalf("new lobby: %v", err)
	}
	w.store, w.handler = cfg.Store, w.Handler()
	return w
}

func (w *world) close(why string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := w.Close(ctx); err != nil {
		w.Errorf("close: %v; %s", err, why)
	}
}

// The games of these stories differ in what a lobby cares for.
var (
	pair   = small(game.Info{Name: "pair", MinSeats: 2, Seats: 2})
	trio   = small(game.Info{Name: "trio", MinSeats: 2, Seats: 3})
	house  = small(game.Info{Name: "house", Seats: 4, Late: true})
	solo   = small(game.Info{Name: "solo", Seats: 1})
	choosy = small(game.Info{Name: "choosy", Seats: 2, Options: []game.Option{
		{Name: "length", Title: "Length", Default: 5, Min: 1, Max: 10},
		{Name: "walls", Title: "Walls", Default: 0, Min: 0, Max: 1},
	}})
	chat   = small(game.Info{Name: "chat", Seats: 8, Late: true, Unlogged: true})
	hidden = small(game.Info{Name: "hidden", Seats: 2, Unlisted: true})
)

func small(i game.Info) *game.Game {
	i.Title, i.Version, i.TickRate = strings.ToUpper(i.Name), 1, 10
	return game.Define(i, func(t *game.Turn) *tally { return &tally{Points: make([]int, t.Seats())} })
}

// tally is a game of counting: whoever says so ends it.
type tally struct{ Points []int }

type add struct {
	Points int
	End    bool
}

type sums struct{ Points []int }

func (m *tally) Apply(t *game.Turn, s game.Seat, c add) error {
	if c.Points < 0 {
		return game.Refuse("negative", "Points are added.")
	}
	m.Points[s] += c.Points
	if c.End {
		t.End(game.Result{Reason: "done", Standings: m.standings()})
	}
	return nil
}

func (m *tally) Step(*game.Turn) {}

func (m *tally) View(game.Seat) sums { return sums{append([]int(nil), m.Points...)} }

// standings gives each seat its place by points.
func (m *tally) standings() []game.Standing {
	var all []game.Standing
	for s, points := range m.Points {
		place := 1
		for _, other := range m.Points {
			if other > points {
				place++
			}
		}
		all = append(all, game.Standing{Seat: game.Seat(s), Place: place, Score: points})
	}
	return all
}

// answer is what a call got.
type answer struct {
	*testing.T
	call   string
	status int
	header http.Header
	body   string
}

// call makes a call as somebody; the token "" is nobody's, the body "" is none.
func (w *world) call(method, path, token, body string) *answer {
	w.Helper()
	r := request(method, path, token, body)
	return w.do(r)
}

func request(method, path, token, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, path, nil)
	} else {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func (w *world) do(r *http.Request) *answer {
	w.Helper()
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, r)
	return &answer{w.T, r.Method + " " + r.URL.String(), out.Code, out.Header(), out.Body.String()}
}

// ok requires a status of success.
func (a *answer) ok(status int, why string) *answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("%s: %d %s, want %d: %s", a.call, a.status, a.body, status, why)
	}
	return a
}

type problem struct {
	Title, Detail, Code string
	Status              int
	Errors              []struct{ Message, Location string }
}

// refused requires a problem of this status and code.
func (a *answer) refused(status int, code, why string) problem {
	a.Helper()
	p := read[problem](a)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.Errorf("%s: %q, want application/problem+json: %s", a.call, got, why)
	}
	if a.status != status || p.Status != status || p.Code != code {
		a.Fatalf("%s: %d %s, want %d %q: %s", a.call, a.status, a.body, status, code, why)
	}
	if p.Detail == "" || p.Title == "" {
		a.Errorf("%s: %s: a refusal has a sentence for people", a.call, a.body)
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		if a.header.Get("Retry-After") == "" {
			a.Errorf("%s: no Retry-After: who is to wait must know how long", a.call)
		}
	}
	return p
}

// read decodes a body.
func read[T any](a *answer) T {
	a.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.Fatalf("%s: %s: %v", a.call, a.body, err)
	}
	return v
}

// What clients see.
type (
	guest struct {
		Player struct{ ID, Name string }
		Token  string
	}
	roomEntry struct {
		ID, Game, Code, Invite, Status string
		Private                        bool
		Seats, Free, Watchers          int
		Players                        []struct {
			ID, Name, State string
			Seat            int
		}
		Options   map[string]int
		CreatedAt time.Time `json:"created_at"`
	}
	ticket struct {
		Ticket, URL, Room, Game, Code string
		Seat                          int
		ExpiresAt                     *time.Time `json:"expires_at"`
	}
	list[T any] struct {
		Items      []T
		NextCursor string `json:"next_cursor"`
	}
)

// guest makes a player.
func (w *world) guest(name string) guest {
	w.Helper()
	body, _ := json.Marshal(map[string]string{"name": name})
	return read[guest](w.call("POST", "/v1/players", "", string(body)).ok(201, "anybody may become a player"))
}

// guests makes n players.
func (w *world) guests(n int) []guest {
	w.Helper()
	all := make([]guest, n)
	for i := range all {
		all[i] = w.guest(fmt.Sprint("p", i))
	}
	return all
}

// atOnce has all players do something at the same time.
func (w *world) atOnce(players []guest, do func(guest)) {
	w.Helper()
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, p := range players {
		all.Go(func() { <-start; do(p) })
	}
	synctest.Wait() // everybody stands at the door
	close(start)
	all.Wait()
}

// open opens a room; more is put into the body after the game.
func (w *world) open(p guest, g *game.Game, more string) roomEntry {
	w.Helper()
	return read[roomEntry](w.call("POST", "/v1/rooms", p.Token, `{"game":"`+g.Name+`"`+more+`}`).ok(201, "a player may open a room"))
}

const private = `,"private":true`

// Ways to a seat.
func (w *world) byRoom(p guest, id string) *answer {
	return w.call("POST", "/v1/rooms/"+id+"/seats", p.Token, "")
}

func (w *world) byCode(p guest, code string) *answer {
	return w.call("POST", "/v1/codes/"+code+"/seats", p.Token, "")
}

func (w *world) byGame(p guest, g *game.Game) *answer {
	return w.call("POST", "/v1/games/"+g.Name+"/seats", p.Token, "")
}

func (w *world) again(p guest, id string) *answer {
	return w.call("POST", "/v1/rooms/"+id+"/again", p.Token, "")
}

func (w *world) leave(p guest, id string) *answer {
	return w.call("DELETE", "/v1/rooms/"+id+"/seats/me", p.Token, "")
}

func (w *world) look(p guest, id string) roomEntry {
	w.Helper()
	return read[roomEntry](w.call("GET", "/v1/rooms/"+id, p.Token, "").ok(200, "who may enter may look"))
}

func (a *answer) seat(why string) ticket {
	a.Helper()
	return read[ticket](a.ok(201, why))
}

// link is a connection that keeps nothing but how it ended.
type link struct {
	mu     sync.Mutex
	closed wire.CloseCode
}

func (l *link) Begin(wire.Frame)    {}
func (l *link) Send(wire.Frame)     {}
func (l *link) Poll()               {}
func (l *link) Snapshot(wire.Frame) {}
func (l *link) Note(wire.Frame)     {}
func (l *link) Outbox() wire.Outbox { return wire.Outbox{} }
func (l *link) Name() string        { return "link" }
func (l *link) Close(code wire.CloseCode, _ string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = code
}

// join connects a ticket, as the channel does.
func (w *world) join(t ticket) *room.Member {
	w.Helper()
	r, err := w.RoomOf(w.Context(), t.Ticket)
	if err != nil {
		w.Fatalf("no room of the ticket for %s: %v", t.Room, err)
	}
	m, err := r.Join(w.Context(), t.Ticket, &link{})
	if err != nil {
		w.Fatalf("join: %v", err)
	}
	return m
}

// pass lets time go by in the bubble.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// play plays a match of these players in a room to its end: each has one point
// more than the next.
func (w *world) play(id string, players ...guest) []ticket {
	w.Helper()
	var tickets []ticket
	var members []*room.Member
	for _, p := range players {
		t := w.byRoom(p, id).seat("there are seats for all who play")
		tickets = append(tickets, t)
		members = append(members, w.join(t))
	}
	pass(time.Second)
	for i, m := range members {
		m.Command(1, add{Points: len(members) - i})
	}
	members[0].Command(2, add{End: true})
	pass(time.Second)
	return tickets
}

func equal[T comparable](t testing.TB, got, want T, why string) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v: %s", got, want, why)
	}
}
