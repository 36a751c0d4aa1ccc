package lobby_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/lobby"
	"tickroom/net/wire"
	"tickroom/store"
)

const deadline = 250 * time.Millisecond

// serve has the lobby served on a real connection, with short deadlines.
func (w *world) serve() *httptest.Server {
	s := httptest.NewUnstartedServer(w.handler)
	s.Config.ReadTimeout, s.Config.WriteTimeout = deadline, deadline
	s.Start()
	w.Cleanup(s.Close)
	return s
}

// TestALiveListOutlivesTheServersDeadlines on a real connection: they are for
// requests and whole answers, and a live list has no end.
func TestALiveListOutlivesTheServersDeadlines(t *testing.T) {
	w := newWorld(t)
	defer w.close("nobody is in")
	server := w.serve()
	response, err := server.Client().Get(server.URL + "/v1/rooms/events")
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	defer response.Body.Close()
	equal(t, response.StatusCode, http.StatusOK, "the list is for all")

	ann, lines := w.guest("Ann"), bufio.NewScanner(response.Body)
	for began := time.Now(); time.Since(began) < 4*deadline; { // as long as the deadlines would have to show
		r := w.open(ann, pair, "")
		for told := false; !told; {
			if !lines.Scan() {
				t.Fatalf("the list ended after %v: %v", time.Since(began), lines.Err())
			}
			told = strings.Contains(lines.Text(), r.ID)
		}
	}
}

// essay is a game of long commands.
type essay struct{}

type write struct{ Text string }

func (essay) Apply(*game.Turn, game.Seat, write) error { return nil }
func (essay) Step(*game.Turn)                          {}
func (essay) View(game.Seat) struct{}                  { return struct{}{} }

// TestALongLogOutlivesTheServersDeadlines: who reads slowly, but reads, gets all
// of what does not fit between the two ends.
func TestALongLogOutlivesTheServersDeadlines(t *testing.T) {
	g := game.Define(game.Info{Name: "essay", Title: "Essay", Seats: 1, TickRate: 1}, func(*game.Turn) essay { return essay{} })
	w := newWorld(t, func(c *lobby.Config) { c.Catalog = game.NewCatalog(g) })
	defer w.close("nobody is in")
	log := make(game.Log, 6000) // 24 MB
	for i := range log {
		log[i] = game.Entry{Tick: game.Tick(i), Command: write{strings.Repeat("a", 4000)}}
	}
	packed, err := wire.EncodeLog(log)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	m := store.Match{ID: uuid.NewString(), Game: "essay", Ending: store.Finished, EndedAt: time.Now(), Log: packed}
	if err := w.store.SaveMatch(t.Context(), m); err != nil {
		t.Fatalf("save: %v", err)
	}
	server := w.serve()
	response, err := server.Client().Get(server.URL + "/v1/matches/" + m.ID + "/log")
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	defer response.Body.Close()
	time.Sleep(2 * deadline) // is the test: nothing is read for longer than the deadline
	var body struct{ Entries []struct{ Tick int } }
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	equal(t, len(body.Entries), len(log), "all of it arrived")
}
