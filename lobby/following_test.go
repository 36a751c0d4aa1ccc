package lobby_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/lobby"
	"tickroom/net/wire"
)

// screen is a link that reads what it is shown.
type screen struct {
	link
	of *game.Game

	mu      sync.Mutex
	tick    game.Tick
	seen    int // of the first seat's points
	notices []string
	over    *wire.Over
}

func (s *screen) Send(f wire.Frame)     { s.read(f) }
func (s *screen) Poll()                 {}
func (s *screen) Snapshot(f wire.Frame) { s.read(f) }
func (s *screen) Note(f wire.Frame)     { s.read(f) }

func (s *screen) read(f wire.Frame) {
	m, err := wire.DecodeServer(f, s.of)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m := m.(type) {
	case wire.Snapshot:
		s.tick, s.seen = m.Tick, m.View.(sums).Points[0]
	case wire.Notice:
		s.notices = append(s.notices, m.Code)
	case wire.Over:
		s.over = &m
	}
}

// saw is what was read by now.
func (s *screen) saw() (tick game.Tick, points int, notices string, over *wire.Over) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tick, s.seen, fmt.Sprint(s.notices), s.over
}

// replayLate asks for a replay with a delay.
func (w *world) replayLate(p guest, id string, seconds int) *answer {
	w.Helper()
	return w.call("POST", "/v1/matches/"+id+"/replay", p.Token, fmt.Sprintf(`{"delay":%d}`, seconds))
}

// comes comes to a screening.
func (w *world) comes(g *game.Game, t replayTicket) *screen {
	w.Helper()
	s, ok := w.ScreeningOf(t.Ticket)
	if !ok {
		w.Fatal("the ticket is for no screening")
	}
	l := &screen{of: g}
	if _, err := s.Join(l); err != nil {
		w.Fatalf("join: %v", err)
	}
	synctest.Wait()
	return l
}

func TestAMatchIsWatchedWhileItIsPlayedAndToItsStoredEnd(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, pair, "")
		anns := w.join(w.byRoom(ann, r.ID).seat("it is free"))
		w.join(w.byRoom(ben, r.ID).seat("it is free"))
		pass(30 * time.Second)
		a := read[replayTicket](w.replay(cid, r.ID).ok(201, "a match may be watched while it is played"))
		equal(t, fmt.Sprint(a.Live, a.Delay, a.Match, a.Begins), fmt.Sprint(true, 0, r.ID, 1), "what is shown, and that it is live")
		equal(t, a.Ticks >= 290 && a.Ticks <= 301, true, "as far as it is kept")
		now, late := w.comes(pair, a), w.comes(pair, read[replayTicket](w.replayLate(ben, r.ID, 20).ok(201, "or late, also by who plays")))
		anns.Command(1, add{Points: 7})
		pass(10 * time.Second)
		tick, points, notices, _ := now.saw()
		equal(t, fmt.Sprintln(tick >= 370 && tick <= 400, points, notices), "true 7 [live]\n", "it goes on as it is played")
		tick, points, _, _ = late.saw()
		equal(t, fmt.Sprintln(tick <= 200, points), "true 0\n", "and for others twenty seconds later")
		anns.Command(2, add{End: true})
		pass(40 * time.Second)
		m := w.match(guest{}, r.ID)
		for _, s := range []*screen{now, late} {
			tick, _, notices, over := s.saw()
			if over == nil || over.Reason != m.Reason || over.Standings[0].Name != "Ann" || over.Standings[0].Score != 7 {
				t.Errorf("over %+v, want the stored end", over)
			}
			equal(t, fmt.Sprintln(tick, notices), fmt.Sprintln(m.Ticks, "[live ended]"), "the last state is shown")
		}
		b := read[replayTicket](w.replay(cid, r.ID).ok(201, "the same call shows it afterwards"))
		equal(t, fmt.Sprint(b.Live, b.Ticks), fmt.Sprint(false, m.Ticks), "as one that has ended")
	})
}

func TestAPrivateMatchIsWatchedByWhoMayComeIn(t *testing.T) {
	tell(t, func(w *world) {
		ann, ben, cid := w.guest("Ann"), w.guest("Ben"), w.guest("Cid")
		r := w.open(ann, house, private)
		w.join(w.byRoom(ann, r.ID).seat("it is hers"))
		w.replay(cid, r.ID).refused(403, "private", "a stranger may not even look")
		w.call("POST", "/v1/codes/"+r.Code+"/seats", ben.Token, `{"spectate":true}`).ok(201, "the code is the way in")
		w.replay(ben, r.ID).ok(201, "who came by the code may see")
		w.replay(guest{}, r.ID).refused(401, "no-token", "a screening is somebody's")
		w.play(r.ID, ann)
		w.replay(ann, r.ID).ok(201, "who played may see it again")
		w.replay(cid, r.ID).refused(403, "not-yours", "a stranger may not")
	})
}

func TestAGameMaySayHowLateItIsShown(t *testing.T) {
	poker := small(game.Info{Name: "poker", Seats: 2, WatchDelay: 60})
	tell(t, func(w *world) {
		ann, cid := w.guest("Ann"), w.guest("Cid")
		r := w.open(ann, poker, "")
		w.join(w.byRoom(ann, r.ID).seat("it is free"))
		w.call("POST", "/v1/rooms/"+r.ID+"/seats", cid.Token, `{"spectate":true}`).refused(409, "delayed", "a room would show it at once")
		w.call("POST", "/v1/codes/"+r.Code+"/seats", cid.Token, `{"spectate":true}`).refused(409, "delayed", "whichever way")
		for asked, want := range map[int]int{0: 60, 10: 60, 90: 90} {
			a := read[replayTicket](w.replayLate(cid, r.ID, asked).ok(201, "as late as the game wants"))
			equal(t, a.Delay, want, fmt.Sprintf("%d s were asked for", asked))
		}
		s := w.comes(poker, read[replayTicket](w.replay(cid, r.ID).ok(201, "with no delay asked for")))
		pass(55 * time.Second)
		tick, _, _, _ := s.saw()
		equal(t, tick, 0, "nothing is shown before")
		pass(30 * time.Second)
		tick, _, _, _ = s.saw()
		equal(t, tick > 200 && tick <= 250, true, "and then it is")
		w.replayLate(cid, r.ID, -1).refused(422, "invalid", "nobody sees what is not played yet")
		w.replayLate(cid, r.ID, 3601).refused(422, "invalid", "that is a match that has ended")
	}, func(c *lobby.Config) { c.Catalog = append(c.Catalog, poker) })
}

func TestWhatIsNotKeptIsNotShown(t *testing.T) {
	tell(t, func(w *world) {
		ann, cid := w.guest("Ann"), w.guest("Cid")
		r := w.open(ann, chat, "")
		w.join(w.byRoom(ann, r.ID).seat("it is free"))
		w.replay(cid, r.ID).refused(410, "no-log", "a chat has no log")

		r = w.open(ann, pair, "")
		seat := w.byRoom(ann, r.ID).seat("it is free")
		w.join(seat)
		s := w.comes(pair, read[replayTicket](w.replay(cid, r.ID).ok(201, "a room that waits can be watched")))
		w.leave(ann, r.ID).ok(204, "she gives up")
		pass(2 * time.Minute)
		equal(t, s.code(), wire.CloseOver, "there never was a match, and nothing more to see")
	})
}

// TestAMatchIsFollowedNoLongerThanItIsWatched: goroutines of the lobby end, and
// who comes later begins anew.
func TestAMatchIsFollowedNoLongerThanItIsWatched(t *testing.T) {
	tell(t, func(w *world) {
		ann, cid := w.guest("Ann"), w.guest("Cid")
		r := w.open(ann, solo, "")
		w.join(w.byRoom(ann, r.ID).seat("it is free"))
		for range 3 {
			s, ok := w.ScreeningOf(read[replayTicket](w.replay(cid, r.ID).ok(201, "it is played")).Ticket)
			equal(t, ok, true, "there it is")
			m, err := s.Join(&screen{of: solo})
			if err != nil {
				t.Fatal(err)
			}
			pass(5 * time.Second)
			m.Leave()
			pass(5 * time.Second)
		}
		s := w.comes(solo, read[replayTicket](w.replay(cid, r.ID).ok(201, "it is played")))
		pass(10 * time.Second)
		tick, _, _, _ := s.saw()
		equal(t, tick > 350, true, "it is followed again")
	})
}
