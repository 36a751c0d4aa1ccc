package lobby_test

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/net/wire"
	"tickroom/store"
)

type matchEntry struct {
	ID, Game, Seed, Ending, Reason string
	Private                        bool
	Version, Seats, Ticks          int
	TickRate                       int    `json:"tick_rate"`
	StateHash                      string `json:"state_hash"`
	Options                        map[string]int
	StartedAt                      time.Time `json:"started_at"`
	EndedAt                        time.Time `json:"ended_at"`
	Players                        []played
}

type played struct {
	ID, Name           string
	Seat, Place, Score int
	Left               bool
}

func (w *world) match(p guest, id string) matchEntry {
	w.Helper()
	return read[matchEntry](w.call("GET", "/v1/matches/"+id, p.Token, "").ok(200, "what was played can be read"))
}

func (w *world) matches(p guest, query string) list[matchEntry] {
	w.Helper()
	return read[list[matchEntry]](w.call("GET", "/v1/matches?"+query, p.Token, "").ok(200, "the list is for all to see"))
}

func TestAMatchIsKeptAsItEnded(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, house, "")
		w.join(w.byRoom(cid, r.ID).seat("free"))
		pass(time.Second)
		w.leave(cid, r.ID).ok(204, "Cid leaves before the end")
		pass(time.Second)
		began := time.Now().Add(-2 * time.Second)
		w.play(r.ID, ann, ben)

		m := w.match(guest{}, r.ID)
		equal(t, m.Game+" "+m.Ending+" "+m.Reason, "house finished done", "how it ended is kept")
		equal(t, m.StartedAt.Sub(began).Round(100*time.Millisecond), 100*time.Millisecond, "it began when there were players enough")
		equal(t, m.EndedAt.After(m.StartedAt), true, "and ended later")
		want := []played{
			{ann.Player.ID, "Ann", 0, 1, 2, false},
			{ben.Player.ID, "Ben", 1, 2, 1, false},
			{"", "", 2, 3, 0, false}, // who had a standing and was nobody: a bot
			{"", "", 3, 3, 0, false},
			{cid.Player.ID, "Cid", 0, 0, 0, true},
		}
		equal(t, fmt.Sprint(m.Players), fmt.Sprint(want), "each with seat, place and score; who left has no place")
		equal(t, w.matches(cid, "player="+cid.Player.ID).Items[0].ID, r.ID, "who left has played too")
	})
}

// TestALogPlaysTheMatchAgain to the same hash, from what was stored, and says
// the same in JSON.
func TestALogPlaysTheMatchAgain(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, pair, "")
		w.play(r.ID, ann, ben)
		m, err := w.store.Match(t.Context(), r.ID)
		if err != nil {
			t.Fatalf("match: %v", err)
		}
		raw, err := w.store.MatchLog(t.Context(), r.ID)
		if err != nil {
			t.Fatalf("log: %v", err)
		}
		log, err := wire.DecodeLog(pair, raw)
		if err != nil {
			t.Fatalf("log: %v", err)
		}
		setup := game.Setup{Game: m.Game, Version: m.Version, Seats: m.Seats, TickRate: m.TickRate, Seed: m.Seed, Options: m.Options}
		played, err := game.Replay(pair, setup, log, game.Tick(m.Ticks))
		if err != nil {
			t.Fatalf("replay: %v", err)
		}
		entry := w.match(guest{}, r.ID)
		equal(t, fmt.Sprintf("%016x", played.Hash()), entry.StateHash, "the same setup and log give the same state")
		equal(t, fmt.Sprint(m.Seed), entry.Seed, "the seed is exact: 64 bits do not fit a JSON number")

		body := read[struct {
			Match   matchEntry
			Entries []struct {
				Tick, Seat int
				State      string
				Command    *struct {
					Points int
					End    bool
				}
			}
		}](w.call("GET", "/v1/matches/"+r.ID+"/log", "", "").ok(200, "the log can be read"))
		equal(t, body.Match.ID, r.ID, "the log comes with its match")
		equal(t, len(body.Entries), len(log), "all of it")
		for i, e := range log {
			got := body.Entries[i]
			equal(t, got.Tick, int(e.Tick), "at its tick")
			equal(t, got.Seat, int(e.Seat), "by its seat")
			if e.Command == nil {
				equal(t, got.State, e.State.String(), "what the seat became")
			} else {
				equal(t, add{got.Command.Points, got.Command.End}, e.Command.(add), "what was done")
			}
		}
	})
}

func TestAPrivateMatchIsForWhoPlayedInIt(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, house, private) // with bots, who are nobody, as is who shows no token
		w.byCode(ben, r.Code).seat("the code is the way in")
		w.call("POST", "/v1/codes/"+r.Code+"/seats", cid.Token, `{"spectate":true}`).ok(201, "Cid watches")
		w.play(r.ID, ann, ben)
		for _, p := range []guest{ann, ben} {
			equal(t, w.match(p, r.ID).Private, true, "who played may see it")
			equal(t, len(w.matches(p, "").Items), 1, "who played has it in the list")
			w.call("GET", "/v1/matches/"+r.ID+"/log", p.Token, "").ok(200, "who played may see the log")
		}
		for _, p := range []guest{cid, {}} {
			w.call("GET", "/v1/matches/"+r.ID, p.Token, "").refused(403, "not-yours", "who did not play may not")
			w.call("GET", "/v1/matches/"+r.ID+"/log", p.Token, "").refused(403, "not-yours", "nor the log")
			equal(t, len(w.matches(p, "").Items), 0, "nor is it in their list")
			equal(t, len(w.matches(p, "player="+ann.Player.ID).Items), 0, "nor in the list of who played")
		}
	})
}

func TestAnUnloggedGameIsNotKept(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, chat, "")
		w.play(r.ID, ann)
		equal(t, w.look(guest{}, r.ID).Status, "over", "it ended")
		w.call("GET", "/v1/matches/"+r.ID, "", "").refused(404, "no-match", "a chat is nobody's result")
	})
}

func TestALogOfAGameWeDoNotHave(t *testing.T) {
	tell(t, func(w *world) {
		old := store.Match{ID: uuid.NewString(), Game: "chess", Ending: store.Finished, EndedAt: time.Now()}
		broken := store.Match{ID: uuid.NewString(), Game: "pair", Ending: store.Finished, EndedAt: time.Now(), Log: []byte("?")}
		for _, m := range []store.Match{old, broken} {
			if err := w.store.SaveMatch(t.Context(), m); err != nil {
				t.Fatalf("save: %v", err)
			}
			w.match(guest{}, m.ID)
			w.call("GET", "/v1/matches/"+m.ID+"/log", "", "").refused(410, "no-log", "the match is there, but no build of ours can play it")
		}
	})
}

// TestPagesOfMatchesMissNothing has many end in the same millisecond.
func TestPagesOfMatchesMissNothing(t *testing.T) {
	tell(t, func(w *world) {
		const all = 25
		for i := range all {
			m := store.Match{ID: uuid.NewString(), Game: "pair", Ending: store.Finished, EndedAt: time.Now().Add(time.Duration(i/10) * time.Millisecond)}
			if err := w.store.SaveMatch(t.Context(), m); err != nil {
				t.Fatalf("save: %v", err)
			}
		}
		var want []string
		for _, m := range w.matches(guest{}, "limit=50").Items {
			want = append(want, m.ID)
		}
		equal(t, len(want), all, "one page can hold them")
		equal(t, len(w.matches(guest{}, "").Items), 20, "a page has 20 unless told")
		for _, limit := range []int{1, 4, 5, 24, 25, 26} {
			var seen []string
			for cursor, pages := "", 1; ; pages++ {
				page := w.matches(guest{}, fmt.Sprintf("limit=%d&cursor=%s", limit, cursor))
				for _, m := range page.Items {
					seen = append(seen, m.ID)
				}
				if cursor = page.NextCursor; cursor == "" {
					equal(t, pages, (all+limit-1)/limit, "the last page says that it is the last")
					break
				}
			}
			equal(t, strings.Join(seen, " "), strings.Join(want, " "), fmt.Sprintf("in pages of %d: each once, newest first", limit))
		}
	})
}

func TestAWrongListOfMatchesNamesEachField(t *testing.T) {
	tell(t, func(w *world) {
		forged := base64.RawURLEncoding.EncodeToString([]byte("5 ' or 1=1"))
		for query, field := range map[string]string{
			"limit=0": "query.limit", "limit=51": "query.limit", "player=ann": "query.player", "colour=red": "query.colour",
			"cursor=x": "query.cursor", "cursor=%20": "query.cursor", "cursor=" + forged: "query.cursor",
		} {
			p := w.call("GET", "/v1/matches?"+query, "", "").refused(422, "invalid", query)
			equal(t, p.Errors[0].Location, field, "the wrong field is named")
		}
	})
}

// TestIdsAreReadInAnyForm that a uuid is written in.
func TestIdsAreReadInAnyForm(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		w.play(r.ID, ann)
		for _, id := range []string{strings.ToUpper(r.ID), "urn:uuid:" + r.ID, strings.ReplaceAll(r.ID, "-", "")} {
			equal(t, w.match(guest{}, id).ID, r.ID, id+" is the same id")
		}
		equal(t, len(w.matches(guest{}, "player="+strings.ToUpper(ann.Player.ID)).Items), 1, "a player's id too")
	})
}

// held is a reader that takes nothing until it is let go.
type held struct {
	*httptest.ResponseRecorder
	until chan struct{}
}

func (h held) Write(b []byte) (int, error) {
	<-h.until
	return h.ResponseRecorder.Write(b)
}

// TestFewLogsAreReadAtOnce since each is in memory meanwhile.
func TestFewLogsAreReadAtOnce(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		w.play(r.ID, ann)
		path := "/v1/matches/" + r.ID + "/log"
		for range 10 {
			w.call("GET", "/v1/matches/"+uuid.NewString()+"/log", "", "").refused(404, "no-match", "what is not there is not being read")
		}
		until := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() { w.handler.ServeHTTP(held{httptest.NewRecorder(), until}, request("GET", path, "", "")) })
		}
		synctest.Wait()
		w.call("GET", path, "", "").refused(503, "busy", "four are being read")
		close(until)
		readers.Wait()
		w.call("GET", path, "", "").ok(200, "they have been read")
	})
}
