package lobby_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stream reads a live list.
type stream struct {
	world  *world
	stop   context.CancelFunc
	done   chan struct{}
	header http.Header

	// Guarded by mu.
	mu     sync.Mutex
	status int
	text   strings.Builder
	closed bool // the reader has gone: writes fail
}

// follow opens a live list.
func (w *world) follow() *stream { return w.followFrom("192.0.2.1:1234") }

func (w *world) followFrom(address string) *stream {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream{world: w, stop: cancel, done: make(chan struct{}), header: http.Header{}}
	r := request("GET", "/v1/rooms/events", "", "").WithContext(ctx)
	r.RemoteAddr = address
	go func() {
		defer close(s.done)
		w.handler.ServeHTTP(s, r)
	}()
	pass(time.Second)
	return s
}

func (s *stream) Header() http.Header { return s.header }
func (s *stream) WriteHeader(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = code
}
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, http.ErrHandlerTimeout
	}
	return s.text.Write(b)
}
func (s *stream) Flush()                           {}
func (s *stream) SetWriteDeadline(time.Time) error { return nil }
func (s *stream) SetReadDeadline(time.Time) error  { return nil }

// event is one thing that a live list said: of a room, or a beat.
type event struct {
	name string
	room roomEntry
}

// news are the events since the last call.
func (s *stream) news() []event {
	s.world.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text.String()
	s.text.Reset()
	var all []event
	for block := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n\n") {
		var e event
		for line := range strings.SplitSeq(block, "\n") {
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				if err := json.Unmarshal([]byte(data), &e.room); err != nil {
					s.world.Errorf("%q: %v", block, err)
				}
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				e.name = name
			}
		}
		if e.name != "" {
			all = append(all, e)
		}
	}
	return all
}

// about counts the events by name and room, without the beats.
func about(news []event) map[string]int {
	count := map[string]int{}
	for _, e := range news {
		if e.name != "beat" {
			count[e.name+" "+e.room.ID]++
		}
	}
	return count
}

func (s *stream) ended() bool {
	synctest.Wait()
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

func TestALiveListBeginsWithAllRoomsAndGoesOn(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		one, two := w.open(ann, pair, ""), w.open(ann, trio, "")
		secret, unlisted := w.open(ann, pair, private), w.open(ann, hidden, "")
		s := w.follow()
		defer s.stop()
		equal(t, s.header.Get("Content-Type"), "text/event-stream", "it is a stream of events")
		equal(t, s.header.Get("Cache-Control"), "no-store", "nobody keeps a list that changes")
		equal(t, fmt.Sprint(about(s.news())), fmt.Sprint(map[string]int{"room " + one.ID: 1, "room " + two.ID: 1}), "first all public rooms")

		three := w.open(ann, house, "")
		w.byRoom(ann, two.ID).seat("free")
		w.byRoom(ann, secret.ID).seat("free")
		w.byRoom(ann, unlisted.ID).seat("free")
		pass(time.Second)
		news := s.news()
		equal(t, fmt.Sprint(about(news)), fmt.Sprint(map[string]int{"room " + two.ID: 1, "room " + three.ID: 1}), "then what changed, and nothing of what is not listed")
		for _, e := range news {
			if e.room.ID == two.ID {
				equal(t, e.room.Free, 2, "as the room is now")
				equal(t, e.room.Players[0].Name, "Ann", "as the room is now")
			}
		}

		pass(time.Minute)
		count := about(s.news())
		for _, r := range []roomEntry{one, two, three} {
			equal(t, count["gone "+r.ID], 1, "a room that closed is gone, and that is said once")
		}
		equal(t, count["gone "+secret.ID]+count["gone "+unlisted.ID], 0, "who never saw a room is not told that it closed")
	})
}

// TestALiveListGathersChanges of a room that changes faster than one can read.
func TestALiveListGathersChanges(t *testing.T) {
	tell(t, func(w *world) {
		ann := w.guest("Ann")
		r := w.open(ann, house, "")
		s := w.follow()
		defer s.stop()
		s.news()
		for range 50 {
			w.byRoom(ann, r.ID).seat("free")
			w.leave(ann, r.ID).ok(204, "left")
			pass(20 * time.Millisecond)
		}
		pass(time.Second)
		if told := about(s.news())["room "+r.ID]; told < 2 || told > 6 {
			t.Errorf("told %d times of 100 changes in a second, want about 4", told)
		}
	})
}

func TestAQuietLiveListBeats(t *testing.T) {
	tell(t, func(w *world) {
		s := w.follow()
		defer s.stop()
		equal(t, len(s.news()), 1, "a beat at once: the head goes out even when there are no rooms")
		pass(time.Minute)
		equal(t, len(s.news()), 4, "and one each 15 s, so that nobody takes it for dead")
	})
}

func TestALiveListEndsWithItsReader(t *testing.T) {
	tell(t, func(w *world) {
		s, slow := w.follow(), w.follow()
		s.stop()
		equal(t, s.ended(), true, "a reader that goes ends its stream")
		slow.mu.Lock()
		slow.closed = true
		slow.mu.Unlock()
		equal(t, slow.ended(), false, "nothing was to be said yet")
		pass(16 * time.Second)
		equal(t, slow.ended(), true, "a reader that takes nothing is dropped at the next word")
	})
}

func TestALiveListEndsWithTheLobby(t *testing.T) {
	tell(t, func(w *world) {
		s := w.follow()
		w.Drain()
		pass(time.Second)
		equal(t, s.ended(), false, "rooms still change while the server drains")
		w.call("GET", "/v1/rooms/events", "", "").refused(503, "draining", "who comes now should go elsewhere")
		w.close("nothing is open")
		equal(t, s.ended(), true, "the end of the lobby ends the stream")
	})
}

// TestLiveListsHaveABound by address: one may not take them all.
func TestLiveListsHaveABound(t *testing.T) {
	tell(t, func(w *world) {
		var all []*stream
		for range 200 {
			s := w.follow()
			defer s.stop()
			all = append(all, s)
		}
		w.call("GET", "/v1/rooms/events", "", "").refused(503, "busy", "one address has enough")
		other := w.followFrom("198.51.100.7:1")
		defer other.stop()
		equal(t, other.ended(), false, "another address is another matter")
		all[0].stop()
		synctest.Wait()
		s := w.follow()
		defer s.stop()
		equal(t, s.ended(), false, "one that ended makes place")
	})
}
