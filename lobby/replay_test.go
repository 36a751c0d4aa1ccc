package lobby_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/game/replay"
	"tickroom/net/wire"
	"tickroom/store"
)

type replayTicket struct {
	Ticket, URL, Room, Match, Game string
	Seat, Begins, Ticks, Delay     int
	Live                           bool
	TickRate                       int       `json:"tick_rate"`
	ExpiresAt                      time.Time `json:"expires_at"`
}

func (w *world) replay(p guest, id string) *answer {
	w.Helper()
	return w.call("POST", "/v1/matches/"+id+"/replay", p.Token, "")
}

// watches opens a screening and comes to it, as the channel does.
func (w *world) watches(p guest, id string) *link {
	w.Helper()
	t := read[replayTicket](w.replay(p, id).ok(201, "who may see a match may watch it"))
	s, ok := w.ScreeningOf(t.Ticket)
	if !ok {
		w.Fatal("the ticket is for no screening")
	}
	l := &link{}
	if _, err := s.Join(l); err != nil {
		w.Fatalf("join: %v", err)
	}
	synctest.Wait()
	return l
}

func (l *link) code() wire.CloseCode {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func TestAMatchThatEndedCanBeWatched(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, pair, "")
		w.play(r.ID, ann, ben)
		now := time.Now()
		a := read[replayTicket](w.replay(cid, r.ID).ok(201, "a public match is for all to watch"))
		m := w.match(guest{}, r.ID)
		equal(t, fmt.Sprint(a.Match, a.Game, a.Seat, a.TickRate, a.Ticks), fmt.Sprint(r.ID, "pair", -1, 10, m.Ticks), "what will be shown")
		equal(t, strings.HasPrefix(a.URL, "ws://example.com/v1/play"), true, "and where")
		equal(t, a.Begins > 0 && a.Begins < a.Ticks, true, "it begins where both had come")
		equal(t, a.ExpiresAt.Equal(now.Add(time.Minute)), true, "whoever asks has a minute to come")
		b := read[replayTicket](w.replay(cid, r.ID).ok(201, "in a second tab as well"))
		equal(t, a.Ticket != b.Ticket && a.Room != b.Room, true, "each sees their own")
		_, ok := w.ScreeningOf(a.Ticket)
		equal(t, ok, true, "the ticket is good")
		_, err := w.RoomOf(w.Context(), a.Ticket)
		equal(t, err != nil, true, "but for no room")
		pass(61 * time.Second)
		_, ok = w.ScreeningOf(a.Ticket)
		equal(t, ok, false, "nobody came")
	})
}

// TestAMatchIsKeptWithItsMarks so that verifying can say where it differs.
func TestAMatchIsKeptWithItsMarks(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		w.join(w.byRoom(ann, r.ID).seat("it is free"))
		pass(25 * time.Second)
		w.play(r.ID, ann)
		m, err := w.store.Match(t.Context(), r.ID)
		if err != nil {
			t.Fatalf("match: %v", err)
		}
		raw, err := w.store.MatchLog(t.Context(), r.ID)
		if err != nil {
			t.Fatalf("log: %v", err)
		}
		kept, err := replay.Of(game.NewCatalog(solo), m, raw)
		if err != nil {
			t.Fatalf("record: %v", err)
		}
		equal(t, len(kept.Marks), 2, "one every ten seconds")
		if err := kept.Check(t.Context()); err != nil {
			t.Errorf("%v: it is what was played", err)
		}
	})
}

func TestATicketOpensItsOwnScreeningAlone(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		seat := w.play(r.ID, ann)[0]
		a := read[replayTicket](w.replay(ann, r.ID).ok(201, "she played it"))
		b := read[replayTicket](w.replay(ann, r.ID).ok(201, "she played it"))
		good, err := base64.RawURLEncoding.DecodeString(a.Ticket)
		if err != nil {
			t.Fatal(err)
		}
		other, err := base64.RawURLEncoding.DecodeString(b.Ticket)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			forged := append([]byte(nil), good...)
			forged[i] ^= 1
			if _, ok := w.ScreeningOf(base64.RawURLEncoding.EncodeToString(forged)); ok {
				t.Errorf("a ticket with byte %d changed opens a screening", i)
			}
		}
		swapped := append(append([]byte(nil), other[:16]...), good[16:]...)
		for why, ticket := range map[string]string{
			"the id of another": base64.RawURLEncoding.EncodeToString(swapped), "nothing": "", "the seat's": seat.Ticket, "no ticket": a.Room,
		} {
			if _, ok := w.ScreeningOf(ticket); ok {
				t.Errorf("%s opens a screening", why)
			}
		}
	})
}

func TestWhoMayNotWatchIsToldWhy(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, house, private)
		w.byCode(ben, r.Code).seat("the code is the way in")
		w.play(r.ID, ann, ben)
		w.watches(ben, r.ID)
		w.replay(cid, r.ID).refused(403, "not-yours", "only who played a private match may watch it")
		w.replay(guest{}, r.ID).refused(401, "no-token", "a screening is somebody's")
		w.replay(cid, uuid.NewString()).refused(404, "no-match", "there is none")
		w.replay(cid, "x").refused(404, "no-match", "nor could there be")
		for _, c := range []struct {
			match  store.Match
			status int
			code   string
		}{
			{store.Match{Game: "chess", Version: 1}, 410, "no-log"},
			{store.Match{Game: "pair", Version: 1, Log: []byte("?")}, 410, "no-log"},
			{store.Match{Game: "pair", Version: 7, Log: []byte("?")}, 409, "other-rules"},
			{store.Match{Game: "pair", Version: 1, Seats: -1, Log: noLog(t)}, 410, "no-log"},
		} {
			c.match.ID, c.match.Ending, c.match.EndedAt = uuid.NewString(), store.Finished, time.Now()
			if err := w.store.SaveMatch(t.Context(), c.match); err != nil {
				t.Fatalf("save: %v", err)
			}
			w.replay(cid, c.match.ID).refused(c.status, c.code, "the match is there, but this build cannot play it")
		}
		w.Drain()
		w.replay(ben, r.ID).refused(503, "draining", "the server stops")
	})
}

func noLog(t *testing.T) []byte {
	b, err := wire.EncodeLog(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPlayersFifthReplayClosesTheirFirst(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben := w.guest("Ann"), w.guest("Ben")
		r := w.open(ann, solo, "")
		w.play(r.ID, ann)
		bens := w.watches(ben, r.ID)
		var anns []*link
		for range 6 {
			anns = append(anns, w.watches(ann, r.ID))
		}
		for i, want := range []wire.CloseCode{wire.CloseTakenOver, wire.CloseTakenOver, 0, 0, 0, 0} {
			equal(t, anns[i].code(), want, fmt.Sprintf("of six the last four are open; this is number %d", i+1))
		}
		equal(t, bens.code(), 0, "others' stay")
	})
}

func TestReplaysAreBounded(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		w.play(r.ID, ann)
		for _, p := range w.guests(64) {
			for range 4 {
				w.replay(p, r.ID).ok(201, "there is room for 256")
			}
		}
		w.replay(ann, r.ID).refused(503, "busy", "one more does not fit")
		pass(61 * time.Second)
		w.watches(ann, r.ID)
	})
}

func TestAServerThatStopsClosesReplays(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, solo, "")
		w.play(r.ID, ann)
		l := w.watches(ann, r.ID)
		w.close("nobody is waited for")
		equal(t, l.code(), wire.CloseGoingAway, "the viewer is told")
	})
}
